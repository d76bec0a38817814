import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../components/cluster/cluster";
import type { EncryptionKey } from "../../components/encryption/encryptionKey";
import { MetricsEntry } from "../../components/metricsEntry/metricsEntry";
import type { Network } from "../../components/network/network";
import type { RegionalContext } from "../../config/context";
import { OperatorError } from "../../config/errors";
import { fleetFile } from "../../config/load";
import { metricsHost, podLogGroup, type RegionNames } from "../../config/names";
import type { AddonContext } from "../../../workloads/addons/addon";

export interface ObservabilityArgs {
  context: RegionalContext;
  names: RegionNames;
  network: Network;
  cluster: Cluster;
  keys: { logs: EncryptionKey };
  tags: Record<string, string>;
}

/** What of AWS the observability add-ons work on, beside the metrics bucket. */
export function createObservability(
  args: ObservabilityArgs,
): Pick<AddonContext, "metricsEntry" | "podLogs"> {
  return { metricsEntry: createMetricsEntry(args), podLogs: createPodLogs(args) };
}

/**
 * In every region that the global region asks; its VPC's block is a fact of the fleet, no stack's output.
 *
 * @throws OperatorError when there is no zone for its name.
 */
function createMetricsEntry({
  context,
  network,
  cluster,
  tags,
}: ObservabilityArgs): Record<"grpc" | "http", pulumi.Output<string>> | undefined {
  const { fleet, identity } = context;
  const { globalRegion } = fleet.observability ?? {};
  if (globalRegion === undefined || globalRegion === identity.region) return undefined;
  const asking = fleet.regions[globalRegion];
  if (asking === undefined) throw new Error(`${globalRegion} is not in the fleet`);
  if (fleet.zone.id === undefined) {
    throw new OperatorError({
      key: `${fleetFile(fleet.environment)}: zone.id`,
      rule: "the region that observes all others finds them by records in the hosted zone, so a region needs the zone's id",
      fix: "write the hosted zone's id into the fleet's file, or take observability out",
    });
  }
  return new MetricsEntry("metrics", {
    host: metricsHost(fleet, identity.region),
    zoneId: fleet.zone.id,
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    clientCidr: asking.cidr,
    clusterSecurityGroupId: cluster.securityGroupId,
    tags,
  }).targetGroups;
}

/** The program's own, so that it has a retention and a key, and goes with the stack. */
function createPodLogs({ context, names, keys, tags }: ObservabilityArgs): AddonContext["podLogs"] {
  const { name, arn } = new aws.cloudwatch.LogGroup("pod-logs", {
    name: podLogGroup(names),
    kmsKeyId: keys.logs.arn,
    retentionInDays: context.profile.logRetentionDays,
    tags,
  });
  return { name, arn };
}
