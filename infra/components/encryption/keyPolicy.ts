import * as pulumi from "@pulumi/pulumi";

/** Principal of an AWS service, such as `logs.eu-west-1.amazonaws.com`. */
export type ServicePrincipal = `${string}.amazonaws.com`;

/** CloudWatch Logs' regional principal; it names the log group in the encryption context. */
const LOGS_PRINCIPAL = /^logs\.(?<region>[a-z0-9-]+)\.amazonaws\.com$/;

/**
 * A key policy: the account's IAM policies decide who administers and uses the key, and each named
 * service may use it for resources of this account only. `Resource: "*"` in a key policy means the key
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
        Effect: "Allow",
        Principal: { Service: service },
        Action: [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:DescribeKey",
        ],
        Resource: "*",
        Condition: onlyForAccount(service, accountId),
      })),
    ],
  });
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
