import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../../infra/components/identity/policy";
import type { AddonContext } from "./addon";

/**
 * What a part of Thanos does with blocks: the store gateway reads them, the sidecar and the compactor
 * write and delete as well (Thanos, "Object storage", AWS policies).
 */
export function metricsBucketPolicy(
  { metricsBucket, storageKeyArn, region }: AddonContext,
  use: "read" | "read-write",
): PolicyStatement[] {
  const writes = use === "read-write";
  return [
    {
      Sid: "ListBlocks",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [metricsBucket.arn],
    },
    {
      Sid: writes ? "ReadWriteBlocks" : "ReadBlocks",
      Effect: "Allow",
      Action: writes ? ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] : ["s3:GetObject"],
      Resource: [pulumi.interpolate`${metricsBucket.arn}/*`],
    },
    {
      Sid: "UseBucketKey",
      Effect: "Allow",
      Action: writes ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
      Resource: [storageKeyArn],
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
  ];
}
