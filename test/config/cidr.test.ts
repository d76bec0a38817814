import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Cidr,
  contains,
  formatCidr,
  isNetwork,
  network,
  overlaps,
  parseCidr,
  readCidr,
  size,
  subdivide,
} from "../../infra/config/cidr";

const prefixLength = fc.integer({ min: 0, max: 32 });

const block = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefixLength)
  .map(([base, prefix]): Cidr => ({ base, prefix }));

/** Whether two blocks share an address, by the definition: the shorter prefix of both is the same. */
function share(a: Cidr, b: Cidr): boolean {
  const bits = ({ base }: Cidr): string => base.toString(2).padStart(32, "0");
  const length = Math.min(a.prefix, b.prefix);
  return bits(a).slice(0, length) === bits(b).slice(0, length);
}

describe("CIDR blocks", () => {
  it("come back as they were written", () => {
    fc.assert(fc.property(block, (one) => assert.deepEqual(readCidr(formatCidr(one)), one)));
  });

  it("overlap when, and only when, the shorter prefix is common to both", () => {
    const near = block.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.oneof(
          block,
          prefixLength.map((prefix) => ({ base: one.base, prefix })),
          fc.constant({ base: (one.base + size(one)) % 2 ** 32, prefix: one.prefix }),
        ),
      ),
    );
    fc.assert(
      fc.property(near, ([a, b]) => {
        assert.equal(overlaps(a, b), share(a, b));
        assert.equal(overlaps(b, a), overlaps(a, b));
        assert.equal(contains(a, b), share(a, b) && a.prefix <= b.prefix);
      }),
    );
  });

  it("are divided without gap or overlap", () => {
    const divided = block.chain((one) =>
      fc.tuple(
        fc.constant(network(one)),
        fc.integer({ min: one.prefix, max: Math.min(32, one.prefix + 6) }),
      ),
    );
    fc.assert(
      fc.property(divided, ([whole, prefix]) => {
        const parts = subdivide(whole, prefix);
        assert.equal(parts.length, 2 ** (prefix - whole.prefix));
        let next = whole.base;
        for (const part of parts) {
          assert.ok(isNetwork(part) && contains(whole, part));
          assert.equal(part.base, next);
          next += size(part);
        }
        assert.equal(next, whole.base + size(whole));
      }),
    );
  });

  it("cannot be divided into larger ones", () => {
    assert.throws(() => subdivide(parseCidr("10.0.0.0/16"), 15), {
      name: "RangeError",
      message: "10.0.0.0/16 cannot be divided into /15 blocks",
    });
  });

  it("that are no networks are refused with the network they lie in", () => {
    assert.throws(() => parseCidr("10.16.9.0/16"), {
      name: "RangeError",
      message: "10.16.9.0/16 is not a network address; the network is 10.16.0.0/16",
    });
  });

  it("that cannot be are none", () => {
    const none = ["", "10.0.0.0", "10.0.0/8", "10.0.0.256/8", "10.0.0.0/33", "10.00.0.0/8", "::/0"];
    for (const text of none) assert.equal(readCidr(text), undefined, text);
  });
});
