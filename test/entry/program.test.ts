import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MockEngine, type MockRun } from "../../doubles/mocks";
import { type ProgramArgs, runProgram } from "../../infra/program";
import { SERVICES } from "../../workloads/catalogue";
import { type Edits, engineConfig, replace, withCheckout } from "../config/checkout";

const ROOT = join(__dirname, "..", "..");

/** The hosted zone of the doubles' cloud, so that the global stack finds the one that its fleet names. */
const ZONE: Edits = {
  "fleet/production.yaml": replace("Z0EXAMPLE0EXAMPLE0", "Z0ASSUMED0EXISTING00"),
};

type Run = MockRun<Record<string, unknown>>;

function preview(stack: string, args: ProgramArgs): Promise<Run> {
  const config = engineConfig(args.projectRoot, stack);
  return MockEngine.run({ stack, preview: true, config }, () => runProgram(args));
}

const typesOf = ({ resources }: Run): string[] => resources.map(({ type }) => type);

describe("runProgram", function () {
  this.timeout(120_000);

  const { warn } = pulumi.log;
  let warnings: string[];

  beforeEach(() => {
    warnings = [];
    Object.assign(pulumi.log, {
      warn: (message: string) => {
        warnings.push(message);
        return Promise.resolve();
      },
    });
  });

  afterEach(() => {
    Object.assign(pulumi.log, { warn });
  });

  it("builds the global stack under its name: records of the fleet's hosts, no network", async () => {
    const run = await withCheckout(ZONE, (projectRoot) => preview("global", { projectRoot }));
    assert.deepEqual(Object.keys(run.result), ["global"]);
    assert.ok(typesOf(run).some((type) => type.startsWith("multi-region-eks:dns:")));
    assert.ok(!typesOf(run).includes("multi-region-eks:network:Network"));
  });

  it("builds the backbone stack under its name: alarms, no records", async () => {
    const run = await preview("backbone", { projectRoot: ROOT });
    assert.deepEqual(Object.keys(run.result), ["backbone"]);
    assert.ok(typesOf(run).includes("aws:sns/topic:Topic"));
    assert.ok(!typesOf(run).some((type) => type.startsWith("multi-region-eks:dns:")));
  });

  it("builds a regional stack under its name, with the services that it is given", async () => {
    const queueless = SERVICES.map(({ name, placement }) => ({ name, placement }));
    const run = await preview("development-us-east-1", { projectRoot: ROOT, services: queueless });
    assert.deepEqual(Object.keys(run.result), ["region"]);
    assert.equal(run.of("multi-region-eks:network:Network").length, 1);
    const queues = run.of("aws:sqs/queue:Queue").map(({ name }) => name);
    assert.deepEqual(queues, ["karpenter"], "none of these services has a queue");
  });

  it("warns of placeholders in a preview, and not where they are allowed", async () => {
    await preview("backbone", { projectRoot: ROOT });
    const ofPlaceholders = () => warnings.filter((text) => text.startsWith("placeholders"));
    assert.equal(ofPlaceholders().length, 1);
    warnings.length = 0;
    await preview("backbone", { projectRoot: ROOT, allowPlaceholders: true });
    assert.deepEqual(ofPlaceholders(), []);
  });

  it("loads the packages of the stack that it runs, and no others", () => {
    const script = `
      const { runProgram } = require("./infra/program");
      const pulumi = require("@pulumi/pulumi");
      const mocks = { newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) };
      const config = { "aws:region": "us-east-1" };
      pulumi.runtime.setMocks(mocks, "multi-region-eks", "backbone", true).then(async () => {
        pulumi.runtime.setAllConfig(config);
        await runProgram({ projectRoot: "." }).catch(() => undefined);
        const loaded = Object.keys(require.cache).map((path) => path.replaceAll("\\\\", "/"));
        const of = (part) => loaded.some((path) => path.includes(part));
        const parts = ["@pulumi/aws/", "@pulumi/awsx/", "@pulumi/eks/", "@pulumi/kubernetes/"];
        console.log(JSON.stringify([...parts, "infra/stacks/global", "infra/stacks/regional"].filter(of)));
      });`;
    const output = execFileSync(process.execPath, ["-r", "ts-node/register", "-e", script], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    assert.deepEqual(JSON.parse(output.trim().split("\n").at(-1) ?? ""), ["@pulumi/aws/"]);
  });
});
