import type { Addon } from "./addon";
import { nodePoolObjects } from "./karpenter/nodePools";
import { controllerPolicy, interruptionQueueOf } from "./karpenter/policy";
import { KARPENTER_VERSION } from "./karpenterVersion";
import { onSystemNodes } from "./placement";

const SERVICE_ACCOUNT = "karpenter";

/** Brings nodes when pods wait and takes them away when they are idle; the pools are in `karpenter/`. */
export const karpenter: Addon = {
  name: "karpenter",
  namespace: "kube-system",
  chart: { chart: "oci://public.ecr.aws/karpenter/karpenter", version: KARPENTER_VERSION },
  crds: { by: "addon", addon: "karpenter-crd" },
  dependsOn: ["karpenter-crd"],
  values: (context) => ({
    serviceAccount: { name: SERVICE_ACCOUNT },
    settings: {
      clusterName: context.names.cluster,
      interruptionQueue: interruptionQueueOf(context).name,
      eksControlPlane: true,
    },
    // A guaranteed share: while it is throttled or killed no node comes.
    controller: {
      resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "1Gi" } },
    },
    ...onSystemNodes(),
  }),
  identity: (context) => ({
    serviceAccount: SERVICE_ACCOUNT,
    statements: controllerPolicy(context),
  }),
  objects: nodePoolObjects,
};
