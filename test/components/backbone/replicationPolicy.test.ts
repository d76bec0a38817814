import * as assert from "node:assert/strict";
import {
  REPLICATION_TRUST,
  replicationPolicy,
  type ReplicatedBucket,
} from "../../../infra/components/backbone/replicationPolicy";

const bucket = (region: string): ReplicatedBucket => ({
  region,
  name: `data-${region}`,
  arn: `arn:aws:s3:::data-${region}`,
  kmsKeyArn: `arn:aws:kms:${region}:111122223333:key/storage`,
});

describe("replicationPolicy", () => {
  it("is assumed by S3 alone", () => {
    assert.deepEqual(REPLICATION_TRUST.Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]);
  });

  it("reads the source, writes the peers, and uses each key through S3 in its region only", () => {
    const policy = replicationPolicy(bucket("eu-west-1"), [
      bucket("ap-southeast-1"),
      bucket("us-east-1"),
    ]);

    assert.deepEqual(policy.Statement, [
      {
        Sid: "ReadSourceConfiguration",
        Effect: "Allow",
        Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        Resource: "arn:aws:s3:::data-eu-west-1",
      },
      {
        Sid: "ReadSourceObjects",
        Effect: "Allow",
        Action: [
          "s3:GetObjectVersionForReplication",
          "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionTagging",
        ],
        Resource: "arn:aws:s3:::data-eu-west-1/*",
      },
      {
        Sid: "WriteReplicas",
        Effect: "Allow",
        Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
        Resource: ["arn:aws:s3:::data-ap-southeast-1/*", "arn:aws:s3:::data-us-east-1/*"],
      },
      {
        Sid: "DecryptSource",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: "arn:aws:kms:eu-west-1:111122223333:key/storage",
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      },
      {
        Sid: "EncryptInapsoutheast1",
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:GenerateDataKey"],
        Resource: "arn:aws:kms:ap-southeast-1:111122223333:key/storage",
        Condition: { StringEquals: { "kms:ViaService": "s3.ap-southeast-1.amazonaws.com" } },
      },
      {
        Sid: "EncryptInuseast1",
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:GenerateDataKey"],
        Resource: "arn:aws:kms:us-east-1:111122223333:key/storage",
        Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      },
    ]);
  });

  it("names no wildcard action and no wildcard resource", () => {
    const text = JSON.stringify(replicationPolicy(bucket("eu-west-1"), [bucket("us-east-1")]));
    assert.doesNotMatch(text, /"[a-z0-9]+:\*"|"\*"/);
  });
});
