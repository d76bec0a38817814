import assert from "node:assert/strict";
import { createCloud } from "../../doubles";
import { MockEngine, type Registered } from "../../doubles/mocks";
import type { GlobalContext } from "../../infra/config/context";
import { TRAFFIC_STATES, type TrafficState } from "../../infra/config/stackSchemas";
import { changesOf, modelOf } from "../../infra/failover/resources";
import { globalStack } from "../../infra/stacks/global";
import { SERVICES } from "../../workloads/catalogue";
import { fleetOf, globalContext, globalRecord, THREE, upStacks } from "../stacks/fixtures";
import { filesOf, type GeneratedRegion } from "./generated";

const fleet = fleetOf(THREE, { zone: { source: "create" } });

const generated = (traffic: Partial<Record<string, TrafficState>>): GeneratedRegion[] =>
  THREE.map((region) => ({
    region,
    traffic: traffic[region] ?? "active",
    accept: [],
    role: "secondary",
    promoteDrained: false,
    capacity: 1,
    takesOver: [],
    load: undefined,
  }));

const model = (traffic: Partial<Record<string, TrafficState>>) =>
  modelOf(filesOf(generated(traffic)), SERVICES);

async function up(
  ctx: GlobalContext,
  deployed?: Partial<Record<string, TrafficState>>,
): Promise<Registered[]> {
  const record = globalRecord(THREE);
  for (const [region, traffic] of Object.entries(deployed ?? {})) {
    const entry = record.regions[region];
    if (entry !== undefined && traffic !== undefined) entry.traffic = traffic;
  }
  const stackOutputs = { ...upStacks(fleet), ...(deployed && { global: { global: record } }) };
  const options = { stack: "global", region: "eu-west-1", stackOutputs, cloud: createCloud() };
  return (await MockEngine.run(options, () => globalStack(ctx))).resources;
}

/** Word of the model for a resource of the program. */
const WORDS: Record<string, string> = {
  "aws:route53/healthCheck:HealthCheck": "health check",
  "aws:route53/record:Record": "record",
};

const named = ({ type, name }: Registered): string => `${WORDS[type] ?? type} ${name}`;

describe("the model of the global stack", () => {
  it("has the program's health checks and the hosts' records, no more and no fewer", async () => {
    const resources = await up(globalContext(fleet));
    const own = THREE.flatMap((region) => ["a", "aaaa"].map((type) => `record ${region}-${type}`));
    const program = resources
      .filter(({ type }) => WORDS[type] !== undefined)
      .map(named)
      .filter((name) => !own.includes(name));
    assert.deepEqual([...(model({}).get("global")?.keys() ?? [])].sort(), program.sort());
  });

  it("says of every traffic edit what the program does", async () => {
    const inputsOf = async (traffic: Partial<Record<string, TrafficState>>) =>
      new Map((await up(globalContext(fleet, traffic))).map((at) => [named(at), at.inputs]));
    const before = await inputsOf({});
    for (const state of TRAFFIC_STATES) {
      const after = await inputsOf({ "eu-west-1": state });
      assert.deepEqual([...after.keys()], [...before.keys()]);
      const changed = [...after.keys()].filter(
        (name) => JSON.stringify(after.get(name)) !== JSON.stringify(before.get(name)),
      );
      const [predicted] = changesOf(model({}), model({ "eu-west-1": state }));
      assert.deepEqual(changed, predicted?.update ?? []);
    }
  });

  it("has checks that an edit cannot replace or delete in production", async () => {
    const checks = (resources: Registered[]) =>
      resources
        .filter(({ type }) => WORDS[type] === "health check")
        .map(({ options }) => options.protect);
    assert.deepEqual(checks(await up(globalContext(fleet))), Array<boolean>(6).fill(true));
    const context = globalContext(fleet);
    context.config.deletionProtection = false;
    assert.ok(checks(await up(context)).every((protect) => protect !== true));
  });
});

describe("a drain, against what is deployed", () => {
  const drain = (region: string, deployed: Partial<Record<string, TrafficState>>) =>
    up(globalContext(fleet, { [region]: "drained" }), deployed);

  it("goes alone", async () => {
    await drain("eu-west-1", {});
    await drain("eu-west-1", { "eu-west-1": "drained" });
    await assert.rejects(drain("eu-west-1", { "us-east-1": "drained" }), {
      message: [
        'Pulumi.global.yaml: regions.eu-west-1.traffic is "drained"',
        "  rule: a drain is the only change of its `up`; this one also makes us-east-1 active",
        "  fix:  make the changes in turn, the drain first, or write accept: [joint-change] beside the drain",
      ].join("\n"),
    });
  });

  it("may have company where the file accepts it, and before the first up", async () => {
    const context = globalContext(fleet, { "eu-west-1": "drained" });
    const entry = context.config.regions["eu-west-1"];
    assert.ok(entry);
    entry.accept = ["joint-change"];
    await up(context, { "us-east-1": "drained" });
    await up(globalContext(fleet, { "eu-west-1": "drained", "us-east-1": "drained" }));
  });

  it("leaves a drained region that comes back, or one that was drained before, in peace", async () => {
    await up(globalContext(fleet, { "us-east-1": "drained" }), {
      "us-east-1": "drained",
      "eu-west-1": "drained",
    });
  });
});
