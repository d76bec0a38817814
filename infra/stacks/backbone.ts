import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  BucketReplication,
  type ReplicationDestination,
} from "../components/backbone/bucketReplication";
import { HealthAlarms } from "../components/backbone/healthAlarms";
import { peeringPairs } from "../components/backbone/pairs";
import { PeerIngress, type MeshPort } from "../components/backbone/peerIngress";
import type { ReplicatedBucket } from "../components/backbone/replicationPolicy";
import { VpcPeering, type PeeredVpc } from "../components/backbone/vpcPeering";
import type { BackboneContext } from "../config/context";
import { regionNames } from "../config/names";
import type { RegionOutputs } from "../config/outputs";
import { stackName } from "../config/stackName";
import { commonTags } from "../config/tags";
import { readGlobal, readRegions } from "./regionReader";

type Regions = Readonly<Record<string, RegionOutputs>>;

export interface BackboneOutputs {
  /** Peering connection ids, by `<requester>-<accepter>`. */
  peerings: Record<string, string>;
  alarmTopicArn: string;
}

/**
 * The backbone stack: what spans regions and no failover step runs. Peering, replication and the rules
 * that let peers in join the regions that are up; the alarms watch the global stack's health checks.
 *
 * @throws OperatorError on a region or global stack that is not up (see {@link readRegions}).
 */
export async function backboneStack(
  ctx: BackboneContext,
): Promise<{ backbone: pulumi.Output<BackboneOutputs> }> {
  const { fleet, identity } = ctx;
  const tags = commonTags(fleet, stackName(identity));
  const regions = await readRegions(ctx);
  const global = await readGlobal(ctx);
  const { accountId } = await aws.getCallerIdentity();

  const peerings = peerNetworks(regions, tags);
  replicateBuckets(ctx, regions, tags);
  const alarms = new HealthAlarms("health", {
    accountId,
    environment: identity.environment,
    checks: global?.regions ?? {},
    emails: fleet.alarmEmails,
    tags,
  });

  return { backbone: pulumi.output({ peerings, alarmTopicArn: alarms.topicArn }) };
}

/** The full mesh of VPCs, and the ports that peers may reach through it. */
function peerNetworks(
  regions: Regions,
  tags: Record<string, string>,
): Record<string, pulumi.Output<string>> {
  const peerings: Record<string, pulumi.Output<string>> = {};
  const vpcs = Object.values(regions).map(peeredVpc);
  for (const { name, requester, accepter } of peeringPairs(vpcs)) {
    peerings[name] = new VpcPeering(name, { requester, accepter, tags }).connectionId;
  }
  for (const own of Object.values(regions)) {
    const peers = peersOf(own, regions).map(
      ({ region, network }) => [region, network.cidr] as const,
    );
    if (peers.length === 0) continue;
    new PeerIngress(own.region, {
      region: own.region,
      ports: meshPorts(own),
      peers: Object.fromEntries(peers),
      tags,
    });
  }
  return peerings;
}

/** What of a region its peers reach; metrics have an entry of their own (infra/components/metricsEntry). */
function meshPorts({ database }: RegionOutputs): MeshPort[] {
  return [
    {
      // Services anywhere write to the one writer.
      purpose: "database",
      securityGroupId: database.securityGroupId,
      port: database.port,
    },
  ];
}

function replicateBuckets(
  { fleet, config }: BackboneContext,
  regions: Regions,
  tags: Record<string, string>,
): void {
  for (const own of Object.values(regions)) {
    const destinations = peersOf(own, regions).map(replicationDestination);
    if (destinations.length === 0) continue;
    new BucketReplication(own.region, {
      source: dataBucket(own),
      destinations,
      roleName: regionNames(fleet, own.region).role("s3-replication"),
      timeControl: config.replication.timeControl,
      tags,
    });
  }
}

/** The other regions, in alphabetical order. */
function peersOf(own: RegionOutputs, regions: Regions): RegionOutputs[] {
  return Object.values(regions)
    .filter(({ region }) => region !== own.region)
    .sort((a, b) => (a.region < b.region ? -1 : 1));
}

function peeredVpc({ region, network }: RegionOutputs): PeeredVpc {
  return { region, ...network };
}

function dataBucket({ region, storage }: RegionOutputs): ReplicatedBucket {
  return { region, ...storage.data, kmsKeyArn: storage.kmsKeyArn };
}

function replicationDestination(peer: RegionOutputs): ReplicationDestination {
  return { ...dataBucket(peer), priority: networkNumber(peer.network.cidr) };
}

/**
 * The number of a /16, such as 2577 for 10.17.0.0/16: distinct for every region, because the VPCs do
 * not overlap, and never moved by another region's coming or going.
 */
function networkNumber(cidr: string): number {
  const [first, second] = cidr.split(".").map(Number);
  return (first ?? 0) * 256 + (second ?? 0);
}
