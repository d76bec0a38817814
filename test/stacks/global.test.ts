import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createCloud, GLOBAL } from "../../doubles";
import { MockEngine, type Registered } from "../../doubles/mocks";
import type { GlobalContext } from "../../infra/config/context";
import { OperatorError } from "../../infra/config/errors";
import { globalOutputsSchema } from "../../infra/config/globalOutputs";
import type { TrafficState } from "../../infra/config/stackSchemas";
import { answer, type HealthCheck, type LatencyRecord } from "../../infra/plan/routing";
import { globalStack } from "../../infra/stacks/global";
import { fleetOf, globalContext, regionRecord, THREE, upStacks } from "./fixtures";

const RECORD = "aws:route53/record:Record";
const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const ZONE = "aws:route53/zone:Zone";

const fleet = fleetOf(THREE, { zone: { source: "create" } });

const TAGS = {
  Project: "multi-region-eks",
  Environment: "production",
  ManagedBy: "pulumi",
  Stack: "global",
};

/** A cloud in which the zone exists already. */
const cloudWith = (id: string) => {
  const cloud = createCloud();
  const zone = { name: "acme.test", zoneId: id };
  cloud.put({ type: ZONE, id, region: GLOBAL, inputs: zone, state: zone });
  return cloud;
};

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const up = (ctx: GlobalContext = globalContext(fleet), stackOutputs = upStacks(ctx.fleet)) =>
  MockEngine.run({ stack: "global", region: "eu-west-1", stackOutputs, cloud: createCloud() }, () =>
    globalStack(ctx),
  );

/** The three regions, all active; tests only read it. */
const three = once(() => up());

const withTraffic = async (traffic: Partial<Record<string, TrafficState>>) =>
  (await up(globalContext(fleet, traffic))).resources;

/** Inputs of every resource by URN; computed values are in them as the doubles answered. */
const inputsOf = (resources: readonly Registered[]) =>
  new Map(resources.map(({ urn, inputs }) => [urn, inputs]));

