import type { Service } from "../../workloads/catalogue";
import { servicesIn } from "../../workloads/placement";
import { regionLoads } from "../config/failoverGuards";
import type { TrafficState } from "../config/stackSchemas";
import { SECONDS_TO_DEPART, SECONDS_TO_DRAIN } from "../plan/departure";
import { gateThreshold } from "../plan/gate";
import { isOverloaded, loadShares, type LoadShare } from "../plan/load";
import {
  answer,
  type Answer,
  type HealthCheck,
  type LatencyRecord,
  vantagePoints,
} from "../plan/routing";
import {
  configOf,
  type FleetFiles,
  globalStackName,
  primaryOf,
  regionsOf,
  trafficOf,
} from "./fleetFiles";
import { changesOf, modelOf, type StackChanges } from "./resources";
import { type Step, stepsOf } from "./steps";

export interface WhatIfArgs {
  /** The files as they are, with nothing broken. */
  before: FleetFiles;
  /** The files with the edits that are asked about. */
  after: FleetFiles;
  services: readonly Service[];
  /** Regions of which nothing answers: endpoints, APIs, nodes. */
  down: ReadonlySet<string>;
}

/** Where one part of the world goes. */
export interface Journey {
  /** The AWS region that the users are near. */
  from: string;
  before: Answer;
  after: Answer;
  /** Round trip more than before, ms. */
  addedMs: number;
}

export interface RegionOutlook {
  region: string;
  traffic: TrafficState;
  down: boolean;
  /** In replicas of the api, at the peak; undefined where the fleet states no load. */
  share?: LoadShare & { overloaded: boolean };
  /** Homed services that run here, those taken over included. */
  homed: string[];
}

export interface WhatIf {
  journeys: Journey[];
  regions: RegionOutlook[];
  /** Services that would run nowhere. */
  homeless: string[];
  writer: { region: string | undefined; before: string | undefined; answers: boolean };
  changes: StackChanges[];
  steps: Step[];
  /** Seconds until nobody is sent to what is gone, and by what; empty when nobody has to leave. */
  departures: { region: string; seconds: number; by: string }[];
  /** What an operator should know besides. */
  notes: string[];
}

/** What becomes of users, load, services and data, by the stack files and by what is broken. Asks no cloud. */
export function whatIf({ before, after, services, down }: WhatIfArgs): WhatIf {
  const journeys = journeysOf(before, after, down);
  const changes = changesOf(modelOf(before, services), modelOf(after, services));
  const writer = primaryOf(after);
  const regions = outlooks(after, journeys, services, down);
  const running = new Set(
    regionsOf(after)
      .filter((region) => !down.has(region))
      .flatMap((region) => placedIn(after, region, services)),
  );
  return {
    journeys,
    regions,
    homeless: services.map(({ name }) => name).filter((name) => !running.has(name)),
    writer: {
      region: writer,
      before: primaryOf(before),
      answers: writer !== undefined && !down.has(writer),
    },
    changes,
    steps: stepsOf(before, after, changes, down),
    departures: departuresOf(before, after, down),
    notes: notesOf(after, journeys, regions, down),
  };
}

/** Whether there is a writer that answers. */
export function isHealthyWriter({ region, answers }: WhatIf["writer"]): boolean {
  return region !== undefined && answers;
}

/** Route 53's answer to users near a region; undefined for a fleet without regions. */
export function route(
  at: FleetFiles,
  from: string,
  down: ReadonlySet<string> = new Set(),
): Answer | undefined {
  const { records, checks } = dnsOf(at, down);
  return answer(records, checks, { name: "host", type: "A", from });
}

