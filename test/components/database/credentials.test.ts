import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { databaseCredentials } from "../../../infra/components/database/credentials";
import { MockEngine } from "../../../doubles/mocks";

describe("databaseCredentials", () => {
  it("is a secret that names no host, because one serves every region", async () => {
    const mocks = await MockEngine.run({}, () => databaseCredentials("correct-horse-battery"));
    assert.equal(await pulumi.isSecret(mocks.result), true);
    assert.deepEqual(JSON.parse(await mocks.value(mocks.result)), {
      username: "platform",
      password: "correct-horse-battery",
      engine: "postgres",
      port: 5432,
      dbname: "app",
    });
  });
});