describe("global stack", () => {
  it("consists of Route 53 resources and their components only", async () => {
    const { resources } = await three();
    const custom = resources.filter((resource) => resource.custom).map(({ type }) => type);
    assert.deepEqual([...new Set(custom)].sort(), [HEALTH_CHECK, RECORD, ZONE]);
    assert.equal(resources.filter(({ type }) => type === HEALTH_CHECK).length, 3 * 2);
    // A and AAAA of each region's own name, and of each public host in each region.
    assert.equal(resources.filter(({ type }) => type === RECORD).length, 3 * 2 + 2 * 3 * 2);
  });

  it("gives a region its own name, without a say of its target's health", async () => {
    const run = await three();
    const { edge } = regionRecord("eu-west-1", fleet);
    const zoneId = run.one(ZONE).state["zoneId"];
    for (const type of ["A", "AAAA"]) {
      assert.deepEqual(run.one(RECORD, `eu-west-1-${type.toLowerCase()}`).inputs, {
        zoneId,
        name: "eu-west-1.acme.test",
        type,
        aliases: [{ name: edge.dnsName, zoneId: edge.zoneId, evaluateTargetHealth: false }],
      });
    }
  });

  it("checks the region's own name from outside, every 10 s, out after 3 failures", async () => {
    const run = await three();
    assert.deepEqual(run.one(HEALTH_CHECK, "eu-west-1-endpoint").inputs, {
      type: "HTTPS",
      fqdn: "eu-west-1.acme.test",
      port: 443,
      resourcePath: "/health",
      enableSni: true,
      requestInterval: 10,
      failureThreshold: 3,
      tags: { ...TAGS, Name: "eu-west-1.acme.test endpoint" },
    });
  });

  it("puts a gate over the check, healthy when the check is", async () => {
    const run = await three();
    assert.deepEqual(run.one(HEALTH_CHECK, "eu-west-1-gate").inputs, {
      type: "CALCULATED",
      childHealthchecks: [run.one(HEALTH_CHECK, "eu-west-1-endpoint").id],
      childHealthThreshold: 1,
      tags: { ...TAGS, Name: "eu-west-1.acme.test gate" },
    });
  });

  it("answers a public host by latency, behind the gate and the target's health", async () => {
    const run = await three();
    const { edge } = regionRecord("eu-west-1", fleet);
    for (const type of ["A", "AAAA"]) {
      assert.deepEqual(run.one(RECORD, `media-eu-west-1-${type.toLowerCase()}`).inputs, {
        zoneId: run.one(ZONE).state["zoneId"],
        name: "media.acme.test",
        type,
        setIdentifier: "eu-west-1",
        latencyRoutingPolicies: [{ region: "eu-west-1" }],
        healthCheckId: run.one(HEALTH_CHECK, "eu-west-1-gate").id,
        aliases: [{ name: edge.dnsName, zoneId: edge.zoneId, evaluateTargetHealth: true }],
      });
    }
  });

  it("never checks a name whose records depend on the check", async () => {
    const run = await three();
    const gated = run.of(RECORD).filter(({ inputs }) => inputs["healthCheckId"] !== undefined);
    const gatedNames = new Set(gated.map(({ inputs }) => String(inputs["name"])));
    assert.deepEqual([...gatedNames].sort(), ["api.acme.test", "media.acme.test"]);
    const checked = run.of(HEALTH_CHECK).map(({ inputs }) => String(inputs["fqdn"]));
    assert.ok(checked.every((name) => !gatedNames.has(name)));
  });

  it("drains with a threshold that cannot be met, pins with none: one input of one resource", async () => {
    const before = inputsOf(await withTraffic({}));
    for (const [traffic, threshold] of [
      ["drained", 2],
      ["pinned", 0],
    ] as const) {
      const after = inputsOf(await withTraffic({ "eu-west-1": traffic }));
      assert.deepEqual([...after.keys()], [...before.keys()]);
      const changed = [...after].filter(([urn, inputs]) => {
        try {
          assert.deepEqual(inputs, before.get(urn));
          return false;
        } catch {
          return true;
        }
      });
      assert.equal(changed.length, 1);
      const [[urn, inputs] = ["", {}]] = changed;
      assert.match(urn, /::eu-west-1-gate$/);
      assert.deepEqual(inputs, { ...before.get(urn), childHealthThreshold: threshold });
    }
  });

  it("never disables or inverts a check", async () => {
    for (const { inputs } of await withTraffic({ "eu-west-1": "drained" })) {
      assert.ok(!("disabled" in inputs) && !("invertHealthcheck" in inputs));
    }
  });

  it("leaves every other region's resources as they are when a region is added", async () => {
    const one = await up(globalContext(fleetOf(["eu-west-1"], { zone: fleet.zone })));
    const more = await three();
    const names = new Set(more.resources.map(({ urn }) => urn));
    assert.ok(one.resources.every(({ urn }) => names.has(urn)));
  });

  it("skips a region that is not up where config says so, and makes the zone before any is", async () => {
    const skip = globalContext(fleet, {}, { whenRegionMissing: "skip" });
    const two = await up(skip, upStacks(fleet, ["us-east-1", "eu-west-1"]));
    assert.equal(two.of(RECORD).length, 2 * 2 + 2 * 2 * 2);
    assert.ok(two.resources.every(({ name }) => !name.includes("ap-southeast-1")));

    const none = await up(skip, {});
    assert.equal(none.resources.filter(({ custom }) => custom).length, 1);
    assert.equal(none.one(ZONE).name, "public-zone");
  });

  it("exports the record that its schema describes", async () => {
    const run = await up(globalContext(fleet, { "eu-west-1": "drained" }));
    const record = globalOutputsSchema.parse(await run.value(run.result.global));
    const zone = run.one(ZONE).state;
    assert.equal(record.zoneId, zone["zoneId"]);
    assert.deepEqual(record.nameServers, zone["nameServers"]);
    assert.deepEqual(record.hosts, ["api.acme.test", "media.acme.test"]);
    assert.deepEqual(Object.keys(record.regions), THREE);
    assert.deepEqual(record.regions["eu-west-1"], {
      traffic: "drained",
      gateId: run.one(HEALTH_CHECK, "eu-west-1-gate").id,
      endpointCheckId: run.one(HEALTH_CHECK, "eu-west-1-endpoint").id,
    });
  });
});

