import { OperatorError } from "../../config/errors";

export type NodeArchitecture = "arm64" | "amd64";

/** AMI types of Amazon Linux 2023 in the EKS API, by processor (EKS API reference, `Nodegroup.amiType`). */
export const AMI_TYPES = {
  arm64: "AL2023_ARM_64_STANDARD",
  amd64: "AL2023_x86_64_STANDARD",
} as const satisfies Record<NodeArchitecture, string>;

/**
 * The processor that a node group's instance types share.
 *
 * @throws OperatorError when a type has no known shape, or Graviton and x86 types are mixed: a node
 * group has one AMI.
 */
export function architectureOf(instanceTypes: readonly string[]): NodeArchitecture {
  const architectures = new Set(instanceTypes.map(architectureOfType));
  const [architecture, other] = architectures;
  if (architecture !== undefined && other === undefined) return architecture;
  throw new OperatorError({
    key: KEY,
    value: instanceTypes,
    rule: "the instance types of a node group share one processor architecture",
    fix: "name Graviton types only (m7g, t4g) or x86 types only (m7i, t3)",
  });
}

const KEY = "cluster.systemNodes.instanceTypes";

/** Series, generation, options, size: `m7g.large`, `c7gn.xlarge`, `m6i.2xlarge`. */
const INSTANCE_TYPE = /^(?<series>[a-z]+)(?<generation>\d+)(?<options>[a-z]*)\.[a-z0-9-]+$/;

/**
 * A `g` among the options says Graviton (EC2 guide, "Instance type naming conventions"); a1, the first
 * generation, says it by its series.
 */
function architectureOfType(instanceType: string): NodeArchitecture {
  const parts = INSTANCE_TYPE.exec(instanceType)?.groups;
  if (parts === undefined) {
    throw new OperatorError({
      key: KEY,
      value: instanceType,
      rule: "an EC2 instance type is written <series><generation><options>.<size>",
      fix: "name a general-purpose type such as m7g.large",
    });
  }
  const graviton = parts["series"] === "a" || (parts["options"] ?? "").includes("g");
  return graviton ? "arm64" : "amd64";
}
