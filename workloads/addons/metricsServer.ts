import type { Addon } from "./addon";
import { onSystemNodes } from "./placement";

/** CPU and memory of pods, which the HorizontalPodAutoscalers of the services scale on. */
export const metricsServer: Addon = {
  name: "metrics-server",
  namespace: "kube-system",
  chart: {
    chart: "metrics-server",
    version: "3.13.1",
    repository: "https://kubernetes-sigs.github.io/metrics-server/",
  },
  crds: { by: "none" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({
    replicas: 2,
    podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
    resources: { requests: { cpu: "100m", memory: "200Mi" }, limits: { memory: "400Mi" } },
    ...onSystemNodes(),
  }),
};
