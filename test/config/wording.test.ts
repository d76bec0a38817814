import assert from "node:assert/strict";
import fc from "fast-check";
import { fleetSchema } from "../../infra/config/fleet";
import { keysOf } from "../../infra/config/schema";
import { backboneSchema, globalSchema, regionalSchema } from "../../infra/config/stackSchemas";
import { allOf, editDistance, nearest, nearestRegion, oneOf } from "../../infra/config/wording";

const KEYS = [fleetSchema, regionalSchema, globalSchema, backboneSchema].map(keysOf);

/** A key of one of the schemas, with one slip of the finger. */
const slip = fc
  .constantFrom(...KEYS)
  .chain((known) =>
    fc.record({
      known: fc.constant(known),
      key: fc.constantFrom(...known),
      kind: fc.constantFrom("left out", "doubled", "swapped", "wrong letter", "wrong case"),
      at: fc.nat(100),
      letter: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"),
    }),
  )
  .map(({ known, key, kind, at, letter }) => {
    const index = at % (key.length - 1);
    const [head, here, next, tail] = [
      key.slice(0, index),
      key.charAt(index),
      key.charAt(index + 1),
      key.slice(index + 2),
    ];
    const typed = {
      "left out": head + next + tail,
      doubled: head + here + here + next + tail,
      swapped: head + next + here + tail,
      "wrong letter": head + letter + next + tail,
      "wrong case": key.toUpperCase(),
    }[kind];
    return { known, key, typed };
  });

const word = fc.stringMatching(/^[a-d]{0,6}$/);

describe("suggestions", () => {
  it("find the key behind any one slip, or one as near", () => {
    fc.assert(
      fc.property(slip, ({ known, key, typed }) => {
        const found = nearest(typed, known) ?? "";
        const edits = (to: string): number => editDistance(typed.toLowerCase(), to.toLowerCase());
        assert.ok(found === key || edits(found) <= edits(key), `${typed}: ${found}`);
        assert.ok(known.includes(found));
      }),
      { numRuns: 500 },
    );
  });

  it("are not made for a word that no key is like", () => {
    for (const strange of ["colour", "x", "zzzzzzzzzzzz"]) {
      assert.equal(nearest(strange, keysOf(regionalSchema)), undefined, strange);
    }
  });

  it("count edits as a distance: zero for the same, both ways alike, at most the longer word", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const edits = editDistance(a, b);
        assert.equal(edits, editDistance(b, a));
        assert.equal(edits === 0, a === b);
        assert.ok(edits >= Math.abs(a.length - b.length) && edits <= Math.max(a.length, b.length));
      }),
    );
    assert.equal(editDistance("traffic", "trafic"), 1);
    assert.equal(editDistance("homes", "hosts"), 2);
    assert.equal(editDistance("role", "rloe"), 1);
  });

  it("never take one region's number for another's", () => {
    const known = ["us-east-1", "eu-west-1"];
    assert.equal(nearestRegion("eu-wst-1", known), "eu-west-1");
    assert.equal(nearestRegion("us-east-2", known), undefined);
    assert.equal(nearestRegion("sa-east-1", known), undefined);
  });
});

describe("lists in messages", () => {
  it("read as sentences", () => {
    assert.equal(oneOf([]), "");
    assert.equal(oneOf(["a"]), "a");
    assert.equal(oneOf(["a", "b"]), "a or b");
    assert.equal(allOf(["a", "b", "c"]), "a, b and c");
  });
});
