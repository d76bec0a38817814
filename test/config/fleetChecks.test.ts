import assert from "node:assert/strict";
import fc from "fast-check";
import { overlaps, parseCidr } from "../../infra/config/cidr";
import { type Fleet, fleetSchema } from "../../infra/config/fleet";
import { checkFleet } from "../../infra/config/fleetChecks";
import { freeCidr, SERVICE_CIDR } from "../../infra/config/fleetCidrs";

const NAMES = ["us-east-1", "us-west-2", "eu-west-1", "eu-north-1", "ap-south-1", "sa-east-1"];

/** Blocks from a small pool, so that overlaps are as likely as not. */
const cidr = fc.oneof(
  fc.nat(9).map((second) => `10.${second}.0.0/16`),
  fc.integer({ min: 18, max: 22 }).map((second) => `172.${second}.0.0/16`),
);

/** A fleet of one to six regions, right but for its CIDRs, perhaps. */
const fleet = fc
  .tuple(fc.shuffledSubarray(NAMES, { minLength: 1 }), fc.array(cidr, { minLength: 6 }))
  .map(([names, cidrs]) => fleetOf(names, cidrs));

function fleetOf(names: readonly string[], cidrs: readonly string[]): Fleet {
  const regions = names.map((name, index): [string, object] => [
    name,
    { cidr: cidrs[index], zones: ["a", "b", "c"].map((zone) => `${name}${zone}`) },
  ]);
  return fleetSchema.parse({
    environment: "production",
    organisation: "acme",
    domain: "acme.io",
    zone: { source: "existing", id: "Z0123456789" },
    hosts: ["api"],
    dataHome: names[0],
    regions: Object.fromEntries(regions) as Record<string, object>,
    operators: [{ roleArn: "arn:aws:iam::210987654321:role/operator", access: "admin" }],
    apiAllowedCidrs: ["198.18.7.0/24"],
    alarmEmails: [],
  });
}

const everyone = [{ name: "api", placement: "everywhere" as const }];

describe("checkFleet", () => {
  it("refuses each region that overlaps an earlier one or the services, and no other", () => {
    fc.assert(
      fc.property(fleet, (one) => {
        const blocks = Object.entries(one.regions);
        const clashing = blocks.filter(([, { cidr: text }], index) => {
          const earlier = blocks.slice(0, index).map(([, region]) => region.cidr);
          return [SERVICE_CIDR, ...earlier].some((other) =>
            overlaps(parseCidr(other), parseCidr(text)),
          );
        });
        assert.deepEqual(
          checkFleet(one, everyone).map(({ key }) => key),
          clashing.map(([region]) => `fleet/production.yaml: regions.${region}.cidr`),
        );
      }),
    );
  });

  it("proposes a block that mends it", () => {
    fc.assert(
      fc.property(fleet, ({ regions }) => {
        const free = parseCidr(freeCidr(regions));
        const others = [SERVICE_CIDR, ...Object.values(regions).map(({ cidr: text }) => text)];
        assert.ok(others.every((other) => !overlaps(parseCidr(other), free)));
      }),
    );
  });

  it("takes a host with the name of something that every object has", () => {
    assert.deepEqual(
      checkFleet({ ...fleetOf(["us-east-1"], ["10.1.0.0/16"]), hosts: ["constructor"] }, everyone),
      [],
    );
  });
});
