import type { OperatorErrorArgs } from "./errors";
import type { Acceptance, TrafficState } from "./stackSchemas";
import { allOf } from "./wording";

/** What of the global stack decides where users go. */
export interface DnsShape {
  /** Public hosts, fully qualified. */
  hosts: readonly string[];
  /** Traffic state of every region that is up. */
  traffic: Readonly<Record<string, TrafficState>>;
}

/**
 * A drain goes alone, so that its preview shows one change and its effect has one cause: in the same
 * `up` no other region's traffic changes and no region or host comes or goes.
 *
 * @param file the global stack's file, for the message
 * @param before what is deployed
 * @param accepted what the file accepts of a region
 */
export function drainedTogether(
  file: string,
  before: DnsShape,
  after: DnsShape,
  accepted: (region: string) => readonly Acceptance[],
): OperatorErrorArgs[] {
  const drained = newlyDrained(before, after);
  return drained
    .filter((region) => !accepted(region).includes("joint-change"))
    .flatMap((region): OperatorErrorArgs[] => {
      const others = changes(before, after).filter(({ of }) => of !== region);
      if (others.length === 0) return [];
      return [
        {
          key: `${file}: regions.${region}.traffic`,
          value: "drained",
          rule: `a drain is the only change of its \`up\`; this one also ${allOf(others.map(({ what }) => what))}`,
          fix: `make the changes in turn, the drain first, or write accept: [joint-change] beside the drain`,
        },
      ];
    });
}

/** Regions that a change takes out of DNS; one that comes up drained was not in it. */
export function newlyDrained(before: DnsShape, after: DnsShape): string[] {
  return Object.entries(after.traffic)
    .filter(([region, state]) => state === "drained" && Object.hasOwn(before.traffic, region))
    .filter(([region]) => before.traffic[region] !== "drained")
    .map(([region]) => region);
}

function changes(before: DnsShape, after: DnsShape): { of: string; what: string }[] {
  const regions = [...new Set([...Object.keys(before.traffic), ...Object.keys(after.traffic)])];
  const ofRegions = regions.flatMap((region) => {
    const [old, now] = [before.traffic[region], after.traffic[region]];
    if (old === now) return [];
    if (old === undefined) return [{ of: region, what: `adds ${region}` }];
    if (now === undefined) return [{ of: region, what: `removes ${region}` }];
    return [{ of: region, what: `makes ${region} ${now}` }];
  });
  const added = after.hosts.filter((host) => !before.hosts.includes(host));
  const removed = before.hosts.filter((host) => !after.hosts.includes(host));
  return [
    ...ofRegions,
    ...added.map((host) => ({ of: host, what: `adds ${host}` })),
    ...removed.map((host) => ({ of: host, what: `removes ${host}` })),
  ];
}
