import * as aws from "@pulumi/aws";
// Loaded for its effect as well: without it a reference to a cluster that arrives from another process
// stays a URN, where the real component gets the cluster with its outputs.
import "@pulumi/eks";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../refusal";
import { type Args, input, plain } from "./args";

/**
 * What `eks.ManagedNodeGroup` registers. Of its launch template features only one that is given is
 * known.
 * @see pulumi-eks nodejs/eks/nodegroup.ts
 */
export function buildManagedNodeGroup(
  parent: pulumi.Resource,
  name: string,
  args: Args,
): Promise<Record<string, unknown>> {
  validate(args);
  const nodeRole = input<aws.iam.Role>(args, "nodeRole");
  const nodeGroup = new aws.eks.NodeGroup(
    name,
    {
      clusterName: clusterName(args),
      nodeGroupName: input(args, "nodeGroupName"),
      nodeGroupNamePrefix: input(args, "nodeGroupNamePrefix"),
      nodeRoleArn:
        input<string>(args, "nodeRoleArn") ??
        pulumi
          .output(nodeRole)
          .apply((role): pulumi.Output<string> => role?.arn ?? pulumi.output("")),
      subnetIds: subnetIds(args),
      scalingConfig: input(args, "scalingConfig") ?? { desiredSize: 2, minSize: 1, maxSize: 2 },
      amiType: input(args, "amiType"),
      capacityType: input(args, "capacityType"),
      diskSize: input(args, "diskSize"),
      instanceTypes: input(args, "instanceTypes"),
      labels: input(args, "labels"),
      taints: input(args, "taints"),
      launchTemplate: input(args, "launchTemplate"),
      releaseVersion: input(args, "releaseVersion"),
      version: input(args, "version"),
      forceUpdateVersion: input(args, "forceUpdateVersion"),
      tags: input(args, "tags"),
    },
    {
      parent,
      ignoreChanges:
        plain<boolean>(args, "ignoreScalingChanges") === true
          ? ["scalingConfig.desiredSize"]
          : undefined,
    },
  );
  return Promise.resolve({ nodeGroup, placementGroupName: "" });
}

function validate(args: Args): void {
  if (args.nodeRole === undefined && args.nodeRoleArn === undefined) {
    refuse("one of nodeRole and nodeRoleArn must be given", "nodeRoleArn");
  }
  if (args.nodeRole !== undefined && args.nodeRoleArn !== undefined) {
    refuse("nodeRole and nodeRoleArn are mutually exclusive", "nodeRoleArn");
  }
  if (args.amiId !== undefined && args.amiType !== undefined) {
    refuse("amiId and amiType are mutually exclusive", "amiType");
  }
  const own = [
    "amiId",
    "bootstrapExtraArgs",
    "enableEfaSupport",
    "enableIMDSv2",
    "kubeletExtraArgs",
    "nodeadmExtraOptions",
    "userData",
  ];
  const known = own.find((key) => args[key] !== undefined);
  if (known !== undefined) {
    refuse(
      `the doubles do not know ${known} of eks.ManagedNodeGroup (a launch template of its own)`,
      known,
    );
  }
}

type ClusterOrCore = eks.Cluster | { cluster: aws.eks.Cluster; subnetIds: string[] };

function isCluster(cluster: ClusterOrCore): cluster is eks.Cluster {
  return "eksCluster" in cluster;
}

function clusterName(args: Args): pulumi.Input<string> {
  const named = input<string>(args, "clusterName");
  if (named !== undefined) return named;
  return pulumi.output(args.cluster as pulumi.Input<pulumi.Resource>).apply((given) => {
    const cluster = given as unknown as ClusterOrCore;
    return isCluster(cluster) ? cluster.eksCluster.name : cluster.cluster.name;
  });
}

function subnetIds(args: Args): pulumi.Input<string[]> {
  const given = input<string[]>(args, "subnetIds");
  if (given !== undefined) return given;
  return pulumi.output(args.cluster as pulumi.Input<pulumi.Resource>).apply((cluster) => {
    const known = cluster as unknown as ClusterOrCore;
    return isCluster(known)
      ? known.core.apply((core) => core.privateSubnetIds ?? core.subnetIds)
      : pulumi.output(known.subnetIds);
  });
}
