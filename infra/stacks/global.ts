import * as pulumi from "@pulumi/pulumi";
import { PublicHost } from "../components/dns/publicHost";
import { RegionEntry } from "../components/dns/regionEntry";
import { lookUpZone, PublicZone, zoneIdProblem } from "../components/dns/zone";
import type { GlobalContext } from "../config/context";
import { drainedTogether } from "../config/drainAlone";
import { OperatorError, throwAll } from "../config/errors";
import { GLOBAL_OUTPUTS_VERSION, type GlobalOutputs } from "../config/globalOutputs";
import type { RegionOutputs } from "../config/outputs";
import { PROFILES } from "../config/profile";
import { stackFile } from "../config/stackFiles";
import { stackName } from "../config/stackName";
import type { TrafficState } from "../config/stackSchemas";
import { commonTags } from "../config/tags";
import { readDeployedGlobal, readRegions } from "./regionReader";

interface ZoneOutputs {
  zoneId: pulumi.Input<string>;
  /** Only of a zone that this stack created. */
  nameServers?: pulumi.Input<string[]>;
}

/** A region that is up, and what an operator wants of it. */
interface UpRegion {
  region: string;
  edge: RegionOutputs["edge"];
  traffic: TrafficState;
}

/**
 * The global stack: Route 53 and nothing else, so that a failover edit needs no region. It brings every
 * region that is up into the public hosts' latency records, behind the region's gate.
 *
 * @throws OperatorError on a region that is not up (see {@link readRegions}), a zone that is not the
 *   fleet's, or when no region that is up would get traffic.
 */
export async function globalStack(
  ctx: GlobalContext,
): Promise<{ global: pulumi.Output<GlobalOutputs> }> {
  const { fleet, identity } = ctx;
  const tags = commonTags(fleet, stackName(identity));

  const up = await readUpRegions(ctx);
  await assertDrainsAlone(ctx, up);
  const { zoneId, nameServers } = await zoneOf(ctx, tags);
  const protect = isProtected(ctx);

  const entries = up.map(({ region, edge, traffic }) => {
    const args = { host: edge.host, zoneId, target: edge, traffic, protect, tags };
    return { region, edge, traffic, entry: new RegionEntry(region, args) };
  });
  const hosts = fleet.hosts.map((label) => {
    const host = `${label}.${fleet.domain}`;
    const targets = entries.map(
      ({ region, edge, entry }) => [region, { ...edge, gateId: entry.gateId }] as const,
    );
    new PublicHost(label, { host, zoneId, regions: Object.fromEntries(targets) });
    return host;
  });

  const regionOutputs = entries.map(
    ({ region, traffic, entry: { gateId, endpointCheckId } }) =>
      [region, { traffic, gateId, endpointCheckId }] as const,
  );
  return {
    global: pulumi.output({
      version: GLOBAL_OUTPUTS_VERSION,
      environment: identity.environment,
      zoneId,
      ...(nameServers && { nameServers }),
      hosts,
      regions: Object.fromEntries(regionOutputs),
    }),
  };
}

async function readUpRegions(ctx: GlobalContext): Promise<UpRegion[]> {
  const regions = await readRegions(ctx);
  const up = Object.entries(regions).map(([region, { edge }]) => ({
    region,
    edge,
    traffic: trafficOf(ctx, region),
  }));
  if (up.length > 0 && up.every(({ traffic }) => traffic === "drained")) {
    throw new OperatorError({
      key: `Pulumi.${stackName(ctx.identity)}.yaml: regions`,
      value: Object.fromEntries(up.map(({ region, traffic }) => [region, traffic])),
      rule: "a region that is up gets traffic; when all are unhealthy Route 53 answers as if all were healthy",
      fix: "set traffic: active for a region that is up",
    });
  }
  return up;
}

/** Compares with what the stack's last `up` left. */
async function assertDrainsAlone(ctx: GlobalContext, up: readonly UpRegion[]): Promise<void> {
  const deployed = await readDeployedGlobal(ctx);
  if (deployed === undefined) return;
  const before = Object.entries(deployed.regions).map(
    ([region, { traffic }]) => [region, traffic] as const,
  );
  throwAll(
    drainedTogether(
      stackFile(ctx.identity),
      { hosts: deployed.hosts, traffic: Object.fromEntries(before) },
      {
        hosts: ctx.fleet.hosts.map((label) => `${label}.${ctx.fleet.domain}`),
        traffic: Object.fromEntries(up.map(({ region, traffic }) => [region, traffic])),
      },
      (region) => ctx.config.regions[region]?.accept ?? [],
    ),
  );
}

function trafficOf({ config, identity }: GlobalContext, region: string): TrafficState {
  const entry = config.regions[region];
  if (entry !== undefined) return entry.traffic;
  throw new OperatorError({
    key: `Pulumi.${stackName(identity)}.yaml: regions.${region}.traffic`,
    rule: "every region of the fleet has a traffic state",
    fix: "set it to active, drained or pinned",
  });
}

async function zoneOf(ctx: GlobalContext, tags: Record<string, string>): Promise<ZoneOutputs> {
  const { domain, zone: wanted } = ctx.fleet;
  if (wanted.source === "existing") return { zoneId: await lookUpZone(domain, wanted.id) };

  const zone = new PublicZone("public", { domain, protect: isProtected(ctx), tags });
  // The entry does not see what an `apply` throws; the engine prints a RunError without a stack.
  zone.zoneId.apply((id) => {
    const problem = zoneIdProblem(domain, wanted.id, id);
    if (problem) throw new pulumi.RunError(new OperatorError(problem).message);
  });
  return zone;
}

function isProtected({ identity, config }: GlobalContext): boolean {
  return config.deletionProtection ?? PROFILES[identity.environment].deletionProtection;
}
