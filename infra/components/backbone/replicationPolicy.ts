import type * as aws from "@pulumi/aws";

/** A bucket that takes part in replication, and the key that its objects are encrypted with. */
export interface ReplicatedBucket {
  region: string;
  name: string;
  arn: string;
  kmsKeyArn: string;
}

/** S3 assumes the replication role. */
export const REPLICATION_TRUST: aws.iam.PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  ],
};

/**
 * What S3 needs to copy one bucket's objects to its peers: read here, write replicas there, each key
 * only through S3 in the key's own region.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export function replicationPolicy(
  source: ReplicatedBucket,
  destinations: readonly ReplicatedBucket[],
): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadSourceConfiguration",
        Effect: "Allow",
        Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        Resource: source.arn,
      },
      {
        Sid: "ReadSourceObjects",
        Effect: "Allow",
        Action: [
          "s3:GetObjectVersionForReplication",
          "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionTagging",
        ],
        Resource: `${source.arn}/*`,
      },
      {
        Sid: "WriteReplicas",
        Effect: "Allow",
        Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
        Resource: destinations.map(({ arn }) => `${arn}/*`),
      },
      { Sid: "DecryptSource", ...throughS3(source, ["kms:Decrypt"]) },
      ...destinations.map((destination) => ({
        Sid: `EncryptIn${destination.region.replaceAll("-", "")}`,
        // GenerateDataKey: with S3 Bucket Keys the replica's key is made from the bucket's.
        ...throughS3(destination, ["kms:Encrypt", "kms:GenerateDataKey"]),
      })),
    ],
  };
}

function throughS3(
  { region, kmsKeyArn }: ReplicatedBucket,
  actions: string[],
): aws.iam.PolicyStatement {
  return {
    Effect: "Allow",
    Action: actions,
    Resource: kmsKeyArn,
    Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
  };
}
