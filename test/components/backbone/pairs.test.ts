import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { peeringPairs } from "../../../infra/components/backbone/pairs";
import { REGION_PATTERN } from "../../../infra/config/stackName";

const region = fc
  .tuple(
    fc.constantFrom("us", "eu", "ap", "ca", "sa", "me"),
    fc.constantFrom("east", "west", "north", "south", "central", "southeast"),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([area, side, number]) => `${area}-${side}-${number}`);
const regions = fc.uniqueArray(region, { maxLength: 12 });

const pairsOf = (names: readonly string[]) =>
  peeringPairs(names.map((name) => ({ region: name }))).map(({ name, requester, accepter }) => ({
    name,
    requester: requester.region,
    accepter: accepter.region,
  }));

describe("peeringPairs", () => {
  it("names the pairs of the three committed regions", () => {
    assert.deepEqual(pairsOf(["us-east-1", "eu-west-1", "ap-southeast-1"]), [
      { name: "ap-southeast-1-eu-west-1", requester: "ap-southeast-1", accepter: "eu-west-1" },
      { name: "ap-southeast-1-us-east-1", requester: "ap-southeast-1", accepter: "us-east-1" },
      { name: "eu-west-1-us-east-1", requester: "eu-west-1", accepter: "us-east-1" },
    ]);
  });

  it("has no pair below two regions", () => {
    assert.deepEqual(pairsOf([]), []);
    assert.deepEqual(pairsOf(["eu-west-1"]), []);
  });

  it("joins every two regions once, the first one asking, under names of their own", () => {
    fc.assert(
      fc.property(regions, (all) => {
        assert.ok(all.every((name) => REGION_PATTERN.test(name)));
        const pairs = pairsOf(all);
        assert.equal(2 * pairs.length, all.length ** 2 - all.length);
        assert.equal(new Set(pairs.map(({ name }) => name)).size, pairs.length);
        for (const { requester, accepter } of pairs) {
          assert.ok(requester < accepter);
          assert.ok(all.includes(requester) && all.includes(accepter));
        }
      }),
    );
  });

  it("keeps every pair when a region is added, and does not care about the order", () => {
    fc.assert(
      fc.property(regions, region, fc.nat(), (all, added, at) => {
        fc.pre(!all.includes(added));
        const before = pairsOf(all);
        const position = at % (all.length + 1);
        const after = pairsOf([...all.slice(0, position), added, ...all.slice(position)]);
        for (const pair of before) {
          assert.deepEqual(
            after.find(({ name }) => name === pair.name),
            pair,
          );
        }
        assert.deepEqual(pairsOf([...all].reverse()), before);
      }),
    );
  });
});
