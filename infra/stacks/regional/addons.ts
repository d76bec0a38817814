import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../components/cluster/cluster";
import type { Edge } from "../../components/edge/edge";
import { InterruptionQueue } from "../../components/karpenter/interruptionQueue";
import type { Network } from "../../components/network/network";
import type { Queues } from "../../components/queues/queues";
import type { RegionalContext } from "../../config/context";
import type { RegionNames } from "../../config/names";
import type { AddonSwitches } from "../../config/profile";
import { stackName } from "../../config/stackName";
import type { Addon } from "../../../workloads/addons/addon";
import { Addons } from "../../../workloads/addons/addons";
import { ADDONS } from "../../../workloads/addons/catalogue";
import { checkNeeds } from "../../../workloads/addons/needs";
import { enabledAddons } from "../../../workloads/addons/selection";
import type { Service } from "../../../workloads/catalogue";
import type { RegionData } from "./data";

/**
 * The add-ons that a region's config leaves on.
 *
 * @throws OperatorError when one that is off is needed by another or by a service of the region.
 */
export function selectAddons(context: RegionalContext, services: readonly Service[]): Addon[] {
  const { projectRoot, identity, fleet, profile, config } = context;
  const file = `Pulumi.${stackName(identity)}.yaml`;
  const switches: AddonSwitches = {
    ...profile.addons,
    "argo-cd": { enabled: profile.delivery === "argocd" },
  };
  const { environment, homes } = fleet;
  const { region } = identity;
  const { takeover } = config;
  checkNeeds({ projectRoot, environment, region, services, homes, takeover, file, switches });
  return enabledAddons(ADDONS, switches, file);
}

export interface RegionAddonsArgs {
  context: RegionalContext;
  names: RegionNames;
  accountId: pulumi.Input<string>;
  addons: readonly Addon[];
  network: Network;
  cluster: Cluster;
  data: RegionData;
  queues: Queues;
  edge: Edge;
  tags: Record<string, string>;
}

/** The platform's add-ons, with what of AWS they work on. */
export function createAddons(args: RegionAddonsArgs): Addons {
  const { context, names, network, cluster, data, queues, edge, tags } = args;
  const { fleet, identity, profile, config, projectRoot } = context;
  const interruptions = new InterruptionQueue("karpenter", {
    queueName: names.queue("karpenter"),
    tags,
  });
  return new Addons(
    "addons",
    {
      addons: args.addons,
      projectRoot,
      clusterName: cluster.clusterName,
      context: {
        fleet,
        region: identity.region,
        names,
        profile,
        capacity: config.capacity,
        accountId: args.accountId,
        vpcId: network.vpcId,
        clusterSecurityGroupId: cluster.securityGroupId,
        nodeRole: { name: cluster.nodeRoleName, arn: cluster.nodeRoleArn },
        interruptionQueue: { name: interruptions.queueName, arn: interruptions.arn },
        targetGroups: edge.targetGroups,
        queues: queues.queues,
        metricsBucket: data.storage.metrics,
        storageKeyArn: data.storage.kmsKeyArn,
        tags,
      },
      dependsOn: [cluster.systemNodes],
    },
    { provider: cluster.provider },
  );
}
