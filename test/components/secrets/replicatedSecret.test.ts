import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  ReplicatedSecret,
  type ReplicatedSecretArgs,
} from "../../../infra/components/secrets/replicatedSecret";
import { MockEngine } from "../../../doubles/mocks";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

const run = (overrides: Partial<ReplicatedSecretArgs> = {}) =>
  MockEngine.run(
    {},
    () =>
      new ReplicatedSecret("database-secret", {
        name: "production/database",
        home: true,
        value: "a-password",
        replicaRegions: ["eu-west-1", "ap-southeast-1"],
        tags: { Project: "multi-region-eks" },
        ...overrides,
      }),
  );

describe("ReplicatedSecret", () => {
  it("creates the secret at home and has Secrets Manager replicate it", async () => {
    const mocks = await run();
    const secret = mocks.one(SECRET);
    assert.deepEqual(secret.inputs, {
      name: "production/database",
      replicas: [{ region: "eu-west-1" }, { region: "ap-southeast-1" }],
      forceOverwriteReplicaSecret: false,
      recoveryWindowInDays: 30,
      tags: { Project: "multi-region-eks" },
    });
    assert.equal(secret.options.protect, true);
    assert.equal(await mocks.value(mocks.result.secretName), "production/database");
  });

  it("holds the value as a secret", async () => {
    const version = (await run()).one(VERSION);
    assert.equal(version.inputs.secretString, "a-password");
    assert.ok(version.secrets.includes("secretString"));
  });

  it("leaves the value to operators where the program has none", async () => {
    const mocks = await run({ value: undefined });
    assert.equal(mocks.of(SECRET).length, 1);
    assert.equal(mocks.of(VERSION).length, 0);
  });

  it("creates nothing elsewhere, where only the name is known", async () => {
    const mocks = await run({ home: false, value: undefined });
    assert.deepEqual(
      mocks.resources.filter(({ custom }) => custom),
      [],
    );
    assert.equal(await mocks.value(mocks.result.secretName), "production/database");
  });

  it("refuses a value elsewhere", async () => {
    await assert.rejects(run({ home: false }), /only the home region/);
  });

  it("frees the name at once where deletion protection is off", async () => {
    const secret = (await run({ deletionProtection: false })).one(SECRET);
    assert.equal(secret.inputs.recoveryWindowInDays, 0);
    assert.notEqual(secret.options.protect, true);
  });

  it("gives the name away, not the value", async () => {
    const { result } = await run();
    assert.equal(await pulumi.isSecret(result.secretName), false);
  });
});