function dnsOf(at: FleetFiles, down: ReadonlySet<string>) {
  const checks = new Map<string, HealthCheck>();
  const records = regionsOf(at).map((region): LatencyRecord => {
    const [endpoint, gate] = [`${region}-endpoint`, `${region}-gate`];
    const up = !down.has(region);
    checks.set(endpoint, { id: endpoint, kind: "endpoint", healthy: up });
    checks.set(gate, {
      id: gate,
      kind: "calculated",
      threshold: gateThreshold(trafficOf(at, region), 1),
      children: [endpoint],
    });
    return {
      name: "host",
      type: "A",
      region,
      healthCheckId: gate,
      evaluateTargetHealth: true,
      // A load balancer's own health comes from its region's data plane, which is gone with it.
      targetHealthy: up,
    };
  });
  return { records, checks };
}

function journeysOf(before: FleetFiles, after: FleetFiles, down: ReadonlySet<string>): Journey[] {
  return vantagePoints(regionsOf(after)).flatMap((from): Journey[] => {
    const [old, now] = [route(before, from), route(after, from, down)];
    if (old === undefined || now === undefined) return [];
    return [{ from, before: old, after: now, addedMs: now.roundTripMs - old.roundTripMs }];
  });
}

function outlooks(
  at: FleetFiles,
  journeys: readonly Journey[],
  services: readonly Service[],
  down: ReadonlySet<string>,
): RegionOutlook[] {
  const loads = regionLoads(at.fleet, at.files);
  const sentTo = (from: string) => journeys.find((journey) => journey.from === from)?.after.region;
  const shares = loads && loadShares(loads, regionsOf(at), sentTo);
  const homed = new Set(
    services.filter(({ placement }) => placement === "home").map(({ name }) => name),
  );
  return regionsOf(at).map((region) => {
    const share = shares?.find((found) => found.region === region);
    return {
      region,
      traffic: trafficOf(at, region),
      down: down.has(region),
      ...(share && { share: { ...share, overloaded: isOverloaded(share) } }),
      homed: down.has(region)
        ? []
        : placedIn(at, region, services).filter((name) => homed.has(name)),
    };
  });
}

function placedIn(at: FleetFiles, region: string, services: readonly Service[]): string[] {
  const config = configOf(at, region);
  if (config === undefined) return [];
  const { homes } = at.fleet;
  const placed = servicesIn({ region, services, homes, takeover: config.takeover });
  return placed.map(({ service }) => service.name);
}

function departuresOf(
  before: FleetFiles,
  after: FleetFiles,
  down: ReadonlySet<string>,
): WhatIf["departures"] {
  return regionsOf(after).flatMap((region) => {
    const [old, now] = [trafficOf(before, region), trafficOf(after, region)];
    if (old === "drained") return [];
    if (down.has(region)) {
      return [{ region, seconds: SECONDS_TO_DEPART, by: "its health check, with nobody's help" }];
    }
    if (now !== "drained") return [];
    const by = `the drain, from the end of \`pulumi up -s ${globalStackName(after)}\``;
    return [{ region, seconds: SECONDS_TO_DRAIN, by }];
  });
}

function notesOf(
  at: FleetFiles,
  journeys: readonly Journey[],
  regions: readonly RegionOutlook[],
  down: ReadonlySet<string>,
): string[] {
  const notes: string[] = [];
  if (journeys.some(({ after }) => after.allUnhealthy)) {
    notes.push(
      "no region is healthy, so Route 53 answers as if all were: users go to dead regions",
    );
  }
  for (const { region, traffic } of regions) {
    if (down.has(region) && traffic === "pinned") {
      notes.push(
        `${region} is pinned: its gate stays healthy; only the health of its load balancer takes it out`,
      );
    }
  }
  const writer = primaryOf(at);
  if (writer !== undefined && down.has(writer)) {
    notes.push(
      `nobody can write until another region is promoted; at risk is what ${writer} had not replicated, typically less than 1 s`,
    );
  }
  if (down.has("us-east-1")) {
    notes.push(
      "Route 53's control plane is in us-east-1: edits of the global stack may wait; health checks go on",
    );
  }
  return notes;
}
