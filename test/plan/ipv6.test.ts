import assert from "node:assert/strict";
import { isIPv6 } from "node:net";
import fc from "fast-check";
import { ipv6Subnet } from "../../infra/plan/ipv6";

/** Any /56 in its full form, such as `2600:1f18:0012:ab00:0:0:0:0/56`. */
const block = fc
  .tuple(fc.nat(0xffff), fc.nat(0xffff), fc.nat(0xffff), fc.nat(0xff))
  .map(([a, b, c, d]) => ({
    upper: (BigInt(a) << 48n) | (BigInt(b) << 32n) | (BigInt(c) << 16n) | BigInt(d << 8),
    text: `${[a, b, c, d << 8].map((group) => group.toString(16)).join(":")}:0:0:0:0/56`,
  }));

/** The upper 64 bits of `<groups>::/64`, read without the code under test. */
function upperBits(subnet: string): bigint {
  const groups = subnet.replace("::/64", "").split(":").filter(Boolean);
  const padded = [...groups, "0", "0", "0", "0"].slice(0, 4);
  return padded.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

describe("ipv6Subnet", () => {
  const cases: [string, number, string][] = [
    ["2600:1f18:1234:5600::/56", 0, "2600:1f18:1234:5600::/64"],
    ["2600:1f18:1234:5600::/56", 2, "2600:1f18:1234:5602::/64"],
    ["2600:1f18:1234:5600::/56", 255, "2600:1f18:1234:56ff::/64"],
    ["2001:db8::/56", 0, "2001:db8::/64"],
    ["2001:db8::/56", 1, "2001:db8:0:1::/64"],
    ["2001:DB8:0:A00:0:0:0:0/56", 10, "2001:db8:0:a0a::/64"],
  ];
  for (const [vpc, index, subnet] of cases) {
    it(`${vpc} has ${subnet} at ${index}`, () => {
      assert.equal(ipv6Subnet(vpc, index), subnet);
    });
  }

  it("counts up from the block, and writes an address that parses", () => {
    fc.assert(
      fc.property(block, fc.nat(255), ({ upper, text }, index) => {
        const subnet = ipv6Subnet(text, index);
        assert.equal(upperBits(subnet), upper + BigInt(index));
        assert.ok(isIPv6(subnet.replace("/64", "")), subnet);
        assert.doesNotMatch(subnet, /(^|:)0[0-9a-f]|[A-F]/);
      }),
    );
  });

  it("gives 256 distinct subnets and no more", () => {
    fc.assert(
      fc.property(block, ({ text }) => {
        const all = Array.from({ length: 256 }, (_, index) => ipv6Subnet(text, index));
        assert.equal(new Set(all).size, 256);
      }),
      { numRuns: 10 },
    );
    assert.throws(() => ipv6Subnet("2001:db8::/56", 256), RangeError);
    assert.throws(() => ipv6Subnet("2001:db8::/56", -1), RangeError);
    assert.throws(() => ipv6Subnet("2001:db8::/56", 0.5), RangeError);
  });

  const refused = [
    "2001:db8::/48",
    "2001:db8::",
    "2001:db8::1/56",
    "2001:db8:0:1::/56",
    "2001::db8::/56",
    "2001:db8:0:0:0:0:0/56",
    "2001:db8:0:0:0:0:0:0:0/56",
    "1:2:3:4:5:6:7::8/56",
    "2001:xyz::/56",
    "10.0.0.0/56",
    "/56",
  ];
  for (const text of refused) {
    it(`refuses ${text}`, () => {
      assert.throws(() => ipv6Subnet(text, 0), RangeError);
    });
  }
});
