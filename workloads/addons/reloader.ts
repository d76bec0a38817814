import { SERVICES_NAMESPACE } from "../catalogue";
import type { Addon } from "./addon";
import { RESTRICTED_CONTAINER } from "./kubernetesObjects";
import { onSystemNodes } from "./placement";

/** Restarts pods whose Secrets change; changed settings roll out with their release. */
export const reloader: Addon = {
  name: "reloader",
  namespace: { name: "reloader", podSecurity: "restricted" },
  chart: {
    chart: "reloader",
    version: "2.2.16",
    repository: "https://stakater.github.io/stakater-charts",
  },
  crds: { by: "none" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({
    reloader: {
      ignoreConfigMaps: true,
      namespaceSelector: `kubernetes.io/metadata.name=${SERVICES_NAMESPACE}`,
      // Environment variables of its own would look like drift to Argo CD.
      reloadStrategy: "annotations",
      enableHA: true,
      readOnlyRootFileSystem: true,
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      deployment: {
        replicas: 2,
        containerSecurityContext: RESTRICTED_CONTAINER,
        resources: { requests: { cpu: "25m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        ...onSystemNodes(),
      },
    },
  }),
};
