import assert from "node:assert/strict";
import { join } from "node:path";
import { engineConfig } from "../config/checkout";
import { runByLoader } from "./loader";

const ROOT = join(__dirname, "..", "..");

/** The exit code that tells the CLI's host to add nothing: the user has been told. */
const ALREADY_TOLD = 32;

describe("the SDK's own loader, on the committed project", function () {
  this.timeout(120_000);

  it("runs a stack", async () => {
    const run = await runByLoader("backbone", engineConfig(ROOT, "backbone"));
    assert.equal(run.exitCode, 0, `${run.log.join("\n")}\n${run.output}`);
    assert.equal(run.registered[0], "pulumi:pulumi:Stack");
    assert.ok(run.registered.length > 1);
    assert.deepEqual(
      run.log.filter((line) => line.startsWith("error")),
      [],
    );
  });

  it("tells an operator's mistake once, without a stack trace, and registers nothing else", async () => {
    const run = await runByLoader("backbone", {
      ...engineConfig(ROOT, "backbone"),
      "multi-region-eks:whenRegionMissing": "skp",
    });
    assert.equal(run.exitCode, ALREADY_TOLD, run.output);
    assert.deepEqual(run.log, [
      [
        'error: Pulumi.backbone.yaml: whenRegionMissing is "skp"',
        "  rule: must be error or skip",
        "  fix:  write skip",
      ].join("\n"),
    ]);
    assert.deepEqual(run.registered, ["pulumi:pulumi:Stack"]);
    assert.equal(run.output, "");
  });
});
