import assert from "node:assert/strict";
import fc from "fast-check";
import { MEASURED_REGIONS, roundTrip } from "../../infra/plan/latency";
import {
  answer,
  isHealthy,
  vantagePoints,
  type HealthCheck,
  type LatencyRecord,
} from "../../infra/plan/routing";

const FLEET = ["us-east-1", "eu-west-1", "ap-southeast-1"];

interface RegionState {
  threshold?: number;
  endpointHealthy?: boolean;
  targetHealthy?: boolean;
}

/** A fleet with one endpoint check and one gate per region, as the global stack makes it. */
function fleet(states: Record<string, RegionState> = {}) {
  const checks = new Map<string, HealthCheck>();
  const records: LatencyRecord[] = [];
  for (const region of FLEET) {
    const { threshold = 1, endpointHealthy = true, targetHealthy = true } = states[region] ?? {};
    checks.set(`${region}-endpoint`, {
      id: `${region}-endpoint`,
      kind: "endpoint",
      healthy: endpointHealthy,
    });
    checks.set(region, {
      id: region,
      kind: "calculated",
      threshold,
      children: [`${region}-endpoint`],
    });
    for (const type of ["A", "AAAA"] as const) {
      records.push({
        name: "api.example.com",
        type,
        region,
        healthCheckId: region,
        evaluateTargetHealth: true,
        targetHealthy,
      });
    }
  }
  return { checks, records };
}

function servedFrom(states: Record<string, RegionState>, from: string, type: "A" | "AAAA" = "A") {
  const { checks, records } = fleet(states);
  return answer(records, checks, { name: "api.example.com", type, from });
}

describe("Route 53 answering model", () => {
  it("answers each part of the world from its nearest region", () => {
    const regions = vantagePoints(FLEET).map((from) => [from, servedFrom({}, from)?.region]);
    assert.deepEqual(Object.fromEntries(regions), {
      "us-east-1": "us-east-1",
      "eu-west-1": "eu-west-1",
      "ap-southeast-1": "ap-southeast-1",
      "us-west-2": "us-east-1",
      "ap-south-1": "ap-southeast-1",
    });
  });

  it("draining us-east-1 or ap-southeast-1 sends their users to eu-west-1", () => {
    assert.deepEqual(servedFrom({ "us-east-1": { threshold: 2 } }, "us-east-1"), {
      region: "eu-west-1",
      roundTripMs: 72,
      allUnhealthy: false,
    });
    assert.equal(
      servedFrom({ "ap-southeast-1": { threshold: 2 } }, "ap-southeast-1")?.region,
      "eu-west-1",
    );
  });

  it("an endpoint that fails takes its region out, a pinned region stays in", () => {
    const down = { endpointHealthy: false };
    assert.equal(servedFrom({ "eu-west-1": down }, "eu-west-1")?.region, "us-east-1");
    assert.equal(
      servedFrom({ "eu-west-1": { ...down, threshold: 0 } }, "eu-west-1")?.region,
      "eu-west-1",
    );
  });

  it("a load balancer without healthy targets takes its record out even when the gate is pinned", () => {
    const state = { "eu-west-1": { threshold: 0, targetHealthy: false } };
    assert.equal(servedFrom(state, "eu-west-1", "AAAA")?.region, "us-east-1");
  });

  it("answers as if all were healthy when none is", () => {
    const drained = Object.fromEntries(FLEET.map((region) => [region, { threshold: 2 }]));
    assert.deepEqual(servedFrom(drained, "ap-southeast-1"), {
      region: "ap-southeast-1",
      roundTripMs: 7,
      allUnhealthy: true,
    });
  });

  it("a record without a health check is healthy; a name without records has no answer", () => {
    const { records } = fleet();
    const ungated = records.map((record) => ({ ...record, healthCheckId: undefined }));
    const query = { type: "A", from: "eu-west-1" } as const;
    assert.equal(
      answer(ungated, new Map(), { ...query, name: "api.example.com" })?.region,
      "eu-west-1",
    );
    assert.equal(answer(ungated, new Map(), { ...query, name: "other.example.com" }), undefined);
  });

  it("a disabled check is always healthy and an inverted one is turned round", () => {
    const { checks } = fleet({ "us-east-1": { endpointHealthy: false } });
    checks.set("off", { id: "off", kind: "endpoint", healthy: false, disabled: true });
    checks.set("inv", { id: "inv", kind: "endpoint", healthy: false, inverted: true });
    assert.equal(isHealthy(checks, "off"), true);
    assert.equal(isHealthy(checks, "inv"), true);
    assert.equal(isHealthy(checks, "us-east-1"), false);
    assert.throws(() => isHealthy(checks, "gone"), /health check gone does not exist/);
  });

  it("never answers a drained region while another one is healthy", () => {
    fc.assert(
      fc.property(
        fc.record(
          Object.fromEntries(
            FLEET.map((region) => [
              region,
              fc.record({
                threshold: fc.constantFrom(0, 1, 2),
                endpointHealthy: fc.boolean(),
                targetHealthy: fc.boolean(),
              }),
            ]),
          ),
        ),
        fc.constantFrom(...vantagePoints(FLEET)),
        (states, from) => {
          const got = servedFrom(states, from);
          assert.ok(got);
          const state = states[got.region];
          assert.ok(state);
          if (!got.allUnhealthy) assert.notEqual(state.threshold, 2);
          if (!got.allUnhealthy) assert.equal(state.targetHealthy, true);
        },
      ),
    );
  });
});

describe("round trips", () => {
  it("are the measured ones where there are any", () => {
    assert.equal(roundTrip("ap-southeast-1", "eu-west-1"), 183);
    assert.equal(roundTrip("eu-west-1", "ap-southeast-1"), 180);
  });

  it("are estimated from the distance where nobody measured them", () => {
    // sa-east-1 is in no measured pair; eu-west-2 is 460 km from eu-west-1.
    assert.ok(roundTrip("eu-west-2", "eu-west-1") < 20);
    assert.ok(roundTrip("sa-east-1", "us-east-1") > 100);
    for (const region of MEASURED_REGIONS) {
      assert.ok(roundTrip("eu-central-1", "eu-west-1") <= roundTrip("eu-central-1", region));
    }
  });

  it("refuse a region whose place is unknown", () => {
    assert.throws(() => roundTrip("xx-nowhere-1", "eu-west-1"), /add the region's latitude/);
  });
});
