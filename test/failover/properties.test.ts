import assert from "node:assert/strict";
import * as fc from "fast-check";
import { drainedTogether } from "../../infra/config/drainAlone";
import { checkFleetConsistency, judge } from "../../infra/config/fleetConsistency";
import { parseStackName } from "../../infra/config/stackName";
import { TRAFFIC_STATES } from "../../infra/config/stackSchemas";
import { changesOf, modelOf, type StackModel } from "../../infra/failover/resources";
import { stepsOf } from "../../infra/failover/steps";
import { route } from "../../infra/failover/whatIf";
import { roundTrip } from "../../infra/plan/latency";
import { vantagePoints } from "../../infra/plan/routing";
import { SERVICES } from "../../workloads/catalogue";
import { filesOf, fleets, type GeneratedRegion, withPrimary } from "./generated";

const RUNS = { numRuns: 10_000 };

const changes = (before: readonly GeneratedRegion[], after: readonly GeneratedRegion[]) =>
  changesOf(modelOf(filesOf(before), SERVICES), modelOf(filesOf(after), SERVICES));

const pick = <T>(all: readonly T[], index: number): T => {
  const found = all[index % all.length];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
};

/** Whether the checks stop a stack. */
function refused(all: readonly GeneratedRegion[], stack: string): boolean {
  const { fleet, files } = filesOf(all);
  return judge(checkFleetConsistency(fleet, files), parseStackName(stack)).errors.length > 0;
}

/** The guards said again, as plainly as they come: what must be refused of the global stack. */
function globalMustBeRefused(all: readonly GeneratedRegion[]): boolean {
  const drained = all.filter(({ traffic }) => traffic === "drained");
  const serving = all.filter(({ traffic }) => traffic !== "drained");
  if (serving.length === 0) return true;
  const writer = drained.some(
    ({ role, accept }) => role === "primary" && !accept.includes("drained-writer"),
  );
  const accepted = drained.every(({ accept }) => accept.includes("overload"));
  const unknown = all.every(({ load }) => load === undefined);
  if (writer || drained.length === 0 || accepted || unknown) return writer;
  const gets = new Map<string, number>();
  for (const { region: from, load } of all) {
    const near = serving
      .map(({ region }) => region)
      .sort((a, b) => {
        return roundTrip(from, a) - roundTrip(from, b) || a.localeCompare(b);
      });
    const to = pick(near, 0);
    gets.set(to, (gets.get(to) ?? 0) + (load?.peak ?? 0));
  }
  return serving.some(
    ({ region, capacity, load }) =>
      (gets.get(region) ?? 0) > (load?.carries ?? 0) * capacity + 1e-6,
  );
}

function regionMustBeRefused(all: readonly GeneratedRegion[], own: GeneratedRegion): boolean {
  if (all.filter(({ role }) => role === "primary").length !== 1) return true;
  const others = all.some(({ traffic }) => traffic !== "drained");
  const drained = own.traffic === "drained" && own.role === "primary" && others;
  return drained && !own.promoteDrained && !own.accept.includes("drained-writer");
}

