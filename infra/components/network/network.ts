import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Profile } from "../../config/profile";
import type { VpcPlan } from "../../plan/cidr";
import { EdgeSubnets } from "./edgeSubnets";
import { FlowLogs } from "./flowLogs";
import { privateRouteTableIds } from "./routeTables";
import { VpcEndpoints } from "./vpcEndpoints";

export interface NetworkArgs {
  region: string;
  /** Availability zones by name, one per subnet of each kind in the plan; AWS's own order is not stable. */
  zones: readonly string[];
  plan: VpcPlan;
  nat: Profile["network"]["nat"];
  /** Interface endpoints for what nodes call; the S3 gateway endpoint is always there. */
  interfaceEndpoints: boolean;
  /** Karpenter finds its subnets by this name. */
  clusterName: string;
  accountId: pulumi.Input<string>;
  /** KMS key of the flow logs; it must let `logs.<region>.amazonaws.com` use it. */
  logKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
  tags: Record<string, string>;
}

const NAT_STRATEGIES = { "per-zone": "OnePerAz", single: "Single" } as const;

/**
 * A region's VPC: private subnets for nodes, public ones for NAT gateways, isolated ones for data,
 * and dual-stack edge ones for the public load balancer.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly isolatedSubnetIds: pulumi.Output<string[]>;
  readonly edgeSubnetIds: pulumi.Output<string[]>;
  /** Route tables of the private and isolated subnets: those that need routes to peers and to S3. */
  readonly routeTableIds: pulumi.Output<string[]>;

  /** @throws RangeError when the plan has not one subnet of each kind per zone. */
  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:network:Network", name, {}, opts);
    requireSubnetPerZone(args);
    const vpc = this.createVpc(name, args);
    this.lockDefaultSecurityGroup(name, args, vpc);
    const edge = this.createEdge(name, args, vpc);
    this.vpcId = vpc.vpcId;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.isolatedSubnetIds = vpc.isolatedSubnetIds;
    this.edgeSubnetIds = edge.subnetIds;
    this.routeTableIds = privateRouteTableIds(vpc);
    this.createFlowLogs(name, args);
    this.createEndpoints(name, args);
    this.registerOutputs({
      vpcId: this.vpcId,
      privateSubnetIds: this.privateSubnetIds,
      isolatedSubnetIds: this.isolatedSubnetIds,
      edgeSubnetIds: this.edgeSubnetIds,
      routeTableIds: this.routeTableIds,
    });
  }

  private createVpc(name: string, args: NetworkArgs): awsx.ec2.Vpc {
    const { plan, clusterName } = args;
    return new awsx.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: plan.cidr,
        availabilityZoneNames: [...args.zones],
        // The default, Legacy, may replace subnets when it is changed later (pulumi-awsx#1152), and the
        // component's own allocation may overlap: every spec carries its blocks.
        subnetStrategy: "Auto",
        subnetSpecs: [
          {
            type: "Private",
            cidrBlocks: plan.private,
            tags: {
              "kubernetes.io/role/internal-elb": "1",
              "karpenter.sh/discovery": clusterName,
            },
          },
          { type: "Public", cidrBlocks: plan.public },
          { type: "Isolated", cidrBlocks: plan.isolated },
        ],
        natGateways: { strategy: NAT_STRATEGIES[args.nat] },
        // For the edge subnets: an AAAA record needs a dual-stack load balancer.
        assignGeneratedIpv6CidrBlock: true,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /** A group without rules: whatever is started without a group of its own can talk to nobody (CIS AWS 5.4). */
  private lockDefaultSecurityGroup(name: string, args: NetworkArgs, vpc: awsx.ec2.Vpc): void {
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.vpcId, ingress: [], egress: [], tags: args.tags },
      { parent: this },
    );
  }

  private createEdge(name: string, args: NetworkArgs, vpc: awsx.ec2.Vpc): EdgeSubnets {
    return new EdgeSubnets(
      `${name}-edge`,
      {
        vpcId: vpc.vpcId,
        zones: args.zones,
        cidrBlocks: args.plan.edge,
        vpcIpv6CidrBlock: vpc.vpc.ipv6CidrBlock,
        internetGatewayId: vpc.internetGateway.id,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createFlowLogs(name: string, args: NetworkArgs): void {
    new FlowLogs(
      `${name}-flow-logs`,
      {
        vpcId: this.vpcId,
        region: args.region,
        accountId: args.accountId,
        prefix: args.clusterName,
        keyArn: args.logKeyArn,
        retentionDays: args.logRetentionDays,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createEndpoints(name: string, args: NetworkArgs): void {
    new VpcEndpoints(
      `${name}-endpoints`,
      {
        vpcId: this.vpcId,
        region: args.region,
        cidr: args.plan.cidr,
        routeTableIds: this.routeTableIds,
        subnetIds: this.privateSubnetIds,
        interfaces: args.interfaceEndpoints,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

function requireSubnetPerZone({ zones, plan }: NetworkArgs): void {
  for (const kind of ["private", "public", "isolated", "edge"] as const) {
    if (plan[kind].length !== zones.length) {
      throw new RangeError(
        `${plan[kind].length} ${kind} subnets are planned for ${zones.length} zones`,
      );
    }
  }
}
