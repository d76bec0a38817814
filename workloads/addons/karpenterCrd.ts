import type { Addon } from "./addon";
import { KARPENTER_VERSION } from "./karpenterVersion";
import { KEEP } from "./kubernetesObjects";

/** Karpenter's CRDs as a chart of their own, so that an upgrade upgrades them. */
export const karpenterCrd: Addon = {
  name: "karpenter-crd",
  namespace: "kube-system",
  chart: { chart: "oci://public.ecr.aws/karpenter/karpenter-crd", version: KARPENTER_VERSION },
  crds: { by: "templates" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({ additionalAnnotations: KEEP }),
};
