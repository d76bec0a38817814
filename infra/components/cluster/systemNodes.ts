import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "../identity/policy";
import { AMI_TYPES, architectureOf } from "./nodeImage";
import { KUBERNETES_VERSION } from "./versions";

export interface SystemNodesArgs {
  cluster: eks.Cluster;
  clusterName: string;
  /** Private subnets. */
  subnetIds: pulumi.Input<string[]>;
  instanceTypes: readonly string[];
  /** Number of nodes; the first `up` starts with `min`. */
  min: number;
  max: number;
  /** What has to be there before a node joins; a component hands `dependsOn` of its options to no child. */
  after: pulumi.Resource;
  tags: Record<string, string>;
}

/** Label of the system nodes; what must run on them selects it. */
export const SYSTEM_NODE_LABELS = { "multi-region-eks/pool": "system" } as const;

/**
 * Taint of the system nodes: services stay on Karpenter's nodes. CoreDNS, the EBS CSI controller and
 * Karpenter tolerate `CriticalAddonsOnly` by default; a chart that is installed before Karpenter has to
 * be given {@link SYSTEM_NODE_TOLERATION}.
 */
const SYSTEM_NODE_TAINT = {
  key: "CriticalAddonsOnly",
  value: "true",
  effect: "NO_SCHEDULE",
} as const;

/** As a pod's spec has it. */
export const SYSTEM_NODE_TOLERATION = { key: SYSTEM_NODE_TAINT.key, operator: "Exists" } as const;

/**
 * What a node itself may do: join the cluster, pull images, be reached by Session Manager. The VPC CNI
 * has a role of its own, so that a pod that gets hold of a node's credentials cannot move interfaces.
 */
const NODE_POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
] as const;

const ROOT_VOLUME_GIB = 50;

/** The managed node group for the cluster's own pods, and the role that Karpenter's nodes share with it. */
export class SystemNodes extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly group: eks.ManagedNodeGroup;

  /** @throws OperatorError when Graviton and x86 instance types are mixed. */
  constructor(name: string, args: SystemNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:cluster:SystemNodes", name, {}, opts);
    const role = this.createRole(name, args);
    const permissions = this.attachPolicies(name, role);
    const template = this.createLaunchTemplate(name, args);
    this.group = this.createGroup(name, args, role, template, permissions);
    this.roleArn = role.arn;
    this.roleName = role.name;
    this.registerOutputs({ roleArn: this.roleArn, roleName: this.roleName });
  }

  private createRole(name: string, { clusterName, tags }: SystemNodesArgs): aws.iam.Role {
    return new aws.iam.Role(
      `${name}-role`,
      {
        name: `${clusterName}-node`,
        description: `Nodes of the EKS cluster ${clusterName}`,
        assumeRolePolicy: trustPolicy({ service: "ec2.amazonaws.com" }),
        tags,
      },
      { parent: this },
    );
  }

  private attachPolicies(name: string, role: aws.iam.Role): pulumi.Resource[] {
    return NODE_POLICIES.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
  }

  /** No AMI and no user data in it: EKS fills in both for the group's AMI type and version. */
  private createLaunchTemplate(name: string, { tags }: SystemNodesArgs): aws.ec2.LaunchTemplate {
    return new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        // IMDSv2 only, and out of reach of pods: EKS best practices, "Restrict access to the instance
        // profile assigned to the worker node".
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeType: "gp3",
              volumeSize: ROOT_VOLUME_GIB,
              encrypted: "true",
              deleteOnTermination: "true",
            },
          },
        ],
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({
          resourceType,
          tags: { ...tags, Name: name },
        })),
        updateDefaultVersion: true,
        tags,
      },
      { parent: this },
    );
  }

  private createGroup(
    name: string,
    args: SystemNodesArgs,
    role: aws.iam.Role,
    template: aws.ec2.LaunchTemplate,
    permissions: pulumi.Resource[],
  ): eks.ManagedNodeGroup {
    const architecture = architectureOf(args.instanceTypes);
    return new eks.ManagedNodeGroup(
      // The architecture is part of the name: another AMI type makes a new group, and the old one goes
      // when the new one is up.
      `${name}-${architecture}`,
      {
        cluster: args.cluster,
        version: KUBERNETES_VERSION,
        amiType: AMI_TYPES[architecture],
        instanceTypes: [...args.instanceTypes],
        capacityType: "ON_DEMAND",
        nodeRoleArn: role.arn,
        subnetIds: args.subnetIds,
        scalingConfig: { minSize: args.min, maxSize: args.max, desiredSize: args.min },
        // An operator or an autoscaler may move the number of nodes; the next `up` leaves it there.
        ignoreScalingChanges: true,
        launchTemplate: {
          id: template.id,
          version: template.latestVersion.apply(String),
        },
        labels: SYSTEM_NODE_LABELS,
        taints: [SYSTEM_NODE_TAINT],
        tags: args.tags,
      },
      { parent: this, dependsOn: [...permissions, args.after] },
    );
  }
}
