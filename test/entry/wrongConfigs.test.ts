import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { runOver } from "./run";
import { WRONG_CONFIGS } from "./wrongConfigs";

describe("wrong configs", () => {
  it("are many and each its own", () => {
    assert.ok(WRONG_CONFIGS.length >= 25);
    assert.equal(
      new Set(WRONG_CONFIGS.map(({ message }) => message.join("\n"))).size,
      WRONG_CONFIGS.length,
    );
  });

  for (const { title, stack, edits, realUpdate, message } of WRONG_CONFIGS) {
    it(`${title}: one message, no resource`, async () => {
      const { error, asked } = await runOver(stack, edits, realUpdate !== true);
      assert.ok(error instanceof RunError, "the engine would print a stack trace");
      assert.equal(error.message, message.join("\n"));
      assert.equal(error.stack, "", "the loader would take long to colour it");
      assert.deepEqual(asked, []);
    });
  }
});
