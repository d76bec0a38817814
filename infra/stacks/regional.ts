import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../components/cluster/cluster";
import { findWriter } from "../components/database/promotion";
import { Edge } from "../components/edge/edge";
import type { EncryptionKey } from "../components/encryption/encryptionKey";
import { servicePolicy } from "../components/identity/servicePolicy";
import { WorkloadIdentity } from "../components/identity/workloadIdentity";
import { Network } from "../components/network/network";
import { Queues } from "../components/queues/queues";
import type { RegionalContext } from "../config/context";
import { regionNames, type RegionNames } from "../config/names";
import { REGION_OUTPUTS_VERSION, type RegionOutputs } from "../config/outputs";
import { stackName } from "../config/stackName";
import { commonTags } from "../config/tags";
import { planVpc } from "../plan/cidr";
import { SERVICES_NAMESPACE, type QueueSpec, type Service } from "../../workloads/catalogue";
import { type LayeredRelease, readReleases } from "../../workloads/releasePlan";
import { Services } from "../../workloads/services";
import { knownWiring, type Wiring } from "../../workloads/wiring";
import { createAddons, selectAddons } from "./regional/addons";
import { createData, type RegionData } from "./regional/data";
import { createKeys, type Purpose } from "./regional/keys";

/** What every step of the stack is given. */
interface Region {
  context: RegionalContext;
  services: readonly Service[];
  region: string;
  cidr: string;
  zones: readonly string[];
  names: RegionNames;
  accountId: pulumi.Output<string>;
  keys: Record<Purpose, EncryptionKey>;
  tags: Record<string, string>;
}

/** The stack's output: one record, see `infra/config/outputs.ts`. */
export interface RegionalStackOutputs {
  region: { [K in keyof RegionOutputs]: pulumi.Input<RegionOutputs[K]> };
}

/**
 * A regional stack: everything inside one region, calling that region's APIs only. IAM and the
 * certificate's validation record are account-wide exceptions that no failover edit touches.
 */
export async function regionalStack(
  context: RegionalContext,
  services: readonly Service[],
): Promise<RegionalStackOutputs> {
  const selected = selectAddons(context, services);
  const releases = releasesOf(context, services);
  const region = describe(context, services);
  const writer = await writerBefore(region);
  const network = createNetwork(region);
  const cluster = createCluster(region, network);
  const data = createData({ ...region, network, cluster, writer });
  const queues = createQueues(region);
  const edge = createEdge(region, network, cluster);
  const identities = createIdentities(region, cluster, data, queues);
  const parts = { network, cluster, data, queues, edge };
  const addons = createAddons({ ...region, ...parts, addons: selected });
  const associations = identities.map(({ association }) => association);
  createServices(region, releases, cluster, data, queues, [...associations, ...addons.ready]);
  return { region: outputsOf(region, network, cluster, data, queues, edge) };
}

/** Read before anything is registered, so that a wrong values file leaves nothing half done. */
function releasesOf(context: RegionalContext, services: readonly Service[]): LayeredRelease[] {
  const { projectRoot, fleet, identity, config } = context;
  const { environment, homes } = fleet;
  const { region } = identity;
  const { takeover } = config;
  const regions = Object.keys(fleet.regions);
  return readReleases({ projectRoot, environment, region, regions, services, homes, takeover });
}

function describe(context: RegionalContext, services: readonly Service[]): Region {
  const { fleet, identity } = context;
  const facts = fleet.regions[identity.region];
  if (facts === undefined) throw new Error(`${identity.region} is not in the fleet`);
  const names = regionNames(fleet, identity.region);
  const tags = commonTags(fleet, stackName(identity));
  const accountId = aws.getCallerIdentityOutput().accountId;
  const { region } = identity;
  const keys = createKeys({ prefix: names.prefix, region, accountId, tags });
  return { context, services, region, ...facts, names, accountId, keys, tags };
}

/** Asked where this region is to be the writer, to know whether it has to be made it. */
async function writerBefore({ context, names }: Region): Promise<string | undefined> {
  if (context.config.database.role !== "primary") return undefined;
  return findWriter(names.globalDatabase);
}

function createNetwork({ context, region, cidr, zones, names, ...rest }: Region): Network {
  return new Network("network", {
    region,
    zones,
    plan: planVpc(cidr),
    ...context.profile.network,
    clusterName: names.cluster,
    accountId: rest.accountId,
    logKeyArn: rest.keys.logs.arn,
    logRetentionDays: context.profile.logRetentionDays,
    tags: rest.tags,
  });
}

function createCluster({ context, names, keys, tags }: Region, network: Network): Cluster {
  const { fleet, profile, config } = context;
  return new Cluster("cluster", {
    clusterName: names.cluster,
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    secretsKeyArn: keys.cluster.arn,
    logKeyArn: keys.logs.arn,
    operators: fleet.operators,
    apiAllowedCidrs: fleet.apiAllowedCidrs,
    systemNodes: profile.cluster.systemNodes,
    logRetentionDays: profile.logRetentionDays,
    oidcProvider: config.cluster.oidcProvider,
    deletionProtection: profile.deletionProtection,
    tags,
  });
}

