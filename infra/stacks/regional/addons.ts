import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../components/cluster/cluster";
import type { Edge } from "../../components/edge/edge";
import type { EncryptionKey } from "../../components/encryption/encryptionKey";
import { InterruptionQueue } from "../../components/karpenter/interruptionQueue";
import type { Network } from "../../components/network/network";
import type { Queues } from "../../components/queues/queues";
import type { RegionalContext } from "../../config/context";
import type { RegionNames } from "../../config/names";
import type { AddonSwitches } from "../../config/profile";
import { stackName } from "../../config/stackName";
import type { Addon, AddonContext } from "../../../workloads/addons/addon";
import { Addons } from "../../../workloads/addons/addons";
import { ADDONS } from "../../../workloads/addons/catalogue";
import { checkNeeds } from "../../../workloads/addons/needs";
import { enabledAddons } from "../../../workloads/addons/selection";
import type { Service } from "../../../workloads/catalogue";
import type { RegionData } from "./data";
import type { Purpose } from "./keys";
import { createObservability } from "./observability";

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
  const here = ADDONS.filter(({ installedIn }) => installedIn?.({ fleet, region }) ?? true);
  return enabledAddons(here, switches, file);
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
  keys: Record<Purpose, EncryptionKey>;
  tags: Record<string, string>;
}

function createInterruptionQueue({
  addons,
  names,
  tags,
}: RegionAddonsArgs): AddonContext["interruptionQueue"] {
  if (!addons.some(({ name }) => name === "karpenter")) return undefined;
  const queueName = names.queue("karpenter");
  const queue = new InterruptionQueue("karpenter", { queueName, tags });
  return { name: queue.queueName, arn: queue.arn };
}

/** The platform's add-ons, with what of AWS they work on. */
export function createAddons(args: RegionAddonsArgs): Addons {
  const { context, names, network, cluster, data, queues, edge, tags } = args;
  const { fleet, identity, profile, config, projectRoot } = context;
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
        interruptionQueue: createInterruptionQueue(args),
        targetGroups: edge.targetGroups,
        queues: queues.queues,
        metricsBucket: data.storage.metrics,
        storageKeyArn: data.storage.kmsKeyArn,
        ...createObservability(args),
        tags,
      },
      dependsOn: [cluster.systemNodes],
    },
    { provider: cluster.provider },
  );
}
