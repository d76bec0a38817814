import type { AddonContext, AddonObject } from "../addon";
import { FOREGROUND_DELETION, waitFor } from "../kubernetesObjects";

/** Names of the pools; Karpenter labels each node with its pool's, which the services select by. */
export type NodePoolName = "general" | "media" | "gpu";

interface NodePool {
  name: NodePoolName;
  /** Root volume in GiB: images and the pods' ephemeral storage. */
  volumeGiB: number;
  /** EC2 instance categories, or families, to choose from. */
  requirements: readonly Requirement[];
  taint?: { key: string; value: string };
  /** `WhenEmpty` never moves a running pod. */
  consolidation: "WhenEmpty" | "WhenEmptyOrUnderutilized";
  consolidateAfter: string;
}

interface Requirement {
  key: string;
  operator: "In" | "Gt";
  values: string[];
}

const isIn = (key: string, ...values: string[]): Requirement => ({ key, operator: "In", values });

/** Current generations only (Karpenter, "Instance types"); 6 and later have Graviton beside x86. */
const RECENT: Requirement = {
  key: "karpenter.k8s.aws/instance-generation",
  operator: "Gt",
  values: ["5"],
};

const NODE_POOLS: readonly NodePool[] = [
  {
    name: "general",
    volumeGiB: 100,
    requirements: [
      isIn("kubernetes.io/arch", "arm64", "amd64"),
      isIn("karpenter.k8s.aws/instance-category", "c", "m", "r"),
      RECENT,
    ],
    consolidation: "WhenEmptyOrUnderutilized",
    consolidateAfter: "2m",
  },
  {
    name: "media",
    volumeGiB: 200,
    requirements: [
      isIn("kubernetes.io/arch", "arm64", "amd64"),
      isIn("karpenter.k8s.aws/instance-category", "c", "m"),
      RECENT,
    ],
    taint: { key: "workload", value: "media-processing" },
    // A conversion may run for minutes: pods are moved after a long lull only.
    consolidation: "WhenEmptyOrUnderutilized",
    consolidateAfter: "15m",
  },
  {
    name: "gpu",
    volumeGiB: 200,
    requirements: [
      // NVIDIA A10G and L4, in x86 machines only.
      isIn("kubernetes.io/arch", "amd64"),
      isIn("karpenter.k8s.aws/instance-family", "g5", "g6"),
    ],
    // Only pods that ask for a GPU tolerate it, so that the pool scales from zero and back.
    taint: { key: "nvidia.com/gpu", value: "true" },
    consolidation: "WhenEmpty",
    consolidateAfter: "5m",
  },
];

/**
 * An EC2NodeClass and a NodePool of each kind. The classes come first and go last: a class waits until
 * its nodes are gone.
 */
export function nodePoolObjects(context: AddonContext): AddonObject[] {
  return [
    ...NODE_POOLS.map((pool) => nodeClass(pool, context)),
    ...NODE_POOLS.map((pool) => nodePool(pool, context)),
  ];
}

function nodeClass({ name, volumeGiB }: NodePool, context: AddonContext): AddonObject {
  const { names, nodeRole, clusterSecurityGroupId, tags } = context;
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name, annotations: waitFor("condition=Ready") },
    spec: {
      role: nodeRole.name,
      // Amazon Linux 2023 for the cluster's version, with NVIDIA's drivers on GPU machines. Patches reach
      // nodes as drift, within the pools' disruption budgets.
      amiSelectorTerms: [{ alias: "al2023@latest" }],
      subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": names.cluster } }],
      securityGroupSelectorTerms: [{ id: clusterSecurityGroupId }],
      // As the system nodes' (infra/components/cluster/systemNodes.ts).
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: `${volumeGiB}Gi`,
            encrypted: true,
            deleteOnTermination: true,
          },
        },
      ],
      tags: { ...tags, Name: `${names.prefix}-${name}` },
    },
  };
}

function nodePool(pool: NodePool, { profile, capacity }: AddonContext): AddonObject {
  const { name, requirements, taint, consolidation, consolidateAfter } = pool;
  const { capacityTypes, limits } = profile.nodePools;
  const scale = (amount: number): number => Math.ceil(amount * capacity);
  const { cpu, memoryGiB, gpu } = limits[name];
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name, annotations: { ...waitFor("condition=Ready"), ...FOREGROUND_DELETION } },
    spec: {
      template: {
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name },
          requirements: [
            isIn("kubernetes.io/os", "linux"),
            isIn("karpenter.sh/capacity-type", ...capacityTypes),
            ...requirements,
          ],
          ...(taint && { taints: [{ ...taint, effect: "NoSchedule" }] }),
          // Nodes are replaced once a month, and a drain that pods block ends after an hour.
          expireAfter: "720h",
          terminationGracePeriod: "1h",
        },
      },
      limits: {
        cpu: String(scale(cpu)),
        memory: `${scale(memoryGiB)}Gi`,
        ...(gpu !== undefined && { "nvidia.com/gpu": String(scale(gpu)) }),
      },
      disruption: {
        consolidationPolicy: consolidation,
        consolidateAfter,
        budgets: [{ nodes: "10%" }],
      },
    },
  };
}