describe("global stack: where users go", () => {
  /** The program's records and checks as Route 53's answering model takes them, with dead endpoints. */
  const serving = async (traffic: Partial<Record<string, TrafficState>>, dead: string[] = []) => {
    const run = await up(globalContext(fleet, traffic));
    const checks = run.of(HEALTH_CHECK).map(({ id, name, inputs }): HealthCheck => {
      const threshold = inputs["childHealthThreshold"] as number | undefined;
      return threshold === undefined
        ? { id, kind: "endpoint", healthy: !dead.includes(name.replace(/-endpoint$/, "")) }
        : { id, kind: "calculated", threshold, children: inputs["childHealthchecks"] as string[] };
    });
    const records = run
      .of(RECORD)
      .filter(({ inputs }) => inputs["setIdentifier"] !== undefined)
      .map(({ inputs }): LatencyRecord => {
        const [alias] = inputs["aliases"] as { evaluateTargetHealth: boolean }[];
        return {
          name: String(inputs["name"]),
          type: inputs["type"] as "A" | "AAAA",
          region: String(inputs["setIdentifier"]),
          healthCheckId: String(inputs["healthCheckId"]),
          evaluateTargetHealth: alias?.evaluateTargetHealth === true,
          targetHealthy: !dead.includes(String(inputs["setIdentifier"])),
        };
      });
    const byId = new Map(checks.map((check) => [check.id, check]));
    return (from: string, type: "A" | "AAAA" = "A") =>
      answer(records, byId, { name: "api.acme.test", type, from })?.region;
  };

  it("serves everyone from their own region when all are active", async () => {
    const from = await serving({});
    for (const region of THREE) assert.equal(from(region), region);
    assert.equal(from("eu-west-1", "AAAA"), "eu-west-1");
  });

  it("sends a drained region's users elsewhere, and leaves the others alone", async () => {
    const from = await serving({ "us-east-1": "drained" });
    assert.equal(from("us-east-1"), "eu-west-1");
    assert.equal(from("us-east-1", "AAAA"), "eu-west-1");
    assert.equal(from("ap-southeast-1"), "ap-southeast-1");
  });

  it("keeps a drained region out when it really fails", async () => {
    const from = await serving({ "us-east-1": "drained" }, ["us-east-1"]);
    assert.equal(from("us-east-1"), "eu-west-1");
  });

  it("sends a failed region's users elsewhere without an edit", async () => {
    const from = await serving({}, ["us-east-1"]);
    assert.equal(from("us-east-1"), "eu-west-1");
  });
});

describe("global stack: the zone", () => {
  const zoneOptions = async (ctx: GlobalContext) => (await up(ctx)).one(ZONE).options;

  it("is protected in production, not in development, and as the stack file says", async () => {
    const create = { zone: fleet.zone };
    assert.equal((await zoneOptions(globalContext(fleetOf(["eu-west-1"], create)))).protect, true);

    const development = fleetOf(["eu-west-1"], { ...create, environment: "development" });
    const stacks = { "development-eu-west-1": { region: regionRecord("eu-west-1", development) } };
    const run = await up(globalContext(development), stacks);
    assert.notEqual(run.one(ZONE).options.protect, true);

    const ctx = globalContext(fleetOf(["eu-west-1"], create));
    ctx.config.deletionProtection = false;
    assert.notEqual((await zoneOptions(ctx)).protect, true);
  });

  it("is looked up when it exists already, and none is made", async () => {
    const existing = fleetOf(["eu-west-1"], { zone: { source: "existing", id: "Z0ACME" } });
    const run = await MockEngine.run(
      { stack: "global", stackOutputs: upStacks(existing), cloud: cloudWith("Z0ACME") },
      () => globalStack(globalContext(existing)),
    );
    assert.deepEqual(run.of(ZONE), []);
    assert.ok(run.of(RECORD).every(({ inputs }) => inputs["zoneId"] === "Z0ACME"));
    const record = await run.value(run.result.global);
    assert.equal(record.zoneId, "Z0ACME");
    assert.ok(!("nameServers" in record));
  });

  it("previews before anything exists", async () => {
    const run = await MockEngine.run(
      { stack: "global", preview: true, stackOutputs: upStacks(fleet), cloud: createCloud() },
      () => globalStack(globalContext(fleet)),
    );
    assert.equal(run.of(RECORD).length, 3 * 2 + 2 * 3 * 2);
    assert.equal(run.one(HEALTH_CHECK, "eu-west-1-gate").inputs["childHealthThreshold"], 1);
  });
});

describe("global stack: guards", () => {
  const refused = async (ctx: GlobalContext, stackOutputs?: ReturnType<typeof upStacks>) => {
    const error: unknown = await up(ctx, stackOutputs).then(
      () => assert.fail("nothing was refused"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof OperatorError, String(error));
    return error.details;
  };

  it("refuses a region without a traffic state", async () => {
    const ctx = globalContext(fleet);
    delete ctx.config.regions["eu-west-1"];
    const details = await refused(ctx);
    assert.equal(details.key, "Pulumi.global.yaml: regions.eu-west-1.traffic");
  });

  it("refuses when the only regions that are up are drained", async () => {
    const ctx = globalContext(fleet, { "eu-west-1": "drained" }, { whenRegionMissing: "skip" });
    const details = await refused(ctx, upStacks(fleet, ["eu-west-1"]));
    assert.equal(details.key, "Pulumi.global.yaml: regions");
    assert.deepEqual(details.value, { "eu-west-1": "drained" });
  });

  it("refuses a created zone that is not the one in the fleet file", async () => {
    const ctx = globalContext(fleetOf(THREE, { zone: { source: "create", id: "Z0OTHER" } }));
    await assert.rejects(up(ctx), (error: unknown) => {
      assert.ok(error instanceof pulumi.RunError, String(error));
      assert.match(error.message, /^fleet: zone\.id is "Z0OTHER"/);
      return true;
    });
  });
});
