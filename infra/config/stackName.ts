import { OperatorError } from "./errors";

/** The environments, in the order in which a change travels. */
export const ENVIRONMENTS = ["development", "staging", "production"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What a stack's name says about it. */
export type StackIdentity =
  | { environment: Environment; kind: "regional"; region: string }
  | { environment: Environment; kind: "global" }
  | { environment: Environment; kind: "backbone" };

export type StackKind = StackIdentity["kind"];

/** Shape of an AWS region's code, such as `eu-west-1` or `us-gov-west-1`. */
export const REGION_PATTERN = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/** Shape of an availability zone's name, such as `eu-west-1a`. */
export const ZONE_PATTERN = /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/;

/**
 * Production's stacks carry the bare name (`us-east-1`, `global`, `backbone`); another environment's
 * carry its name as a prefix (`staging-us-east-1`).
 *
 * @throws OperatorError when the name is none of these.
 */
export function parseStackName(stack: string): StackIdentity {
  const prefix = ENVIRONMENTS.find((env) => env !== "production" && stack.startsWith(`${env}-`));
  const environment = prefix ?? "production";
  const rest = prefix === undefined ? stack : stack.slice(prefix.length + 1);
  if (rest === "global" || rest === "backbone") return { environment, kind: rest };
  if (REGION_PATTERN.test(rest)) return { environment, kind: "regional", region: rest };
  throw new OperatorError({
    key: "stack name",
    value: stack,
    rule: "a stack is named <region>, global or backbone, with development- or staging- before it outside production",
    fix: "select a stack such as us-east-1, global or staging-us-east-1 (`pulumi stack ls` lists them)",
  });
}

/** The stack name of an identity; the inverse of {@link parseStackName}. */
export function stackName(identity: StackIdentity): string {
  const bare = identity.kind === "regional" ? identity.region : identity.kind;
  return identity.environment === "production" ? bare : `${identity.environment}-${bare}`;
}
