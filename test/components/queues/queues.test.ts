import assert from "node:assert/strict";
import { Queues } from "../../../infra/components/queues/queues";
import { MockEngine } from "../../../doubles/mocks";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const QUEUE = "aws:sqs/queue:Queue";

const run = () =>
  MockEngine.run(
    { region: "eu-west-1" },
    () =>
      new Queues("queues", {
        specs: {
          "data-export": { visibilityTimeoutSeconds: 3600, maxReceives: 5 },
          outbox: { visibilityTimeoutSeconds: 60, maxReceives: 3 },
        },
        nameOf: (service) => `production-eu-west-1-${service}`,
        kmsKeyArn: KEY,
        tags: { Project: "multi-region-eks" },
      }),
  );

describe("Queues", () => {
  it("creates each queue with long polling, encryption and its own visibility timeout", async () => {
    const mocks = await run();
    assert.equal(mocks.of(QUEUE).length, 4);
    assert.deepEqual(mocks.one(QUEUE, "queues-data-export").inputs, {
      name: "production-eu-west-1-data-export",
      messageRetentionSeconds: 345_600,
      visibilityTimeoutSeconds: 3600,
      receiveWaitTimeSeconds: 20,
      kmsMasterKeyId: KEY,
      tags: { Project: "multi-region-eks" },
    });
    assert.equal(mocks.one(QUEUE, "queues-outbox").inputs.visibilityTimeoutSeconds, 60);
  });

  it("keeps dead letters for 14 days, encrypted likewise", async () => {
    assert.deepEqual((await run()).one(QUEUE, "queues-outbox-dead").inputs, {
      name: "production-eu-west-1-outbox-dead",
      messageRetentionSeconds: 1_209_600,
      kmsMasterKeyId: KEY,
      tags: { Project: "multi-region-eks" },
    });
  });

  it("moves a message to its own dead letters after the given receives, and takes from no other queue", async () => {
    const mocks = await run();
    assert.equal(mocks.of("aws:sqs/redrivePolicy:RedrivePolicy").length, 2);
    assert.equal(mocks.of("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy").length, 2);
    const queue = mocks.one(QUEUE, "queues-outbox").state;
    const dead = mocks.one(QUEUE, "queues-outbox-dead").state;
    const redrive = mocks.one("aws:sqs/redrivePolicy:RedrivePolicy", "queues-outbox").inputs;
    assert.equal(redrive.queueUrl, queue.url);
    assert.deepEqual(JSON.parse(String(redrive.redrivePolicy)), {
      deadLetterTargetArn: dead.arn,
      maxReceiveCount: 3,
    });
    const allow = mocks.one(
      "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
      "queues-outbox",
    ).inputs;
    assert.equal(allow.queueUrl, dead.url);
    assert.deepEqual(JSON.parse(String(allow.redriveAllowPolicy)), {
      redrivePermission: "byQueue",
      sourceQueueArns: [queue.arn],
    });
  });

  it("denies plain HTTP on every queue, dead letters too, and allows nobody anything", async () => {
    const mocks = await run();
    const policies = mocks.of("aws:sqs/queuePolicy:QueuePolicy");
    assert.equal(policies.length, 4);
    for (const { name, inputs } of policies) {
      const { url, arn } = mocks.one(QUEUE, name).state;
      const policy: unknown =
        typeof inputs.policy === "string" ? JSON.parse(inputs.policy) : inputs.policy;
      assert.equal(inputs.queueUrl, url);
      assert.deepEqual(policy, {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: arn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    }
  });

  it("answers with each service's queue, not its dead letters", async () => {
    const mocks = await run();
    assert.deepEqual(Object.keys(mocks.result.queues), ["data-export", "outbox"]);
    const { outbox } = mocks.result.queues;
    assert.ok(outbox);
    const { url, arn } = mocks.one(QUEUE, "queues-outbox").state;
    assert.deepEqual([await mocks.value(outbox.url), await mocks.value(outbox.arn)], [url, arn]);
  });
});
