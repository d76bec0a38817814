import type { Cloud } from "../../doubles";
import { regionLoads } from "../../infra/config/failoverGuards";
import { type FleetFiles, regionsOf, trafficOf } from "../../infra/failover/fleetFiles";
import { isOverloaded, loadShares } from "../../infra/plan/load";
import { routesOf, type HostRoutes } from "../routes";

/** Who is where, by what exists in the cloud and in the stacks' states. */
export interface World {
  routes: HostRoutes[];
  /** Regions in which a service has a release, by service. */
  services: Record<string, string[]>;
  /** Regions whose Aurora cluster is the writer: one, in a sound world. */
  writers: string[];
}

/**
 * @param releases names of the Helm releases of each region's stack.
 * @param down regions of which nothing answers: they take no users, and what is in them does not run.
 */
export function worldOf(
  cloud: Pick<Cloud, "all">,
  { fleet }: FleetFiles,
  services: readonly string[],
  releases: ReadonlyMap<string, ReadonlySet<string>>,
  down: ReadonlySet<string> = new Set(),
): World {
  const running = services.map((service): [string, string[]] => [
    service,
    Object.keys(fleet.regions).filter(
      (region) => !down.has(region) && releases.get(region)?.has(service) === true,
    ),
  ]);
  return {
    routes: routesOf(cloud, fleet, down),
    services: Object.fromEntries(running),
    writers: cloud
      .all("aws:rds/cluster:Cluster")
      .filter(({ state }) => state.globalRole === "primary")
      .map(({ region }) => region),
  };
}

/** What is wrong with the routes when a region is to serve nobody, a line each. */
export function demandNobodyIn(region: string, routes: readonly HostRoutes[]): string[] {
  const answers = routes.flatMap(({ host, answers }) =>
    answers.flatMap(({ from, A, AAAA }) => [
      { what: `${host} A near ${from}`, to: A },
      { what: `${host} AAAA near ${from}`, to: AAAA },
    ]),
  );
  if (answers.length === 0) return ["no host is asked for"];
  return answers.flatMap(({ what, to }) => {
    if (to === undefined) return [`${what}: no answer`];
    if (to.allUnhealthy) return [`${what}: no region is healthy`];
    return to.region === region ? [`${what}: sent to ${region}`] : [];
  });
}

/** What is wrong with a world that one region is to be out of, a line each. */
export function demandEvacuated(region: string, world: World, at: FleetFiles): string[] {
  const homeless = Object.entries(world.services)
    .filter(([, regions]) => regions.every((each) => each === region))
    .map(([service]) => `${service} runs nowhere else`);
  const [writer, ...more] = world.writers;
  const badWriter = writer === undefined || writer === region || more.length > 0;
  return [
    ...demandNobodyIn(region, world.routes),
    ...homeless,
    ...(badWriter ? [`the writer is ${world.writers.join(" and ") || "nowhere"}`] : []),
    ...demandCapacity(at),
  ];
}

/** Regions that get more at the peak than they carry, as the files have it. */
function demandCapacity(at: FleetFiles): string[] {
  const loads = regionLoads(at.fleet, at.files);
  if (loads === undefined) return [];
  const serving = regionsOf(at).filter((region) => trafficOf(at, region) !== "drained");
  return loadShares(loads, serving)
    .filter(isOverloaded)
    .map(
      ({ region, load, carries }) => `${region} gets ${load} at the peak and carries ${carries}`,
    );
}

/** Everything that a region's APIs made, the writer's role aside, which moves from elsewhere. */
export function contentsOf(cloud: Pick<Cloud, "all">, region: string): string {
  const things = cloud.all(undefined, region);
  return JSON.stringify(
    things.map(({ type, id, inputs, state }) => [type, id, inputs, { ...state, globalRole: "" }]),
  );
}
