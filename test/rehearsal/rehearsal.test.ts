import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RehearseArguments } from "../../rehearsal/arguments";
import type { StackProgram } from "../../rehearsal/rehearse";
import { run } from "../../rehearsal/run";
import { engineOrSkip, ROOT } from "../support/engine";

const STACK = "development-us-east-1";

const ARGUMENTS: RehearseArguments = {
  mode: "rehearse",
  environment: "development",
  stacks: [STACK],
  keep: false,
  json: false,
  real: [],
  help: false,
};

/** Rehearses one stack with a program of the test's own. */
async function rehearse(program: () => unknown, args: Partial<RehearseArguments> = {}) {
  const said: string[] = [];
  const report = await run(
    { ...ARGUMENTS, ...args },
    {
      root: ROOT,
      say: (line) => said.push(line),
      signal: new AbortController().signal,
      program: (() => () => Promise.resolve(program()).then(() => ({}))) as StackProgram,
    },
  );
  return { report, said };
}

const sandboxes = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith("multi-region-eks-"));

describe("rehearsal on the engine", function () {
  this.timeout(180_000);
  const { TMPDIR } = process.env;
  let directory: string | undefined;

  before(async function () {
    await engineOrSkip(this);
    // A folder of its own, so that nobody else's sandboxes are counted.
    directory = mkdtempSync(join(tmpdir(), "rehearsal-test-"));
    process.env.TMPDIR = directory;
  });

  after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  it("brings up, previews again, refuses to destroy what is protected, unprotects, destroys", async () => {
    const { report, said } = await rehearse(() => {
      const protect = new pulumi.Config().getBoolean("deletionProtection") ?? true;
      new aws.sqs.Queue("orders", { name: "orders" }, { protect });
      new aws.sqs.Queue("mail", { name: "mail" });
    });
    assert.deepEqual(report.surprises, []);
    assert.equal(report.ok, true);
    const [stack] = report.stacks;
    assert.deepEqual(stack?.kinds, { aws: 2, component: 1, provider: 1 });
    assert.deepEqual(Object.keys(stack.seconds).sort(), ["check", "destroy", "up"]);
    const steps = said
      .filter((line) => line.startsWith(STACK))
      .map((line) => line.slice(STACK.length + 2));
    assert.match(steps[0] ?? "", /^up +3 create /);
    assert.match(steps[1] ?? "", /^preview +no changes/);
    assert.match(steps[2] ?? "", /^destroy +refused: protected/);
    assert.match(steps[4] ?? "", /^up /);
    assert.match(steps[5] ?? "", /^destroy +\d delete/);
    assert.deepEqual(sandboxes(), []);
  });

  it("is surprised by a second preview that wants changes, and says which", async () => {
    let round = 0;
    const { report } = await rehearse(() => {
      round += 1;
      new aws.sqs.Queue("orders", { name: "orders", delaySeconds: round });
    });
    assert.equal(report.ok, false);
    assert.match(
      report.surprises[0] ?? "",
      /a second preview wants changes\n.*update .*orders.*delaySeconds/,
    );
  });

  it("is surprised by what is left in the cloud", async () => {
    const { report } = await rehearse(() => {
      new aws.sqs.Queue("orders", { name: "orders" }, { retainOnDelete: true });
    });
    assert.equal(report.ok, false);
    assert.match(
      report.surprises[0] ?? "",
      /left in the cloud after destroy:\n +aws:sqs\/queue:Queue/,
    );
  });

  it("is surprised by a warning, and by a program that fails, and destroys nothing then", async () => {
    const warned = await rehearse(() => pulumi.log.warn("this is odd"));
    assert.deepEqual(warned.report.surprises.slice(0, 1), [`${STACK}: up warned: this is odd`]);

    const failed = await rehearse(() => {
      throw new pulumi.RunError("no such thing");
    });
    assert.equal(failed.report.ok, false);
    assert.match(failed.report.surprises.join("\n"), /up failed: .*no such thing/);
    assert.ok(!failed.said.some((line) => line.includes("destroy")));
  });

  it("previews only, when that is asked for, and leaves nothing", async () => {
    const { report, said } = await rehearse(() => new aws.sqs.Queue("orders", { name: "orders" }), {
      mode: "preview",
    });
    assert.equal(report.ok, true);
    assert.equal(said.filter((line) => line.startsWith(STACK)).length, 1);
    assert.deepEqual(sandboxes(), []);
  });

  it("cleans up and exits 130 when it is interrupted", async () => {
    const child = spawn(
      process.execPath,
      ["-r", "ts-node/register", "cli/rehearse.ts", "--environment", "development"],
      { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        said += data.toString();
      });
    }
    const watch = setInterval(() => {
      if (sandboxes().length > 0) setTimeout(() => child.kill("SIGINT"), 3000);
      if (sandboxes().length > 0) clearInterval(watch);
    }, 100);
    const code = await new Promise((resolve) => child.on("close", resolve));
    clearInterval(watch);
    assert.equal(code, 130, said);
    assert.match(said, /interrupted/);
    assert.deepEqual(sandboxes(), []);
  });
});
