import assert from "node:assert/strict";
import fc from "fast-check";
import { bringUpOrder, withNeeded } from "../../rehearsal/order";

const PRODUCTION = {
  environment: "production",
  dataHome: "eu-west-1",
  regions: { "us-east-1": {}, "eu-west-1": {}, "ap-southeast-1": {} },
} as const;

describe("bring-up order", () => {
  it("is the data home, the other regions, global, backbone", () => {
    assert.deepEqual(bringUpOrder(PRODUCTION), [
      "eu-west-1",
      "us-east-1",
      "ap-southeast-1",
      "global",
      "backbone",
    ]);
  });

  it("names the stacks of another environment with its prefix", () => {
    assert.deepEqual(bringUpOrder({ ...PRODUCTION, environment: "staging" }).slice(-3), [
      "staging-ap-southeast-1",
      "staging-global",
      "staging-backbone",
    ]);
  });

  it("adds what a chosen stack needs, and nothing else", () => {
    assert.deepEqual(withNeeded(PRODUCTION, ["ap-southeast-1"]), ["eu-west-1", "ap-southeast-1"]);
    assert.deepEqual(withNeeded(PRODUCTION, ["eu-west-1"]), ["eu-west-1"]);
    assert.deepEqual(withNeeded(PRODUCTION, ["global"]), bringUpOrder(PRODUCTION).slice(0, 4));
    assert.deepEqual(withNeeded(PRODUCTION, ["backbone"]), bringUpOrder(PRODUCTION));
    assert.deepEqual(withNeeded(PRODUCTION, []), bringUpOrder(PRODUCTION));
  });

  it("keeps the order whatever is chosen in whatever order", () => {
    const order = bringUpOrder(PRODUCTION);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...order), { minLength: 1 }), (chosen) => {
        const stacks = withNeeded(PRODUCTION, chosen);
        assert.deepEqual(
          stacks,
          order.filter((stack) => stacks.includes(stack)),
        );
        for (const stack of chosen) assert.ok(stacks.includes(stack));
        assert.equal(stacks[0], "eu-west-1");
      }),
    );
  });

  it("refuses a stack that the fleet does not have, and says which it has", () => {
    assert.throws(() => withNeeded(PRODUCTION, ["us-west-2"]), {
      name: "OperatorError",
      message: /stack is "us-west-2"[\s\S]*eu-west-1, us-east-1, ap-southeast-1, global, backbone/,
    });
  });
});
