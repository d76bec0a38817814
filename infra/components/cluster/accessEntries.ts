import type * as eks from "@pulumi/eks";
import type { Fleet } from "../../config/fleet";

export type Operator = Fleet["operators"][number];

/** EKS user guide, "Review access policy permissions". */
const ACCESS_POLICIES = {
  admin: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
  view: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
} as const;

/** An access entry per operator role, over the whole cluster, keyed so that list order does not matter. */
export function accessEntries(
  operators: readonly Operator[],
  tags: Record<string, string>,
): NonNullable<eks.ClusterArgs["accessEntries"]> {
  return Object.fromEntries(
    operators.map(({ roleArn, access }) => [
      entryKey(roleArn),
      {
        principalArn: roleArn,
        accessPolicies: {
          [access]: { policyArn: ACCESS_POLICIES[access], accessScope: { type: "cluster" } },
        },
        tags,
      },
    ]),
  );
}

/** `<account>-<role>`: unique, and free of what a Pulumi name may not hold. */
function entryKey(roleArn: string): string {
  const [, , , , account = "", path = ""] = roleArn.split(":");
  return `${account}-${path.split("/").at(-1) ?? path}`;
}
