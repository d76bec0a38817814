import type { Addon } from "./addon";
import { KUBERAY_VERSION } from "./kuberayVersion";
import { onSystemNodes } from "./placement";

/** Where the operator's release keeps the files of its chart's `crds/`. */
const CRDS = `https://raw.githubusercontent.com/ray-project/kuberay/v${KUBERAY_VERSION}/helm-chart/kuberay-operator/crds`;

/**
 * KubeRay's CRDs are 4 MB of YAML, too much to keep in the checkout: a job applies the tagged release's
 * own files, server-side, at every change of version.
 */
export const kuberayOperatorCrds: Addon = {
  name: "kuberay-operator-crds",
  namespace: { name: "kuberay-operator", podSecurity: "restricted" },
  chart: { path: "./workloads/charts/crd-apply" },
  crds: { by: "job" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({
    crds: Object.fromEntries(
      ["rayclusters", "raycronjobs", "rayjobs", "rayservices"].map((kind) => [
        `${kind}.ray.io`,
        `${CRDS}/ray.io_${kind}.yaml`,
      ]),
    ),
    ...onSystemNodes(),
  }),
};
