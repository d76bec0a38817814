import { capacityFor, regionLoads } from "../config/failoverGuards";
import { OperatorError } from "../config/errors";
import { oneOf } from "../config/wording";
import { loadShares, servedFrom } from "../plan/load";
import { configOf, type FleetFiles, primaryOf, regionsOf, trafficOf } from "./fleetFiles";

export const ACTIONS = ["evacuate", "restore", "promote", "drain"] as const;
export type Action = (typeof ACTIONS)[number];

/** One word of a stack file, as an operator would edit it. */
export interface WordEdit {
  /** A region, or `global`. */
  owner: string;
  /** Keys under the project's namespace, such as `["database", "role"]`. */
  path: readonly string[];
  /** Undefined takes the key out. */
  value: string | number | readonly string[] | undefined;
}

export interface ActionArgs {
  action: Action;
  region: string;
  /** The region that takes writer and homed services over; the one that the users go to by default. */
  to?: string;
  /** The evacuated region, or the old writer, is gone: fail over with data loss instead of switching over. */
  lost?: boolean;
  /** `restore` leaves the writer, or the raised capacities, where they are. */
  keepWriter?: boolean;
  keepCapacity?: boolean;
}

/**
 * The edits of a failover: only words that an operator could write by hand, and only those that change.
 *
 * @throws OperatorError for a region that the fleet does not have, or one that takes over from itself.
 */
export function editsOf(args: ActionArgs, at: FleetFiles): WordEdit[] {
  demandRegion("region", args.region, regionsOf(at));
  if (args.to !== undefined) {
    demandRegion(
      "--to",
      args.to,
      regionsOf(at).filter((region) => region !== args.region),
    );
  }
  const edits = {
    evacuate: () => evacuate(args, at),
    restore: () => restore(args, at),
    promote: () => promote(args.region, at, args.lost),
    drain: () => [traffic(args.region, "drained")],
  }[args.action]();
  return edits.filter((edit) => !isThere(edit, at));
}

function evacuate({ region, to, lost }: ActionArgs, at: FleetFiles): WordEdit[] {
  const serving = regionsOf(at).filter(
    (other) => other !== region && trafficOf(at, other) !== "drained",
  );
  const taking = to ?? servedFrom(region, serving);
  // With none left the guard has the word; there is nobody to take anything over.
  if (taking === undefined) return [traffic(region, "drained")];
  return [
    ...capacities(at, serving, "raise"),
    ...takeOver(region, taking, at),
    ...(primaryOf(at) === region ? promote(taking, at, lost) : []),
    traffic(region, "drained"),
  ];
}

function restore(args: ActionArgs, at: FleetFiles): WordEdit[] {
  const { region } = args;
  const others = regionsOf(at).filter((other) => other !== region);
  const serving = [region, ...others.filter((other) => trafficOf(at, other) !== "drained")];
  const handBack = others.flatMap((other): WordEdit[] => {
    const takeover = configOf(at, other)?.takeover ?? [];
    if (!takeover.includes(region)) return [];
    return [
      list(
        other,
        "takeover",
        takeover.filter((home) => home !== region),
      ),
    ];
  });
  return [
    traffic(region, "active"),
    { owner: "global", path: ["regions", region, "accept"], value: undefined },
    ...(region === at.fleet.dataHome && args.keepWriter !== true ? promote(region, at) : []),
    ...handBack,
    ...(args.keepCapacity === true ? [] : capacities(at, serving, "lower")),
  ];
}

/** Loss stands only in the file of the region that is promoted at that price. */
function promote(region: string, at: FleetFiles, lost = false): WordEdit[] {
  return regionsOf(at)
    .filter((other) => configOf(at, other) !== undefined)
    .flatMap((other): WordEdit[] => [
      {
        owner: other,
        path: ["database", "role"],
        value: other === region ? "primary" : "secondary",
      },
      {
        owner: other,
        path: ["database", "onPromotion"],
        value: other === region && lost ? "allow-data-loss" : undefined,
      },
    ]);
}

/** What is homed in a region, and what it had taken over itself, goes to the other. */
function takeOver(region: string, taking: string, at: FleetFiles): WordEdit[] {
  const homes = Object.values(at.fleet.homes).includes(region) ? [region] : [];
  const before = configOf(at, taking)?.takeover ?? [];
  const added = [...homes, ...(configOf(at, region)?.takeover ?? [])].filter(
    (home) => home !== taking && !before.includes(home),
  );
  return added.length === 0 ? [] : [list(taking, "takeover", [...before, ...added])];
}

/** The capacities that the peak needs when these regions serve: raised before a drain, lowered after it. */
function capacities(
  at: FleetFiles,
  serving: readonly string[],
  direction: "raise" | "lower",
): WordEdit[] {
  const loads = regionLoads(at.fleet, at.files);
  if (loads === undefined) return [];
  return loadShares(loads, serving).flatMap(({ region, load }): WordEdit[] => {
    const [now, least] = [configOf(at, region)?.capacity, capacityFor(at.fleet, region, load)];
    if (now === undefined || least === undefined) return [];
    const needed = Math.max(1, least);
    if (direction === "raise" ? needed <= now : needed >= now) return [];
    return [{ owner: region, path: ["capacity"], value: needed === 1 ? undefined : needed }];
  });
}

function traffic(region: string, state: "active" | "drained"): WordEdit {
  return { owner: "global", path: ["regions", region, "traffic"], value: state };
}

function list(owner: string, key: string, value: readonly string[]): WordEdit {
  return { owner, path: [key], value: value.length === 0 ? undefined : value };
}

/** Whether the files say it already. A key that is left out says its default. */
function isThere({ owner, path: [top = "", ...rest], value }: WordEdit, at: FleetFiles): boolean {
  if (owner === "global") {
    const [region = "", key = ""] = rest;
    const state = at.files.global?.config.regions[region];
    return key === "traffic" ? state?.traffic === value : state?.accept === value;
  }
  const config = configOf(at, owner);
  if (config === undefined) return false;
  if (top === "database") {
    const { role, onPromotion } = config.database;
    return rest[0] === "role" ? role === value : onPromotion === (value ?? "switchover");
  }
  if (top === "capacity") return config.capacity === (value ?? 1);
  return JSON.stringify(config.takeover) === JSON.stringify(value ?? []);
}

function demandRegion(key: string, region: string, known: readonly string[]): void {
  if (known.includes(region)) return;
  throw new OperatorError({
    key,
    value: region,
    rule: `must be a region of the fleet: ${oneOf(known)}`,
    fix: `name ${oneOf(known)}`,
  });
}
