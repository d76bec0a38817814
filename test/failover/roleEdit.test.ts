import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { MockEngine, type Registered } from "../../doubles/mocks";
import { runProgram } from "../../infra/program";
import { type Edits, engineConfig, replace, withCheckout } from "../config/checkout";

const PROMOTED: Edits = {
  "Pulumi.us-east-1.yaml": replace("primary", "secondary"),
  "Pulumi.eu-west-1.yaml": replace("secondary", "primary"),
};

const ROOT = join(__dirname, "..", "..");

function preview(stack: string, edits: Edits): Promise<Registered[]> {
  return withCheckout(edits, async (projectRoot) => {
    cpSync(join(ROOT, "workloads"), join(projectRoot, "workloads"), { recursive: true });
    const config = engineConfig(projectRoot, stack);
    const args = { projectRoot, allowPlaceholders: true };
    const run = await MockEngine.run({ stack, preview: true, config }, () => runProgram(args));
    return run.resources;
  });
}

describe("a role edit", function () {
  this.timeout(120_000);

  for (const stack of ["eu-west-1", "us-east-1"]) {
    it(`adds or takes away ${stack}'s promotion and changes nothing else`, async () => {
      const [before, after] = [await preview(stack, {}), await preview(stack, PROMOTED)];
      const shape = (resources: Registered[]) =>
        new Map(
          resources
            .filter(({ type }) => !/DatabasePromotion|command:/.test(type))
            .map(({ urn, inputs, options }) => [urn, { inputs, ignored: options.ignoreChanges }]),
        );
      assert.ok(before.some(({ type }) => type === "aws:rds/cluster:Cluster"));
      assert.deepEqual(shape(after), shape(before));
      const commands = (resources: Registered[]) =>
        resources.filter(({ type }) => type === "command:local:Command").length;
      const counts = [commands(before), commands(after)];
      assert.deepEqual(counts, stack === "eu-west-1" ? [0, 1] : [1, 0]);
    });
  }
});
