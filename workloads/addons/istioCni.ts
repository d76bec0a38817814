import type { Addon } from "./addon";
import { ISTIO_REPOSITORY, ISTIO_VERSION } from "./istioVersion";

/**
 * Sets up the network of meshed pods from the node, so that no pod needs an init container with NET_ADMIN
 * and ours pass the restricted Pod Security Standard (Istio, "Install the Istio CNI node agent").
 * It works on files of the node, hence a namespace without a Pod Security level.
 */
export const istioCni: Addon = {
  name: "istio-cni",
  namespace: "kube-system",
  chart: { chart: "cni", version: ISTIO_VERSION, repository: ISTIO_REPOSITORY },
  crds: { by: "none" },
  dependsOn: ["istio-base"],
  values: () => ({
    // A pod that comes to a new node before the agent does is mended in place, not deleted.
    repair: { enabled: true, repairPods: true, deletePods: false },
    seccompProfile: { type: "RuntimeDefault" },
    resources: { requests: { cpu: "25m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  }),
};
