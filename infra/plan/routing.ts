import { MEASURED_REGIONS, roundTrip } from "./latency";

/** A health check as Route 53 evaluates it. */
export type HealthCheck =
  | {
      id: string;
      kind: "endpoint";
      /** What more than 18 % of the checkers say. */
      healthy: boolean;
      /** Route 53 stops checking and calls it healthy. */
      disabled?: boolean;
      inverted?: boolean;
    }
  | {
      id: string;
      kind: "calculated";
      /** Healthy children needed: 0 is always healthy, more than there are children always unhealthy. */
      threshold: number;
      children: readonly string[];
      disabled?: boolean;
      inverted?: boolean;
    };

/** A latency alias record. */
export interface LatencyRecord {
  /** Name without a trailing dot, such as `api.example.com`. */
  name: string;
  type: "A" | "AAAA";
  /** The AWS region whose latency Route 53 compares. */
  region: string;
  /** Health check that gates the record; without one the record counts as healthy. */
  healthCheckId?: string;
  evaluateTargetHealth: boolean;
  /** Whether the load balancer has a healthy target; matters with `evaluateTargetHealth` only. */
  targetHealthy: boolean;
}

export interface Answer {
  /** The region whose record is answered. */
  region: string;
  /** Estimated round trip from the client to it, ms. */
  roundTripMs: number;
  /** No record was healthy, so Route 53 answered as if all were. */
  allUnhealthy: boolean;
}

/** Health checks by id. */
export type HealthChecks = ReadonlyMap<string, HealthCheck>;

/** Places to ask from: where clients are measured, and next to each region of the fleet. */
export function vantagePoints(fleetRegions: readonly string[]): string[] {
  return [...new Set([...fleetRegions, ...MEASURED_REGIONS])];
}

/**
 * Whether Route 53 calls a health check healthy.
 *
 * @throws Error for an id that is not there: Route 53 would never have accepted the record.
 */
export function isHealthy(checks: HealthChecks, id: string): boolean {
  const check = checks.get(id);
  if (check === undefined) throw new Error(`health check ${id} does not exist`);
  if (check.disabled === true) return true;
  const status =
    check.kind === "endpoint"
      ? check.healthy
      : check.children.filter((child) => isHealthy(checks, child)).length >= check.threshold;
  return check.inverted === true ? !status : status;
}

/**
 * What Route 53 answers a client near `from`, by its rules for latency records: of the healthy records
 * the one with the lowest latency; when none is healthy, all count as healthy.
 *
 * @returns undefined when no record has that name and type.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */
export function answer(
  records: readonly LatencyRecord[],
  checks: HealthChecks,
  query: { name: string; type: "A" | "AAAA"; from: string },
): Answer | undefined {
  const matching = records.filter(({ name, type }) => name === query.name && type === query.type);
  const healthy = matching.filter((record) => serves(record, checks));
  const candidates = healthy.length > 0 ? healthy : matching;
  const [nearest] = candidates
    .map(({ region }) => ({ region, roundTripMs: roundTrip(query.from, region) }))
    .sort((a, b) => a.roundTripMs - b.roundTripMs || a.region.localeCompare(b.region));
  return nearest === undefined ? undefined : { ...nearest, allUnhealthy: healthy.length === 0 };
}

function serves(record: LatencyRecord, checks: HealthChecks): boolean {
  if (record.evaluateTargetHealth && !record.targetHealthy) return false;
  return record.healthCheckId === undefined || isHealthy(checks, record.healthCheckId);
}
