import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { gateThreshold } from "../../infra/plan/gate";
import { TRAFFIC_STATES } from "../../infra/config/stackSchemas";

/** What Route 53 says of a calculated check. */
const healthy = (threshold: number, healthyChildren: number) => healthyChildren >= threshold;

const children = fc.integer({ min: 1, max: 255 });
const someHealthy = children.chain((count) =>
  fc.tuple(fc.constant(count), fc.integer({ min: 0, max: count })),
);

describe("gateThreshold", () => {
  it("is healthy when active only with all children", () => {
    fc.assert(
      fc.property(someHealthy, ([count, up]) => {
        assert.equal(healthy(gateThreshold("active", count), up), up === count);
      }),
    );
  });

  it("is never healthy when drained and always when pinned, whatever the children say", () => {
    fc.assert(
      fc.property(someHealthy, ([count, up]) => {
        assert.equal(healthy(gateThreshold("drained", count), up), false);
        assert.equal(healthy(gateThreshold("pinned", count), up), true);
      }),
    );
  });

  it("stays within what Route 53 takes, and every state has its own threshold", () => {
    fc.assert(
      fc.property(children, (count) => {
        const thresholds = TRAFFIC_STATES.map((state) => gateThreshold(state, count));
        assert.ok(thresholds.every((threshold) => threshold >= 0 && threshold <= 256));
        assert.equal(new Set(thresholds).size, TRAFFIC_STATES.length);
      }),
    );
  });

  it("refuses a gate without children, with too many, or with a part of one", () => {
    for (const count of [0, -1, 256, 1.5, Number.NaN]) {
      assert.throws(() => gateThreshold("active", count), RangeError);
    }
  });
});
