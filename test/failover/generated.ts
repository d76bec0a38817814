import * as fc from "fast-check";
import { fleetSchema } from "../../infra/config/fleet";
import type { StackFile } from "../../infra/config/stackFiles";
import {
  ACCEPTANCES,
  globalSchema,
  regionalSchema,
  TRAFFIC_STATES,
} from "../../infra/config/stackSchemas";
import type { FleetFiles } from "../../infra/failover/fleetFiles";

/** Near and far from each other, measured and estimated. */
const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-1", "us-west-2", "eu-central-1"] as const;

const HOMED = [
  "chat-generation",
  "text-editor-chat",
  "feed-copy-generation",
  "ai-inference",
  "ai-training",
];

/** What the generator decides of one region. */
export interface GeneratedRegion {
  region: string;
  traffic: (typeof TRAFFIC_STATES)[number];
  accept: (typeof ACCEPTANCES)[number][];
  role: "primary" | "secondary";
  promoteDrained: boolean;
  capacity: number;
  takesOver: boolean[];
  load: { peak: number; carries: number } | undefined;
}

const region = (name: string, loads: boolean): fc.Arbitrary<GeneratedRegion> =>
  fc.record({
    region: fc.constant(name),
    traffic: fc.constantFrom(...TRAFFIC_STATES, "active" as const),
    accept: fc.subarray([...ACCEPTANCES], { maxLength: 2 }),
    role: fc.constantFrom("primary", "secondary"),
    promoteDrained: fc.boolean(),
    capacity: fc.constantFrom(1, 1.5, 2.7, 4),
    takesOver: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    load: loads
      ? fc.option(
          fc.record({
            peak: fc.integer({ min: 0, max: 9 }),
            carries: fc.integer({ min: 1, max: 9 }),
          }),
          { nil: undefined, freq: 8 },
        )
      : fc.constant(undefined),
  });

/** Fleets of one to five regions in any state that the schemas know; half of them have one primary. */
export const fleets: fc.Arbitrary<GeneratedRegion[]> = fc
  .tuple(
    fc.shuffledSubarray([...REGIONS], { minLength: 1 }),
    fc.boolean(),
    fc.option(fc.nat(), { nil: undefined }),
  )
  .chain(([names, loads, primary]) =>
    fc
      .tuple(...names.map((name) => region(name, loads)))
      .map((all) =>
        primary === undefined ? all : withPrimary(all, all[primary % all.length]?.region ?? ""),
      ),
  );

/** The same fleet with one region as the only primary. */
export function withPrimary(all: readonly GeneratedRegion[], region: string): GeneratedRegion[] {
  return all.map((at) => ({ ...at, role: at.region === region ? "primary" : "secondary" }));
}

/** As the loaders would read it. */
export function filesOf(all: readonly GeneratedRegion[]): FleetFiles {
  const names = all.map((at) => at.region);
  const fleet = fleetSchema.parse({
    environment: "production",
    organisation: "acme",
    domain: "acme.test",
    zone: { source: "existing", id: "Z0ACME" },
    hosts: ["api", "media"],
    dataHome: names[0],
    regions: Object.fromEntries(
      all.map(({ region, load }, index) => [
        region,
        {
          cidr: `10.${index + 16}.0.0/16`,
          zones: ["a", "b", "c"].map((zone) => `${region}${zone}`),
          ...(load && { load }),
        },
      ]),
    ),
    homes: Object.fromEntries(HOMED.map((name, index) => [name, names[index % names.length]])),
    operators: [{ roleArn: "arn:aws:iam::111122223333:role/operator", access: "admin" }],
    apiAllowedCidrs: ["192.0.2.0/24"],
    alarmEmails: [],
  });
  const regional = all.map(
    ({ region, role, promoteDrained, capacity, takesOver }): StackFile<"regional"> => ({
      kind: "regional",
      file: `Pulumi.${region}.yaml`,
      identity: { environment: "production", kind: "regional", region },
      awsRegion: region,
      config: regionalSchema.parse({
        database: { role, promoteDrained },
        capacity,
        takeover: names.filter((name, index) => name !== region && takesOver[index] === true),
      }),
    }),
  );
  const global: StackFile<"global"> = {
    kind: "global",
    file: "Pulumi.global.yaml",
    identity: { environment: "production", kind: "global" },
    awsRegion: "eu-west-1",
    config: globalSchema.parse({
      regions: Object.fromEntries(
        all.map(({ region, traffic, accept }) => [region, { traffic, accept }]),
      ),
    }),
  };
  return { fleet, files: { regional, global, backbone: undefined, broken: [] } };
}
