import { answer, type LatencyRecord } from "./routing";

/** What of a region says how much it gets and carries, in any one unit. */
export interface RegionLoad {
  /** What the users nearest to the region need at their peak. */
  peak: number;
  /** What the region carries as it is configured. */
  carries: number;
}

/** What a serving region would get at the peak. */
export interface LoadShare {
  region: string;
  load: number;
  carries: number;
  /** The regions whose users it serves. */
  serves: string[];
}

/** The region that the users next to `from` are sent to when exactly these serve; undefined when none does. */
export function servedFrom(from: string, serving: readonly string[]): string | undefined {
  const records = serving.map((region): LatencyRecord => ({
    name: "host",
    type: "A",
    region,
    evaluateTargetHealth: false,
    targetHealthy: true,
  }));
  return answer(records, new Map(), { name: "host", type: "A", from })?.region;
}

/**
 * What each serving region gets when every region's users peak at once, and are sent to the nearest
 * that serves. An upper bound: the world's peaks are hours apart.
 *
 * @param sentTo where the users next to a region go; the nearest serving region by default
 */
export function loadShares(
  loads: Readonly<Record<string, RegionLoad>>,
  serving: readonly string[],
  sentTo: (from: string) => string | undefined = (from) => servedFrom(from, serving),
): LoadShare[] {
  const users = Object.keys(loads).map((from) => ({ from, to: sentTo(from) }));
  return serving.map((region) => {
    const serves = users.filter(({ to }) => to === region).map(({ from }) => from);
    const load = serves.reduce((sum, from) => sum + (loads[from]?.peak ?? 0), 0);
    return { region, load, carries: loads[region]?.carries ?? 0, serves };
  });
}

/** Whether a region gets more than it carries. Sums of decimals are compared to a millionth. */
export function isOverloaded({ load, carries }: Pick<LoadShare, "load" | "carries">): boolean {
  return load > carries + 1e-6;
}
