import type { Addon } from "./addon";

/** CRDs of the controller's chart, kept in the checkout at the same version (CONTRIBUTING, "Raise a version"). */
export const awsLoadBalancerControllerCrds: Addon = {
  name: "aws-load-balancer-controller-crds",
  namespace: "kube-system",
  chart: { path: "./workloads/charts/crds/aws-load-balancer-controller" },
  crds: { by: "templates" },
  dependsOn: [],
  values: () => ({}),
};
