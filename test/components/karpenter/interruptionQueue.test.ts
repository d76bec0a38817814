import assert from "node:assert/strict";
import { MockEngine } from "../../../doubles/mocks";
import { InterruptionQueue } from "../../../infra/components/karpenter/interruptionQueue";

const TAGS = { Project: "multi-region-eks" };
const NAME = "production-eu-west-1-karpenter";

const run = () =>
  MockEngine.run(
    { region: "eu-west-1" },
    () => new InterruptionQueue("karpenter", { queueName: NAME, tags: TAGS }),
  );

describe("InterruptionQueue", () => {
  it("is one short-lived queue, encrypted by SQS", async () => {
    const mocks = await run();
    assert.deepEqual(mocks.one("aws:sqs/queue:Queue").inputs, {
      name: NAME,
      messageRetentionSeconds: 300,
      sqsManagedSseEnabled: true,
      tags: TAGS,
    });
    assert.equal(await mocks.value(mocks.result.arn), `arn:aws:sqs:eu-west-1:111122223333:${NAME}`);
  });

  it("gets the four warnings of EC2 and AWS Health", async () => {
    const mocks = await run();
    const rules = mocks.of("aws:cloudwatch/eventRule:EventRule");
    assert.deepEqual(
      Object.fromEntries(
        rules.map(({ name, inputs }) => [name, JSON.parse(String(inputs.eventPattern)) as unknown]),
      ),
      {
        "karpenter-health": { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
        "karpenter-spot": {
          source: ["aws.ec2"],
          "detail-type": ["EC2 Spot Instance Interruption Warning"],
        },
        "karpenter-rebalance": {
          source: ["aws.ec2"],
          "detail-type": ["EC2 Instance Rebalance Recommendation"],
        },
        "karpenter-state": {
          source: ["aws.ec2"],
          "detail-type": ["EC2 Instance State-change Notification"],
        },
      },
    );
    const targets = mocks.of("aws:cloudwatch/eventTarget:EventTarget");
    const arn = await mocks.value(mocks.result.arn);
    assert.equal(targets.length, 4);
    for (const { inputs } of targets) assert.equal(inputs.arn, arn);
  });

  it("lets these rules send and nobody else, over TLS only", async () => {
    const mocks = await run();
    const { inputs } = mocks.one("aws:sqs/queuePolicy:QueuePolicy");
    const arn = await mocks.value(mocks.result.arn);
    const rules = mocks.of("aws:cloudwatch/eventRule:EventRule").map(({ state }) => state["arn"]);
    const policy = JSON.parse(String(inputs.policy)) as {
      Statement: { Condition: { ArnEquals?: Record<string, unknown[]> } }[];
    };
    const sources = policy.Statement[0]?.Condition.ArnEquals?.["aws:SourceArn"];
    assert.deepEqual([...(sources ?? [])].sort(), [...rules].sort());
    assert.deepEqual(policy.Statement, [
      {
        Sid: "OurRulesSend",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: arn,
        Condition: { ArnEquals: { "aws:SourceArn": sources } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});
