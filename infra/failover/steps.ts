import type { StackChanges } from "./resources";
import {
  configOf,
  type FleetFiles,
  globalStackName,
  primaryOf,
  regionalStackName,
  regionsOf,
  trafficOf,
} from "./fleetFiles";

/** One `pulumi up`, and what it is for. */
export interface Step {
  stack: string;
  /** Such as `capacity 1 → 2.7`. */
  why: string[];
  /** Its region does not answer: it waits until it does. */
  later: boolean;
}

/**
 * The stacks to run after an edit, in their order: first what makes a region able to take users, data
 * or services, then DNS, then what is taken away. A region comes back into DNS after its own stack ran.
 * No step touches a region that is down; its stack runs when it answers again.
 */
export function stepsOf(
  before: FleetFiles,
  after: FleetFiles,
  changes: readonly StackChanges[],
  down: ReadonlySet<string> = new Set(),
): Step[] {
  const regional = regionsOf(after).map((region) => {
    const gains = [...gainsOf(before, after, region), ...returns(before, after, region)];
    const losses = lossesOf(before, after, region);
    const step = { stack: regionalStackName(after, region), later: down.has(region) };
    return { ...step, why: [...gains, ...losses], first: gains.length > 0 };
  });
  const named = regional.filter(({ why }) => why.length > 0);
  const global = dnsChanges(before, after, changes);
  return [
    ...named.filter(({ first, later }) => first && !later),
    ...(global.length > 0 ? [{ stack: globalStackName(after), why: global, later: false }] : []),
    ...named.filter(({ first, later }) => !first && !later),
    ...named.filter(({ later }) => later),
  ].map(({ stack, why, later }) => ({ stack, why, later }));
}

function gainsOf(before: FleetFiles, after: FleetFiles, region: string): string[] {
  const [old, now] = [configOf(before, region), configOf(after, region)];
  if (now === undefined) return [];
  const gains: string[] = [];
  const capacity = old?.capacity ?? 1;
  if (now.capacity > capacity) gains.push(`capacity ${capacity} → ${now.capacity}`);
  const added = now.takeover.filter((home) => !old?.takeover.includes(home));
  if (added.length > 0) gains.push(`runs what is homed in ${added.join(", ")}`);
  if (now.database.role === "primary" && old?.database.role !== "primary") {
    const loss = now.database.onPromotion === "allow-data-loss";
    gains.push(`becomes the writer by ${loss ? "failover, with data loss" : "switchover"}`);
  }
  return gains;
}

/** A region that comes back into DNS is brought in line with its file first. */
function returns(before: FleetFiles, after: FleetFiles, region: string): string[] {
  const back = trafficOf(before, region) === "drained" && trafficOf(after, region) !== "drained";
  return back ? ["is brought in line before users come back"] : [];
}

function lossesOf(before: FleetFiles, after: FleetFiles, region: string): string[] {
  const [old, now] = [configOf(before, region), configOf(after, region)];
  if (old === undefined || now === undefined) return [];
  const losses: string[] = [];
  if (now.capacity < old.capacity) losses.push(`capacity ${old.capacity} → ${now.capacity}`);
  const removed = old.takeover.filter((home) => !now.takeover.includes(home));
  if (removed.length > 0) losses.push(`no longer runs what is homed in ${removed.join(", ")}`);
  if (old.database.role === "primary" && now.database.role === "secondary") {
    losses.push(`is secondary to ${primaryOf(after) ?? "another region"}`);
  }
  return losses;
}

function dnsChanges(
  before: FleetFiles,
  after: FleetFiles,
  changes: readonly StackChanges[],
): string[] {
  const moved = regionsOf(after).flatMap((region) => {
    const [old, now] = [trafficOf(before, region), trafficOf(after, region)];
    return old === now ? [] : [`${region}: ${old} → ${now}`];
  });
  if (moved.length > 0) return moved;
  const global = changes.find(({ stack }) => stack === globalStackName(after));
  return global === undefined ? [] : ["records and health checks of changed regions or hosts"];
}