/** Every region has every queue, homed services' as well, so that a takeover changes releases only. */
function createQueues({ services, names, keys, tags }: Region): Queues {
  const specs: Record<string, QueueSpec> = {};
  for (const { name, queue } of services) if (queue !== undefined) specs[name] = queue;
  return new Queues("queues", { specs, nameOf: names.queue, kmsKeyArn: keys.queues.arn, tags });
}

function createEdge(
  { context, region, names, tags }: Region,
  network: Network,
  cluster: Cluster,
): Edge {
  const { fleet, profile, config } = context;
  const hosts = fleet.hosts.map((host) => `${host}.${fleet.domain}`);
  return new Edge("edge", {
    host: names.host,
    hosts,
    validates: region === fleet.dataHome ? [names.host, ...hosts] : [names.host],
    zoneId: fleet.zone.id,
    certificateArn: config.edge.certificateArn,
    vpcId: network.vpcId,
    subnetIds: network.edgeSubnetIds,
    clusterSecurityGroupId: cluster.securityGroupId,
    deletionProtection: profile.deletionProtection,
    tags,
  });
}

/** A role per service, in every region like the queues. */
function createIdentities(
  { services, region, names, keys, tags }: Region,
  cluster: Cluster,
  { storage }: RegionData,
  { queues }: Queues,
): WorkloadIdentity[] {
  return services.map(
    (service) =>
      new WorkloadIdentity(`identity-${service.name}`, {
        roleName: names.role(service.name),
        clusterName: cluster.clusterName,
        namespace: SERVICES_NAMESPACE,
        serviceAccount: service.name,
        statements: servicePolicy(service, {
          region,
          queues,
          queueKeyArn: keys.queues.arn,
          dataBucketArn: storage.data.arn,
          dataKeyArn: storage.kmsKeyArn,
        }),
        tags,
      }),
  );
}

function createServices(
  { context, region }: Region,
  releases: readonly LayeredRelease[],
  cluster: Cluster,
  { database, databaseSecretName, commonSecretName, cache, storage }: RegionData,
  { queues }: Queues,
  before: readonly pulumi.Resource[],
): void {
  const { fleet, config } = context;
  const wiring: Wiring = {
    ...knownWiring(fleet, region, config.capacity),
    database: {
      writerEndpoint: database.writerEndpoint,
      readerEndpoint: database.readerEndpoint,
      port: database.port.apply(String),
    },
    cache: {
      endpoint: cache.endpoint,
      readerEndpoint: cache.readerEndpoint,
      port: cache.port.apply(String),
    },
    // Outputs in place of the known names, so that a release waits for what it uses.
    dataBucket: storage.data.name,
    queues,
    secretNames: {
      common: commonSecretName,
      database: databaseSecretName,
      cache: cache.secretName,
    },
  };
  const argoCd = context.profile.delivery === "argocd" ? fleet.delivery : undefined;
  new Services(
    "services",
    { releases, wiring, argoCd },
    { provider: cluster.provider, dependsOn: [cluster.systemNodes, ...before] },
  );
}

function outputsOf(
  { context, region, cidr, names }: Region,
  network: Network,
  cluster: Cluster,
  { database, databaseSecretName, cache, storage }: RegionData,
  { queues }: Queues,
  edge: Edge,
): RegionalStackOutputs["region"] {
  const { clusterName, arn, endpoint, securityGroupId } = cluster;
  return {
    version: REGION_OUTPUTS_VERSION,
    environment: context.fleet.environment,
    region,
    network: pulumi.output({
      vpcId: network.vpcId,
      cidr,
      routeTableIds: network.routeTableIds,
    }),
    cluster: pulumi.output({ name: clusterName, arn, endpoint, securityGroupId }),
    database: pulumi.output({
      role: database.role,
      clusterIdentifier: database.clusterIdentifier,
      globalClusterIdentifier: database.globalClusterIdentifier,
      securityGroupId: database.securityGroupId,
      writerEndpoint: database.writerEndpoint,
      readerEndpoint: database.readerEndpoint,
      port: database.port,
      secretName: databaseSecretName,
    }),
    cache: pulumi.output({
      endpoint: cache.endpoint,
      readerEndpoint: cache.readerEndpoint,
      port: cache.port,
      secretName: cache.secretName,
    }),
    storage: pulumi.output({
      kmsKeyArn: storage.kmsKeyArn,
      data: storage.data,
      metrics: storage.metrics,
    }),
    queues: pulumi.output({ ...queues }),
    edge: pulumi.output({ host: names.host, dnsName: edge.dnsName, zoneId: edge.zoneId }),
  };
}
