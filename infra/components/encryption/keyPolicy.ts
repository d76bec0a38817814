import * as pulumi from "@pulumi/pulumi";

/** Principal of an AWS service, such as `logs.eu-west-1.amazonaws.com`. */
export type ServicePrincipal = `${string}.amazonaws.com`;

/** CloudWatch Logs' regional principal; it names the log group in the encryption context. */
const LOGS_PRINCIPAL = /^logs\.(?<region>[a-z0-9-]+)\.amazonaws\.com$/;

/** Alarms that publish to an encrypted topic; see {@link serviceStatement}. */
const ALARMS_PRINCIPAL = "cloudwatch.amazonaws.com";

/**
 * A key policy: the account's IAM policies decide who administers and uses the key, and each named
 * service may use it, all but alarms for resources of this account only. `Resource: "*"` in a key policy means the key
 * itself (KMS developer guide, "Key policies").
 */
export function keyPolicy(
  accountId: pulumi.Input<string>,
  services: readonly ServicePrincipal[],
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountDecidesByIam",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      ...services.map((service, index) => ({
        Sid: `Service${index + 1}`,
        ...serviceStatement(service, accountId),
      })),
    ],
  });
}

/**
 * CloudWatch alarms get what they need to publish, with no condition, as AWS writes it: no condition is
 * documented for them, and where one does not hold an alarm is lost without a word. Who may publish to
 * the topic is the topic's policy.
 */
function serviceStatement(service: ServicePrincipal, accountId: pulumi.Input<string>): object {
  const allow = { Effect: "Allow", Principal: { Service: service } };
  if (service === ALARMS_PRINCIPAL) {
    return { ...allow, Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" };
  }
  return {
    ...allow,
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncrypt*",
      "kms:GenerateDataKey*",
      "kms:DescribeKey",
    ],
    Resource: "*",
    Condition: onlyForAccount(service, accountId),
  };
}

/**
 * CloudWatch Logs is told apart by the log group's ARN in the encryption context (CloudWatch Logs guide,
 * "Encrypt log data using KMS"); every other service sends `aws:SourceAccount`.
 */
function onlyForAccount(service: ServicePrincipal, accountId: pulumi.Input<string>): object {
  const region = LOGS_PRINCIPAL.exec(service)?.groups?.["region"];
  if (region === undefined) return { StringEquals: { "aws:SourceAccount": accountId } };
  return {
    ArnLike: {
      "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:*`,
    },
  };
}
