import assert from "node:assert/strict";
import fc from "fast-check";
import { AMI_TYPES, architectureOf } from "../../../infra/components/cluster/nodeImage";
import { OperatorError } from "../../../infra/config/errors";
import { PROFILES } from "../../../infra/config/profile";

const GRAVITON = [
  "m7g.large",
  "t4g.large",
  "c7gn.16xlarge",
  "r6gd.medium",
  "x2gd.metal",
  "im4gn.large",
  "is4gen.large",
  "a1.large",
];
const X86 = [
  "m7i.large",
  "t3.large",
  "t3a.large",
  "c5.4xlarge",
  "m6id.large",
  "g5.xlarge",
  "g4dn.xlarge",
  "r7iz.metal-16xl",
  "i3en.large",
];

describe("architectureOf", () => {
  for (const type of GRAVITON) {
    it(`${type} is Graviton`, () => {
      assert.equal(architectureOf([type]), "arm64");
    });
  }
  for (const type of X86) {
    it(`${type} is x86`, () => {
      assert.equal(architectureOf([type]), "amd64");
    });
  }

  it("knows the system nodes of every profile", () => {
    for (const { cluster } of Object.values(PROFILES)) {
      assert.equal(
        AMI_TYPES[architectureOf(cluster.systemNodes.instanceTypes)],
        "AL2023_ARM_64_STANDARD",
      );
    }
  });

  it("is the shared one, and refuses every mix", () => {
    const some = (types: string[]) => fc.subarray(types, { minLength: 1 });
    fc.assert(
      fc.property(some(GRAVITON), some(X86), (graviton, x86) => {
        assert.equal(architectureOf(graviton), "arm64");
        assert.equal(architectureOf(x86), "amd64");
        assert.throws(() => architectureOf([...graviton, ...x86]), OperatorError);
        assert.throws(() => architectureOf([...x86, ...graviton]), OperatorError);
      }),
    );
  });

  it("says what is wrong with a mix", () => {
    assert.throws(() => architectureOf(["m7g.large", "m7i.large"]), {
      name: "OperatorError",
      message: [
        'cluster.systemNodes.instanceTypes is ["m7g.large","m7i.large"]',
        "  rule: the instance types of a node group share one processor architecture",
        "  fix:  name Graviton types only (m7g, t4g) or x86 types only (m7i, t3)",
      ].join("\n"),
    });
  });

  for (const types of [[], ["m7g"], ["large"], ["m7g.large", "M7G.large"], [""]]) {
    it(`refuses ${JSON.stringify(types)}`, () => {
      assert.throws(() => architectureOf(types), OperatorError);
    });
  }
});
