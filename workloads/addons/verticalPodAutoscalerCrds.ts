import type { Addon } from "./addon";

/** CRDs of the autoscaler's chart, kept in the checkout at the same version (CONTRIBUTING, "Raise a version"). */
export const verticalPodAutoscalerCrds: Addon = {
  name: "vertical-pod-autoscaler-crds",
  namespace: "kube-system",
  chart: { path: "./workloads/charts/crds/vertical-pod-autoscaler" },
  crds: { by: "templates" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({}),
};
