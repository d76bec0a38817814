import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, formatCidr, overlaps, parseCidr, size } from "../../infra/config/cidr";
import { planVpc, type VpcPlan } from "../../infra/plan/cidr";

const KINDS = ["private", "public", "isolated", "edge"] as const;

const subnets = (plan: VpcPlan) => KINDS.flatMap((kind) => plan[kind].map(parseCidr));

/** The /16 networks of the private ranges that a VPC may have. */
const vpcCidr = fc.oneof(
  fc.nat(255).map((second) => `10.${second}.0.0/16`),
  fc.integer({ min: 16, max: 31 }).map((second) => `172.${second}.0.0/16`),
  fc.constant("192.168.0.0/16"),
);

/** A fleet: one to twelve regions, each with a /16 of its own. */
const fleet = fc.uniqueArray(vpcCidr, { minLength: 1, maxLength: 12 });

describe("planVpc", () => {
  it("packs each zone's subnets into a /18 of its own", () => {
    assert.deepEqual(planVpc("10.16.0.0/16"), {
      cidr: "10.16.0.0/16",
      private: ["10.16.0.0/19", "10.16.64.0/19", "10.16.128.0/19"],
      public: ["10.16.32.0/22", "10.16.96.0/22", "10.16.160.0/22"],
      isolated: ["10.16.36.0/24", "10.16.100.0/24", "10.16.164.0/24"],
      edge: ["10.16.37.0/24", "10.16.101.0/24", "10.16.165.0/24"],
    });
  });

  it("lays out no two overlapping subnets in a whole fleet", () => {
    fc.assert(
      fc.property(fleet, (cidrs) => {
        const all = cidrs.flatMap((cidr) => subnets(planVpc(cidr)));
        all.forEach((a, index) => {
          const clash = all.slice(index + 1).find((b) => overlaps(a, b));
          assert.equal(clash, undefined, `${formatCidr(a)} overlaps`);
        });
        assert.equal(all.length, cidrs.length * 12);
      }),
    );
  });

  it("keeps every subnet inside its VPC, and the fourth /18 free", () => {
    fc.assert(
      fc.property(vpcCidr, (cidr) => {
        const vpc = parseCidr(cidr);
        const reserve = { base: vpc.base + 3 * 2 ** 14, prefix: 18 };
        for (const subnet of subnets(planVpc(cidr))) {
          assert.ok(contains(vpc, subnet));
          assert.ok(!overlaps(reserve, subnet));
        }
      }),
    );
  });

  it("gives each kind its size", () => {
    fc.assert(
      fc.property(vpcCidr, (cidr) => {
        const plan = planVpc(cidr);
        const sizes = KINDS.map((kind) => plan[kind].map((subnet) => size(parseCidr(subnet))));
        assert.deepEqual(sizes, [
          [8192, 8192, 8192],
          [1024, 1024, 1024],
          [256, 256, 256],
          [256, 256, 256],
        ]);
      }),
    );
  });

  it("moves no subnet when a region is added", () => {
    fc.assert(
      fc.property(fleet, vpcCidr, (cidrs, added) => {
        const before = cidrs.map(planVpc);
        const after = [added, ...cidrs].map(planVpc).slice(1);
        assert.deepEqual(after, before);
      }),
    );
  });

  for (const cidr of [
    "10.16.0.0/15",
    "10.16.0.0/17",
    "10.16.1.0/16",
    "10.16.0.0",
    "10.300.0.0/16",
  ]) {
    it(`refuses ${cidr}`, () => {
      assert.throws(() => planVpc(cidr), RangeError);
    });
  }
});
