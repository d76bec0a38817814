import assert from "node:assert/strict";
import { MockEngine } from "../../../doubles/mocks";
import {
  EncryptionKey,
  type EncryptionKeyArgs,
} from "../../../infra/components/encryption/encryptionKey";

const ACCOUNT = "111122223333";
const TAGS = { Project: "multi-region-eks" };

const ARGS: EncryptionKeyArgs = {
  accountId: ACCOUNT,
  alias: "production-eu-west-1-logs",
  description: "Logs of production-eu-west-1",
  tags: TAGS,
};

const run = (args: EncryptionKeyArgs = ARGS) =>
  MockEngine.run({ region: "eu-west-1" }, () => new EncryptionKey("logs", args));

const policyOf = (key: { inputs: Record<string, unknown> }): { Statement: object[] } =>
  JSON.parse(String(key.inputs["policy"])) as { Statement: object[] };

const OWNER = {
  Sid: "AccountDecidesByIam",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: "kms:*",
  Resource: "*",
};

describe("EncryptionKey", () => {
  it("is one rotated key with one alias, deleted after 30 days", async () => {
    const mocks = await run();
    const key = mocks.one("aws:kms/key:Key");
    assert.deepEqual(key.inputs, {
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [OWNER] }),
      description: "Logs of production-eu-west-1",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: TAGS,
    });
    assert.equal(key.name, "logs-key");
    const alias = mocks.one("aws:kms/alias:Alias");
    assert.equal(alias.name, "logs-alias");
    assert.equal(alias.inputs["name"], "alias/production-eu-west-1-logs");
    assert.equal(alias.inputs["targetKeyId"], await mocks.value(mocks.result.id));
    assert.deepEqual(
      mocks.resources.filter(({ custom }) => custom).map(({ type }) => type),
      ["aws:kms/key:Key", "aws:kms/alias:Alias"],
    );
    const component = mocks.one("multi-region-eks:encryption:EncryptionKey");
    assert.equal(key.parent, component.urn);
    assert.equal(alias.parent, component.urn);
    assert.match(
      (await mocks.value(mocks.result.arn)) ?? "",
      /^arn:aws:kms:eu-west-1:\d{12}:key\/[0-9a-f-]+$/,
    );
  });

  it("leaves the key to the account's IAM policies alone", async () => {
    const mocks = await run();
    assert.deepEqual(policyOf(mocks.one("aws:kms/key:Key")).Statement, [OWNER]);
  });

  it("lets a named service use it for this account only", async () => {
    const mocks = await run({ ...ARGS, services: ["backup.amazonaws.com"] });
    assert.deepEqual(policyOf(mocks.one("aws:kms/key:Key")).Statement, [
      OWNER,
      {
        Sid: "Service1",
        Effect: "Allow",
        Principal: { Service: "backup.amazonaws.com" },
        Action: [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:DescribeKey",
        ],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
    ]);
  });

  it("tells CloudWatch Logs apart by the log group", async () => {
    const mocks = await run({
      ...ARGS,
      services: ["logs.eu-west-1.amazonaws.com", "delivery.logs.amazonaws.com"],
    });
    const conditions = policyOf(mocks.one("aws:kms/key:Key")).Statement.map((statement) =>
      "Condition" in statement ? statement.Condition : undefined,
    );
    assert.deepEqual(conditions, [
      undefined,
      {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:*`,
        },
      },
      { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    ]);
  });

  it("lets alarms publish to an encrypted topic, on no condition that could silence them", async () => {
    const mocks = await run({ ...ARGS, services: ["cloudwatch.amazonaws.com"] });
    assert.deepEqual(policyOf(mocks.one("aws:kms/key:Key")).Statement, [
      OWNER,
      {
        Sid: "Service1",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
      },
    ]);
  });

  it("takes another deletion window", async () => {
    const mocks = await run({ ...ARGS, deletionWindowDays: 7 });
    assert.equal(mocks.one("aws:kms/key:Key").inputs["deletionWindowInDays"], 7);
  });
});
