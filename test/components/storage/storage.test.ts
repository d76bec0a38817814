import assert from "node:assert/strict";
import { regionNames } from "../../../infra/config/names";
import { Storage } from "../../../infra/components/storage/storage";
import { MockEngine } from "../../../doubles/mocks";
import { fleet } from "../support/fleet";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const BUCKETS = ["acme-production-eu-west-1-data", "acme-production-eu-west-1-metrics"];

const run = (deletionProtection = true) =>
  MockEngine.run(
    { region: "eu-west-1" },
    () =>
      new Storage("storage", {
        names: regionNames(fleet, "eu-west-1"),
        kmsKeyArn: KEY,
        deletionProtection,
        tags: { Project: "multi-region-eks" },
      }),
  );

const ofBoth = async (type: string, deletionProtection?: boolean) => {
  const found = (await run(deletionProtection)).of(type);
  assert.equal(found.length, 2, type);
  return found;
};

describe("Storage", () => {
  it("creates the data and the metrics bucket, protected", async () => {
    const buckets = await ofBoth("aws:s3/bucket:Bucket");
    assert.deepEqual(
      buckets.map(({ inputs }): unknown => inputs.bucket),
      BUCKETS,
    );
    for (const { inputs, options } of buckets) {
      assert.equal(inputs.forceDestroy, false);
      assert.equal(options.protect, true);
    }
  });

  it("empties them on destroy only where deletion protection is off", async () => {
    for (const { inputs, options } of await ofBoth("aws:s3/bucket:Bucket", false)) {
      assert.equal(inputs.forceDestroy, true);
      assert.notEqual(options.protect, true);
    }
  });

  it("encrypts under the given key, with bucket keys", async () => {
    for (const { inputs } of await ofBoth(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    )) {
      assert.deepEqual(inputs.rules, [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY },
          bucketKeyEnabled: true,
        },
      ]);
    }
  });

  it("keeps versions, which replication and backup need", async () => {
    for (const { inputs } of await ofBoth("aws:s3/bucketVersioning:BucketVersioning")) {
      assert.deepEqual(inputs.versioningConfiguration, { status: "Enabled" });
    }
  });

  it("lets nothing be public, by policy or ACL", async () => {
    for (const { inputs } of await ofBoth(
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    )) {
      const { bucket, ...blocks } = inputs;
      assert.ok(BUCKETS.includes(String(bucket)));
      assert.deepEqual(blocks, {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    }
    for (const { inputs } of await ofBoth(
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    )) {
      assert.deepEqual(inputs.rule, { objectOwnership: "BucketOwnerEnforced" });
    }
  });

  it("denies plain HTTP and allows nobody anything", async () => {
    const policies = await ofBoth("aws:s3/bucketPolicy:BucketPolicy");
    policies.forEach(({ inputs }, index) => {
      const arn = `arn:aws:s3:::${BUCKETS[index]}`;
      const policy: unknown =
        typeof inputs.policy === "string" ? JSON.parse(inputs.policy) : inputs.policy;
      assert.deepEqual(policy, {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    });
  });

  it("clears away abandoned uploads and old versions, sooner for metrics", async () => {
    const found = await ofBoth("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    assert.deepEqual(
      found.map(({ inputs }): unknown => inputs.rules),
      [30, 7].map((noncurrentDays) => [
        {
          id: "abandoned-uploads",
          status: "Enabled",
          filter: {},
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        {
          id: "noncurrent-versions",
          status: "Enabled",
          filter: {},
          noncurrentVersionExpiration: { noncurrentDays },
          expiration: { expiredObjectDeleteMarker: true },
        },
      ]),
    );
  });

  it("answers with names, ARNs and the key", async () => {
    const mocks = await run();
    const { data, metrics, kmsKeyArn } = mocks.result;
    assert.deepEqual(
      await Promise.all(
        [data.name, data.arn, metrics.name, metrics.arn, kmsKeyArn].map((output) =>
          mocks.value(output),
        ),
      ),
      [BUCKETS[0], `arn:aws:s3:::${BUCKETS[0]}`, BUCKETS[1], `arn:aws:s3:::${BUCKETS[1]}`, KEY],
    );
  });
});
