import assert from "node:assert/strict";
import { OperatorError } from "../../infra/config/errors";
import type { RehearseArguments } from "../../rehearsal/arguments";
import { ENGINE_REMEDIES } from "../../rehearsal/engine/findEngine";
import { stackConfig } from "../../rehearsal/mockPlan";
import { run } from "../../rehearsal/run";
import { ROOT } from "../support/engine";

const ARGUMENTS: RehearseArguments = {
  mode: "rehearse",
  environment: "production",
  stacks: [],
  keep: false,
  json: false,
  real: [],
  help: false,
};

/** Runs with a program that registers nothing. */
async function rehearse(args: Partial<RehearseArguments>, env?: NodeJS.ProcessEnv) {
  const said: string[] = [];
  const report = await run(
    { ...ARGUMENTS, ...args },
    {
      root: ROOT,
      say: (line) => said.push(line),
      signal: new AbortController().signal,
      program: () => () => Promise.resolve({}),
      env,
    },
  );
  return { report, said: said.join("\n") };
}

describe("the plan where there is no engine", () => {
  it("is made without complaint when it is asked for", async () => {
    const { report } = await rehearse({ engine: "mock", stacks: ["global"] });
    assert.equal(report.ok, true);
    assert.deepEqual(
      report.stacks.map(({ stack }) => stack),
      ["us-east-1", "eu-west-1", "ap-southeast-1", "global"],
    );
  });

  it("comes with a loud word on what was tried and how to mend it, and is no success", async () => {
    const nowhere = { PATH: "/nowhere", PULUMI_CLI: "/nowhere/pulumi" };
    const { report, said } = await rehearse({ engine: "path", stacks: ["us-east-1"] }, nowhere);
    assert.equal(report.ok, false);
    assert.equal(report.stacks.length, 1);
    assert.match(said, /THERE IS NO PULUMI CLI HERE/);
    assert.match(said, /PULUMI_CLI: \/nowhere\/pulumi is no executable file/);
    assert.match(said, /PATH: no `pulumi` on PATH/);
    for (const remedy of ENGINE_REMEDIES) assert.ok(said.includes(remedy));
  });

  it("names the stacks that the chosen ones need", async () => {
    const { said } = await rehearse({ engine: "mock", stacks: ["eu-west-1"] });
    assert.match(said, /as well, because these need them: us-east-1/);
  });

  it("refuses a stack that the fleet does not have", async () => {
    await assert.rejects(rehearse({ engine: "mock", stacks: ["us-west-2"] }), OperatorError);
  });

  it("gets config as the engine would hand it over: all text", () => {
    assert.deepEqual(stackConfig(ROOT, "us-east-1"), {
      "aws:region": "us-east-1",
      "multi-region-eks:database": '{"role":"primary"}',
    });
  });
});
