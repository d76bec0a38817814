import type { Addon } from "./addon";

const GPU_POOL = { "karpenter.sh/nodepool": "gpu" };

/** Tells Kubernetes of the GPUs on the nodes of the gpu pool; Amazon's image brings the drivers. */
export const nvidiaDevicePlugin: Addon = {
  name: "nvidia-device-plugin",
  // It mounts the kubelet's plugin folder, which no Pod Security level but privileged lets through.
  namespace: "kube-system",
  chart: {
    chart: "nvidia-device-plugin",
    version: "0.20.0",
    repository: "https://nvidia.github.io/k8s-device-plugin",
  },
  // Node feature discovery, which has some, is left out: the pool's label says where GPUs are.
  crds: { by: "none" },
  dependsOn: ["karpenter"],
  values: () => ({
    gfd: { enabled: false },
    nodeSelector: GPU_POOL,
    // In place of the chart's, which asks for labels of node feature discovery.
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: Object.entries(GPU_POOL).map(([key, value]) => ({
                key,
                operator: "In",
                values: [value],
              })),
            },
          ],
        },
      },
    },
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  }),
};
