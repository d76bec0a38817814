import type { Addon } from "./addon";
import { KUBERAY_VERSION } from "./kuberayVersion";
import { onSystemNodes } from "./placement";

/** Makes Ray clusters of the RayClusters that services declare. */
export const kuberayOperator: Addon = {
  name: "kuberay-operator",
  namespace: { name: "kuberay-operator", podSecurity: "restricted" },
  chart: {
    chart: "kuberay-operator",
    version: KUBERAY_VERSION,
    repository: "https://ray-project.github.io/kuberay-helm/",
  },
  crds: { by: "addon", addon: "kuberay-operator-crds" },
  dependsOn: ["kuberay-operator-crds"],
  values: () => ({
    replicas: 2,
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    ...onSystemNodes(),
  }),
};
