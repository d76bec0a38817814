import assert from "node:assert/strict";
import fc from "fast-check";
import { SERVICES } from "../../workloads/catalogue";
import type { Service } from "../../workloads/catalogue";
import { servicesIn } from "../../workloads/placement";

const HOMES = {
  "chat-generation": "us-east-1",
  "text-editor-chat": "us-east-1",
  "feed-copy-generation": "us-east-1",
  "ai-inference": "ap-southeast-1",
  "ai-training": "ap-southeast-1",
};

const EVERYWHERE = ["api", "media", "media-processor", "outbox", "data-export", "ray"];

const placed = (region: string, takeover: string[] = []) =>
  servicesIn({ region, services: SERVICES, homes: HOMES, takeover });
const names = (region: string, takeover?: string[]) =>
  placed(region, takeover).map(({ service }) => service.name);

describe("placement", () => {
  it("runs the fleet's services where the source documents have them", () => {
    const consumers = ["chat-generation", "text-editor-chat", "feed-copy-generation"];
    const ai = ["ai-inference", "ai-training"];
    assert.deepEqual(new Set(names("us-east-1")), new Set([...EVERYWHERE, ...consumers]));
    assert.deepEqual(new Set(names("eu-west-1")), new Set(EVERYWHERE));
    assert.deepEqual(new Set(names("ap-southeast-1")), new Set([...EVERYWHERE, ...ai]));
  });

  it("keeps the catalogue's order and says why each service runs", () => {
    const reasons = placed("eu-west-1", ["us-east-1"]).map(({ service, because }) => [
      service.name,
      because,
    ]);
    const expected = SERVICES.filter(({ name }) => !name.startsWith("ai-")).map(
      ({ name, placement }) => [name, placement === "home" ? "takeover" : "everywhere"],
    );
    assert.deepEqual(reasons, expected);
  });

  it("runs a service once in a region that takes itself over", () => {
    assert.deepEqual(names("us-east-1", ["us-east-1"]), names("us-east-1"));
  });

  it("fails for a service without a home, which config refuses before", () => {
    assert.throws(
      () => servicesIn({ region: "us-east-1", services: SERVICES, homes: {}, takeover: [] }),
      /^Error: chat-generation has no home region/,
    );
  });
});

interface Fleet {
  regions: string[];
  services: Service[];
  homes: Record<string, string>;
  takeovers: Record<string, string[]>;
}

/** A fleet of one to six regions with services placed and regions taken over at will. */
const fleets: fc.Arbitrary<Fleet> = fc.integer({ min: 1, max: 6 }).chain((count) => {
  const regions = Array.from({ length: count }, (_, index) => `region-${index}`);
  const region = fc.constantFrom(...regions);
  const service = fc.record({
    home: region,
    placement: fc.constantFrom<Service["placement"]>("everywhere", "home"),
  });
  return fc
    .tuple(
      fc.array(service, { maxLength: 12 }),
      fc.array(fc.subarray(regions), { minLength: count, maxLength: count }),
    )
    .map(([placements, takeovers]) => ({
      regions,
      services: placements.map(({ placement }, index) => ({ name: `service-${index}`, placement })),
      homes: Object.fromEntries(placements.map(({ home }, index) => [`service-${index}`, home])),
      takeovers: Object.fromEntries(regions.map((name, index) => [name, takeovers[index] ?? []])),
    }));
});

/** Regions in which each service runs. */
function running({ regions, services, homes, takeovers }: Fleet): Map<string, string[]> {
  const where = new Map(services.map(({ name }): [string, string[]] => [name, []]));
  for (const region of regions) {
    const takeover = takeovers[region] ?? [];
    for (const { service } of servicesIn({ region, services, homes, takeover })) {
      where.get(service.name)?.push(region);
    }
  }
  return where;
}

describe("placement of any fleet", () => {
  it("runs every service somewhere, and one that is placed everywhere in every region", () => {
    fc.assert(
      fc.property(fleets, (fleet) => {
        const where = running(fleet);
        for (const { name, placement } of fleet.services) {
          const regions = where.get(name) ?? [];
          if (placement === "everywhere") assert.deepEqual(regions, fleet.regions);
          else assert.ok(regions.includes(fleet.homes[name] ?? ""));
        }
      }),
    );
  });

  it("runs a homed service in its home only, and elsewhere exactly where a takeover says so", () => {
    fc.assert(
      fc.property(fleets, (fleet) => {
        const where = running(fleet);
        for (const { name, placement } of fleet.services) {
          if (placement === "everywhere") continue;
          const home = fleet.homes[name] ?? "";
          const allowed = fleet.regions.filter(
            (region) => region === home || fleet.takeovers[region]?.includes(home),
          );
          assert.deepEqual(where.get(name), allowed);
        }
        const none = running({ ...fleet, takeovers: {} });
        for (const { name, placement } of fleet.services) {
          if (placement === "home") assert.equal(none.get(name)?.length, 1);
        }
      }),
    );
  });

  it("leaves every service running when any one region is drained and another takes it over", () => {
    fc.assert(
      fc.property(fleets, fc.nat(), fc.nat(), (fleet, at, by) => {
        fc.pre(fleet.regions.length > 1);
        const drained = fleet.regions[at % fleet.regions.length] ?? "";
        const left = fleet.regions.filter((region) => region !== drained);
        const heir = left[by % left.length] ?? "";
        const takeovers = {
          ...fleet.takeovers,
          [heir]: [...(fleet.takeovers[heir] ?? []), drained],
        };
        const where = running({ ...fleet, regions: left, takeovers });
        for (const { name } of fleet.services) assert.notEqual(where.get(name)?.length, 0, name);
      }),
    );
  });
});