describe("failover, over generated fleets", function () {
  this.timeout(180_000);

  it("changes one resource in place by a traffic edit: the region's gate", () => {
    fc.assert(
      fc.property(fleets, fc.nat(), fc.constantFrom(...TRAFFIC_STATES), (all, index, traffic) => {
        const { region, traffic: old } = pick(all, index);
        const after = all.map((at) => (at.region === region ? { ...at, traffic } : at));
        const update = [`health check ${region}-gate`];
        const one = { stack: "global", create: [], update, replace: [], delete: [] };
        assert.deepEqual(changes(all, after), old === traffic ? [] : [one]);
      }),
      RUNS,
    );
  });

  it("shows no diff on data by a role edit: a command comes, a command goes", () => {
    fc.assert(
      fc.property(fleets, fc.nat(), fc.nat(), (all, from, to) => {
        const [old, now] = [pick(all, from).region, pick(all, to).region];
        const command = ["promotion command"];
        const none = { create: [], update: [], replace: [], delete: [] };
        const found = changes(withPrimary(all, old), withPrimary(all, now));
        const wanted =
          old === now
            ? []
            : all
                .map(({ region }) => region)
                .filter((region) => region === old || region === now)
                .map((stack) =>
                  stack === now
                    ? { ...none, stack, create: command }
                    : { ...none, stack, delete: command },
                );
        assert.deepEqual(found, wanted);
      }),
      RUNS,
    );
  });

  it("refuses every state of the global stack that must be refused, and no other", () => {
    const seen = { refused: 0, allowed: 0 };
    fc.assert(
      fc.property(fleets, (all) => {
        const wanted = globalMustBeRefused(all);
        seen[wanted ? "refused" : "allowed"] += 1;
        assert.equal(refused(all, "global"), wanted);
      }),
      RUNS,
    );
    assert.ok(seen.refused > 1000 && seen.allowed > 1000, JSON.stringify(seen));
  });

  it("refuses every role of a regional stack that must be refused, and no other", () => {
    const seen = { refused: 0, allowed: 0 };
    fc.assert(
      fc.property(fleets, fc.nat(), (all, index) => {
        const own = pick(all, index);
        const wanted = regionMustBeRefused(all, own);
        seen[wanted ? "refused" : "allowed"] += 1;
        assert.equal(refused(all, own.region), wanted);
      }),
      RUNS,
    );
    assert.ok(seen.refused > 1000 && seen.allowed > 1000, JSON.stringify(seen));
  });

  it("refuses a drain that has company, unless that is accepted, and no other edit", () => {
    const shapes = fc.record({
      hosts: fc.subarray(["api.acme.test", "media.acme.test"]),
      traffic: fc.dictionary(
        fc.constantFrom("us-east-1", "eu-west-1", "ap-southeast-1"),
        fc.constantFrom(...TRAFFIC_STATES),
      ),
    });
    const seen = { refused: 0, allowed: 0 };
    fc.assert(
      fc.property(
        shapes,
        shapes,
        fc.boolean(),
        fc.subarray(["us-east-1", "eu-west-1"]),
        (before, other, sameHosts, joint) => {
          const after = { ...other, hosts: sameHosts ? before.hosts : other.hosts };
          const names = [
            ...new Set([...Object.keys(before.traffic), ...Object.keys(after.traffic)]),
          ];
          const moved = names.filter((name) => before.traffic[name] !== after.traffic[name]);
          const hosts = JSON.stringify(before.hosts) !== JSON.stringify(after.hosts);
          const lone = (region: string) => !hosts && moved.length === 1 && moved[0] === region;
          const wanted = moved.some(
            (region) =>
              before.traffic[region] !== undefined &&
              after.traffic[region] === "drained" &&
              !lone(region) &&
              !joint.includes(region),
          );
          seen[wanted ? "refused" : "allowed"] += 1;
          const found = drainedTogether("Pulumi.global.yaml", before, after, (region) =>
            joint.includes(region) ? ["joint-change"] : [],
          );
          assert.equal(found.length > 0, wanted);
        },
      ),
      RUNS,
    );
    assert.ok(seen.refused > 1000 && seen.allowed > 1000, JSON.stringify(seen));
  });

  it("never sends anyone to a drained or dead region while another is healthy", () => {
    fc.assert(
      fc.property(fleets, fc.array(fc.nat(), { maxLength: 3 }), fc.nat(), (all, dead, near) => {
        const at = filesOf(all);
        const names = all.map(({ region }) => region);
        const down = new Set(dead.map((index) => pick(names, index)));
        const healthy = all.filter(
          ({ region, traffic }) => traffic !== "drained" && !down.has(region),
        );
        const from = pick(vantagePoints(names), near);
        const found = route(at, from, down);
        assert.ok(found);
        assert.equal(found.allUnhealthy, healthy.length === 0);
        if (healthy.length === 0) return;
        assert.ok(healthy.some(({ region }) => region === found.region));
        for (const { region } of healthy) {
          assert.ok(roundTrip(from, region) >= found.roundTripMs, "a nearer one is healthy");
        }
      }),
      RUNS,
    );
  });

  it("orders the steps: who takes over before DNS, DNS before who gives up, the dead at the end", () => {
    fc.assert(
      fc.property(fleets, fleets, fc.array(fc.nat(), { maxLength: 2 }), (all, states, dead) => {
        // The same regions, in two states.
        const after = all.map((at, index) => ({ ...pick(states, index), region: at.region }));
        const down = new Set(dead.map((index) => pick(all, index).region));
        const [old, now] = [filesOf(all), filesOf(after)];
        const steps = stepsOf(old, now, changes(all, after), down);
        const stacks = steps.map(({ stack }) => stack);
        assert.equal(new Set(stacks).size, stacks.length);
        assert.ok(!stacks.includes("backbone"));
        const later = steps.map((step) => step.later);
        assert.deepEqual(later, [...later].sort());
        for (const { stack, later: waits } of steps) assert.equal(waits, down.has(stack));
        const dns = stacks.indexOf("global");
        all.forEach((was, index) => {
          const is = pick(after, index);
          if (down.has(was.region) || dns < 0) return;
          const gains =
            is.capacity > was.capacity || (is.role === "primary" && was.role !== "primary");
          if (!gains) return;
          assert.ok(stacks.includes(was.region), `${was.region} runs`);
          assert.ok(stacks.indexOf(was.region) < dns, `${was.region} before global`);
        });
      }),
      RUNS,
    );
  });
});

describe("the model of changes", () => {
  const modelWith = (requestInterval: number): Map<string, StackModel> =>
    new Map([
      ["global", new Map([["health check a-endpoint", { type: "HTTPS", requestInterval }]])],
    ]);

  it("tells a health check that would be replaced from one that changes in place", () => {
    const [change] = changesOf(modelWith(10), modelWith(30));
    assert.deepEqual(change?.replace, ["health check a-endpoint"]);
    assert.deepEqual(change?.update, []);
  });

  it("tells what comes and what goes", () => {
    const [gone] = changesOf(modelWith(10), new Map());
    assert.deepEqual(gone?.delete, ["health check a-endpoint"]);
    const [made] = changesOf(new Map(), modelWith(10));
    assert.deepEqual(made?.create, ["health check a-endpoint"]);
  });
});
