import * as pulumi from "@pulumi/pulumi";

type Values = pulumi.Input<string> | pulumi.Input<string>[];

/** Operator, condition key, value: `{ StringEquals: { "aws:SourceAccount": id } }`. */
export type PolicyCondition = Record<string, Record<string, Values>>;

/** A statement of an IAM identity policy, in IAM's own spelling. */
export interface PolicyStatement {
  /** Letters and digits only, unique in its policy. */
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: Values;
  Condition?: PolicyCondition;
}

/** An identity policy as IAM takes it. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** Who may assume a role: one AWS service, and only under the condition, so that it is no confused deputy. */
export interface ServiceTrust {
  service: `${string}.amazonaws.com`;
  /** `sts:AssumeRole` unless the service needs more. */
  actions?: string[];
  condition?: PolicyCondition;
}

/** The trust policy of a role that an AWS service assumes. */
export function trustPolicy({
  service,
  actions = ["sts:AssumeRole"],
  condition,
}: ServiceTrust): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: actions,
        ...(condition && { Condition: condition }),
      },
    ],
  });
}
