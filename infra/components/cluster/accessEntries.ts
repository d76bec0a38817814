import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../../config/fleet";
import { OperatorError, throwAll, type OperatorErrorArgs } from "../../config/errors";

export type Operator = Fleet["operators"][number];

/** EKS user guide, "Review access policy permissions". */
const ACCESS_POLICIES = {
  admin: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
  view: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
} as const;

/**
 * An access entry per operator role, over the whole cluster, keyed so that list order does not matter.
 * Where the caller is known, the entries' values wait for {@link checkOperators}, and the cluster for
 * them: nothing of it is registered when a role is refused.
 */
export function accessEntries(
  operators: readonly Operator[],
  tags: Record<string, string>,
  callerArn?: pulumi.Input<string>,
): NonNullable<eks.ClusterArgs["accessEntries"]> {
  const principal = (roleArn: string): pulumi.Input<string> =>
    callerArn === undefined ? roleArn : checkedRole(operators, roleArn, callerArn);
  return Object.fromEntries(
    operators.map(({ roleArn, access }) => [
      entryKey(roleArn),
      {
        principalArn: principal(roleArn),
        accessPolicies: {
          [access]: { policyArn: ACCESS_POLICIES[access], accessScope: { type: "cluster" } },
        },
        tags,
      },
    ]),
  );
}

function checkedRole(
  operators: readonly Operator[],
  roleArn: string,
  callerArn: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.output(callerArn).apply((caller) => {
    checkOperators(operators, caller);
    return roleArn;
  });
}

/**
 * Refuses operators whose access entry EKS would refuse with 409: a role that stands twice, and the
 * role that runs this program, which is the cluster's admin already (pulumi-eks#2373).
 *
 * @param callerArn who runs the program, as STS says it; an assumed role is compared by its role's name.
 * @throws OperatorError
 */
export function checkOperators(operators: readonly Operator[], callerArn?: string): void {
  const caller = callerArn === undefined ? undefined : roleName(callerArn);
  const problems = operators.flatMap(({ roleArn }, index): OperatorErrorArgs[] => {
    const key = `fleet operators[${index}].roleArn`;
    if (operators.findIndex((other) => other.roleArn === roleArn) < index) {
      return [
        {
          key,
          value: roleArn,
          rule: "a role gets one EKS access entry",
          fix: "drop one of the two lines; `admin` includes `view`",
        },
      ];
    }
    if (caller !== undefined && roleName(roleArn) === caller) {
      return [
        {
          key,
          value: roleArn,
          rule: "the role that creates a cluster is its admin already, and EKS refuses a second entry",
          fix: "drop it from operators, or run Pulumi by another role",
        },
      ];
    }
    return [];
  });
  throwAll(problems);
}

/**
 * Refuses an API endpoint that is open to the whole internet.
 *
 * @throws OperatorError
 */
export function checkApiCidrs(cidrs: readonly string[]): void {
  const open = cidrs.find((cidr) => cidr.endsWith("/0"));
  if (open === undefined) return;
  throw new OperatorError({
    key: "fleet apiAllowedCidrs",
    value: open,
    rule: "the EKS API endpoint is never open to the whole internet",
    fix: "list the CIDRs of the operators' VPN and the CI runners",
  });
}

/** `<account>-<role>`: unique, and free of what a Pulumi name may not hold. */
function entryKey(roleArn: string): string {
  return `${account(roleArn)}-${pathOf(roleArn).at(-1) ?? roleArn}`;
}

/** `<account>/<role>` of an IAM role or of a session that assumed it; STS leaves the role's path out. */
function roleName(arn: string): string {
  const path = pathOf(arn);
  const name = arn.includes(":assumed-role/") ? path[1] : path.at(-1);
  return `${account(arn)}/${name ?? arn}`;
}

function account(arn: string): string {
  return arn.split(":")[4] ?? "";
}

function pathOf(arn: string): string[] {
  return (arn.split(":")[5] ?? "").split("/");
}
