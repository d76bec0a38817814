import type { Cloud, Thing } from "../doubles";
import type { Fleet } from "../infra/config/fleet";
import {
  answer,
  vantagePoints,
  type Answer,
  type HealthCheck,
  type LatencyRecord,
} from "../infra/plan/routing";

/** Where one public host is answered from. */
export interface HostRoutes {
  /** Fully qualified host. */
  host: string;
  /** By the AWS region that a client is nearest to. */
  answers: { from: string; A: Answer | undefined; AAAA: Answer | undefined }[];
}

/**
 * Where each public host is answered from for every part of the world, by the records and gates that
 * exist in the cloud. Endpoints and load balancers count as healthy except in `unhealthy` regions.
 */
export function routesOf(
  cloud: Pick<Cloud, "all">,
  fleet: Pick<Fleet, "domain" | "hosts" | "regions">,
  unhealthy: ReadonlySet<string> = new Set(),
): HostRoutes[] {
  const checks = new Map(
    cloud
      .all("aws:route53/healthCheck:HealthCheck")
      .map((thing) => [thing.id, healthCheck(thing, unhealthy)] as const),
  );
  const records = cloud
    .all("aws:route53/record:Record")
    .flatMap((thing) => latencyRecords(thing, unhealthy));
  return fleet.hosts.map((label) => {
    const host = `${label}.${fleet.domain}`;
    const answers = vantagePoints(Object.keys(fleet.regions)).map((from) => ({
      from,
      A: answer(records, checks, { name: host, type: "A", from }),
      AAAA: answer(records, checks, { name: host, type: "AAAA", from }),
    }));
    return { host, answers };
  });
}

function healthCheck({ id, state }: Thing, unhealthy: ReadonlySet<string>): HealthCheck {
  const common = {
    id,
    disabled: state.disabled === true,
    inverted: state.invertHealthcheck === true,
  };
  if (state.type === "CALCULATED") {
    const children = Array.isArray(state.childHealthchecks) ? state.childHealthchecks : [];
    return {
      ...common,
      kind: "calculated",
      threshold: Number(state.childHealthThreshold),
      children: children.map(String),
    };
  }
  const name = typeof state.fqdn === "string" ? state.fqdn : "";
  const healthy = ![...unhealthy].some((region) => name.startsWith(`${region}.`));
  return { ...common, kind: "endpoint", healthy };
}

function latencyRecords({ state }: Thing, unhealthy: ReadonlySet<string>): LatencyRecord[] {
  const { name, type, healthCheckId } = state;
  const region = field(first(state.latencyRoutingPolicies), "region");
  if (typeof region !== "string" || typeof name !== "string") return [];
  if (type !== "A" && type !== "AAAA") return [];
  return [
    {
      name: name.replace(/\.$/, ""),
      type,
      region,
      healthCheckId: typeof healthCheckId === "string" ? healthCheckId : undefined,
      evaluateTargetHealth: field(first(state.aliases), "evaluateTargetHealth") === true,
      targetHealthy: !unhealthy.has(region),
    },
  ];
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
