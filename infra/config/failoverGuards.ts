import { isOverloaded, loadShares, type LoadShare, type RegionLoad } from "../plan/load";
import type { OperatorErrorArgs } from "./errors";
import type { Fleet } from "./fleet";
import type { Finding } from "./fleetConsistency";
import { fleetFile } from "./load";
import { stackFile, type StackFile, type StackFiles } from "./stackFiles";
import type { Acceptance } from "./stackSchemas";
import { allOf } from "./wording";

/** The failover guards that hold over the stack files alone; {@link drainedTogether} compares with what is deployed. */
export const FAILOVER_GUARDS: readonly ((fleet: Fleet, files: StackFiles) => Finding[])[] = [
  capacityLeft,
  drainedWriter,
  promotionIntoDrained,
  leftovers,
];

/** Peak and capacity of each region; undefined where the fleet states no load. */
export function regionLoads(
  { regions }: Fleet,
  { regional }: Pick<StackFiles, "regional">,
): Record<string, RegionLoad> | undefined {
  if (Object.values(regions).every(({ load }) => load === undefined)) return undefined;
  const capacityOf = (region: string): number =>
    regional.find(({ identity }) => identity.region === region)?.config.capacity ?? 1;
  const entries = Object.entries(regions).map(([region, { load }]): [string, RegionLoad] => [
    region,
    { peak: load?.peak ?? 0, carries: (load?.carries ?? 0) * capacityOf(region) },
  ]);
  return Object.fromEntries(entries);
}

/** The least `capacity`, to a tenth, with which a region carries a load; undefined where it states no load of its own. */
export function capacityFor({ regions }: Fleet, region: string, load: number): number | undefined {
  const carries = regions[region]?.load?.carries;
  return carries === undefined ? undefined : Math.ceil((load / carries) * 10 - 1e-6) / 10;
}

/** With a region drained, its users go to the nearest others, which have to carry them when they arrive. */
function capacityLeft(fleet: Fleet, files: StackFiles): Finding[] {
  const { global } = files;
  const loads = regionLoads(fleet, files);
  const drained = drainedRegions(fleet, global);
  if (global === undefined || loads === undefined || drained.length === 0) return [];
  if (drained.every((region) => accepts(global, region, "overload"))) return [];
  const serving = Object.keys(fleet.regions).filter((region) => !drained.includes(region));
  return loadShares(loads, serving)
    .filter(isOverloaded)
    .map((share) => ({
      problem: overload(fleet, global.file, drained, share),
      stops: ({ kind }) => kind === "global",
    }));
}

function overload(
  fleet: Fleet,
  globalFile: string,
  drained: readonly string[],
  { region, load, carries, serves }: LoadShare,
): OperatorErrorArgs {
  const file = stackFile({ environment: fleet.environment, kind: "regional", region });
  const capacity = capacityFor(fleet, region, load);
  const first =
    capacity === undefined
      ? `state regions.${region}.load in ${fleetFile(fleet.environment)}`
      : `write capacity: ${capacity} in ${file} and run that stack first`;
  return {
    key: `${globalFile}: traffic of ${allOf(drained)}`,
    value: "drained",
    rule: `what is left carries the peak; ${region} would get ${number(load)} (users of ${allOf(serves)}) and carries ${number(carries)}, in replicas of the api`,
    fix: `${first}, or write accept: [overload] beside the drain`,
  };
}

function drainedWriter(fleet: Fleet, { global, regional }: StackFiles): Finding[] {
  if (global === undefined) return [];
  return primariesIn(drainedRegions(fleet, global), regional)
    .filter(({ identity }) => !accepts(global, identity.region, "drained-writer"))
    .map(({ file, identity: { region } }) => ({
      problem: {
        key: `${global.file}: regions.${region}.traffic`,
        value: "drained",
        rule: `a drained region does not hold the database's writer; ${file} says database.role: primary`,
        fix: "make another region the primary first, or write accept: [drained-writer] beside the drain",
      },
      stops: ({ kind }) => kind === "global",
    }));
}

/** The same two words in the files, seen from the region's own stack: its `up` would make it the writer. */
function promotionIntoDrained(fleet: Fleet, { global, regional }: StackFiles): Finding[] {
  if (global === undefined) return [];
  return primariesIn(drainedRegions(fleet, global), regional)
    .filter(({ config }) => !config.database.promoteDrained)
    .filter(({ identity }) => !accepts(global, identity.region, "drained-writer"))
    .map(({ file, identity: { region } }) => ({
      problem: {
        key: `${file}: database.role`,
        value: "primary",
        rule: `no region becomes the writer while it is drained; ${global.file} drains ${region}`,
        fix: `write traffic: active for ${region} and run that stack first, or write database.promoteDrained: true here`,
      },
      stops: (stack) => stack.kind === "regional" && stack.region === region,
    }));
}

/** A permission that outlives its occasion would be there, unseen, at the next one. Stops nobody but the backbone. */
function leftovers(fleet: Fleet, { global, regional }: StackFiles): Finding[] {
  const stops = (): boolean => false;
  const accepted = Object.entries(global?.config.regions ?? {}).flatMap(
    ([region, { traffic, accept = [] }]): Finding[] => {
      if (global === undefined || traffic === "drained" || accept.length === 0) return [];
      const key = `${global.file}: regions.${region}.accept`;
      const rule = `what is accepted is accepted of a drained region; ${region} is ${traffic}`;
      return [{ problem: { key, value: accept, rule, fix: "remove it" }, stops }];
    },
  );
  const losses = regional.flatMap(({ file, identity, config: { database } }): Finding[] => {
    if (!Object.hasOwn(fleet.regions, identity.region)) return [];
    if (database.role === "primary" || database.onPromotion === "switchover") return [];
    const rule =
      "data loss is allowed for the one promotion that needs it; this region is secondary";
    const key = `${file}: database.onPromotion`;
    return [{ problem: { key, value: database.onPromotion, rule, fix: "remove it" }, stops }];
  });
  return [...accepted, ...losses];
}

/** None when all are: that is refused as such. */
function drainedRegions({ regions }: Fleet, global: StackFiles["global"]): string[] {
  const all = Object.keys(regions);
  const drained = all.filter((region) => global?.config.regions[region]?.traffic === "drained");
  return drained.length === all.length ? [] : drained;
}

function primariesIn(
  drained: readonly string[],
  regional: StackFiles["regional"],
): StackFile<"regional">[] {
  return regional.filter(
    ({ identity, config }) =>
      drained.includes(identity.region) && config.database.role === "primary",
  );
}

function accepts(global: StackFile<"global">, region: string, word: Acceptance): boolean {
  return global.config.regions[region]?.accept?.includes(word) ?? false;
}

/** At most two decimals, and none that say nothing. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
