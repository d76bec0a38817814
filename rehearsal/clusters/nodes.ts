import type { KubeObject } from "./api";

/** What an EC2 instance type brings to a node. */
interface Machine {
  type: string;
  arch: "arm64" | "amd64";
  cpu: number;
  memoryGiB: number;
  gpus: number;
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

/** Nodes of one kind in the zones of a region. */
export interface NodeGroup {
  name: string;
  instanceType: string;
  arch: Machine["arch"];
  zones: readonly string[];
  count: number;
  labels: Record<string, string>;
  taints: readonly Taint[];
}

/** Label of every node that the rehearsal makes: the group that it is of. */
export const GROUP_LABEL = "rehearsal.multi-region-eks/group";

const SIZES: Record<string, number> = { medium: 1, large: 2, xlarge: 4 };
/** GiB of memory a vCPU, by instance category (EC2, "Instance types"). */
const MEMORY: Record<string, number> = { c: 2, m: 4, r: 8, t: 4, g: 4 };
const GPUS: Record<string, number> = { "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 };

/** One of each category and processor for Karpenter's stand-in to choose from. */
const OFFERED = ["c7g", "m7g", "r7g", "c7i", "m7i", "r7i", "g6", "g5"].map((family) =>
  machine(`${family}.4xlarge`),
);

/** @throws Error for a type that is not of the form `m7g.large`. */
export function machine(type: string): Machine {
  const [, category, generation, attributes = "", size = ""] =
    /^([a-z]+)(\d+)([a-z-]*)\.(\w+)$/.exec(type) ?? [];
  const factor = /^(\d+)xlarge$/.exec(size)?.[1];
  const cpu = factor === undefined ? SIZES[size] : Number(factor) * 4;
  const perCpu = MEMORY[category ?? ""];
  if (cpu === undefined || perCpu === undefined || generation === undefined) {
    throw new Error(`the rehearsal does not know the size of ${type}`);
  }
  return {
    type,
    arch: attributes.includes("g") ? "arm64" : "amd64",
    cpu,
    memoryGiB: cpu * perCpu,
    gpus: category === "g" ? (GPUS[size] ?? 1) : 0,
  };
}

/** The nodes of a group, spread over its zones in turn, as the kubelet would register them. */
export function nodesOf(group: NodeGroup, region: string): KubeObject[] {
  const { cpu, memoryGiB, gpus } = machine(group.instanceType);
  const gpu: Record<string, string> = gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {};
  const pods = String(cpu <= 2 ? 29 : 234);
  return Array.from({ length: group.count }, (_, index) => {
    const zone = group.zones[index % group.zones.length] ?? `${region}a`;
    const name = `${group.name}-${index}`;
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        annotations: { "kwok.x-k8s.io/node": "fake" },
        labels: {
          "kubernetes.io/hostname": name,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": group.arch,
          "topology.kubernetes.io/region": region,
          "topology.kubernetes.io/zone": zone,
          "node.kubernetes.io/instance-type": group.instanceType,
          [GROUP_LABEL]: group.name,
          ...group.labels,
        },
      },
      spec: { taints: group.taints },
      status: {
        capacity: {
          cpu: String(cpu),
          memory: `${memoryGiB}Gi`,
          "ephemeral-storage": "100Gi",
          pods,
          ...gpu,
        },
        // About what EKS's AMI keeps for the kubelet and the system.
        allocatable: {
          cpu: `${cpu * 1000 - 80}m`,
          memory: `${Math.floor(memoryGiB * 1024 * 0.9)}Mi`,
          "ephemeral-storage": "90Gi",
          pods,
          ...gpu,
        },
      },
    };
  });
}

interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

interface NodePoolSpec {
  template?: {
    metadata?: { labels?: Record<string, string> };
    spec?: { requirements?: Requirement[]; taints?: Taint[] };
  };
  limits?: Record<string, string>;
}

/** Most nodes of one processor that are made for a pool, whose limits may be far off. */
const MOST_NODES = 24;

/**
 * The nodes that Karpenter could buy for a NodePool, as many as its limits allow: machines of each
 * processor that the requirements allow, of the first category that they allow, for half of it each.
 */
export function groupsOfNodePool(pool: KubeObject, zones: readonly string[]): NodeGroup[] {
  const spec = pool.spec as NodePoolSpec;
  const { name } = pool.metadata;
  const requirements = spec.template?.spec?.requirements ?? [];
  const fitting = OFFERED.filter((each) => requirements.every((one) => meets(one, each)));
  const byArch = new Map([...fitting].reverse().map((each) => [each.arch, each]));
  const capacity = requirements.find(({ key }) => key === "karpenter.sh/capacity-type");
  const { cpu = Infinity, "nvidia.com/gpu": gpus = Infinity } = spec.limits ?? {};
  return [...byArch.values()].flatMap((each) => {
    const mostByCpu = Number(cpu) / byArch.size / each.cpu;
    const mostByGpu = Number(gpus) / byArch.size / each.gpus;
    const count = Math.floor(Math.min(MOST_NODES, mostByCpu, mostByGpu));
    if (count === 0) return [];
    return {
      name: `${name}-${each.arch}`,
      instanceType: each.type,
      arch: each.arch,
      zones,
      count,
      labels: {
        "karpenter.sh/nodepool": name,
        "karpenter.sh/capacity-type": capacity?.values?.[0] ?? "on-demand",
        ...spec.template?.metadata?.labels,
      },
      taints: spec.template?.spec?.taints ?? [],
    };
  });
}

/** Whether a machine meets a requirement; one about what the rehearsal does not model counts as met. */
function meets({ key, operator, values = [] }: Requirement, { type, arch }: Machine): boolean {
  const [, category = "", generation = ""] = /^([a-z]+)(\d+)/.exec(type) ?? [];
  const facts: Record<string, string> = {
    "kubernetes.io/arch": arch,
    "node.kubernetes.io/instance-type": type,
    "karpenter.k8s.aws/instance-category": category,
    "karpenter.k8s.aws/instance-family": type.split(".")[0] ?? "",
    "karpenter.k8s.aws/instance-generation": generation,
  };
  const fact = facts[key];
  if (fact === undefined) return true;
  switch (operator) {
    case "In":
      return values.includes(fact);
    case "NotIn":
      return !values.includes(fact);
    case "Gt":
      return Number(fact) > Number(values[0]);
    case "Lt":
      return Number(fact) < Number(values[0]);
    default:
      return true;
  }
}
