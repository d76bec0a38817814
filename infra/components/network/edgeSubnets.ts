import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ipv6Subnet } from "../../plan/ipv6";

export interface EdgeSubnetsArgs {
  vpcId: pulumi.Input<string>;
  zones: readonly string[];
  /** One IPv4 block per zone. */
  cidrBlocks: readonly string[];
  /** The VPC's generated /56; each subnet takes a /64 of it, in the zones' order. */
  vpcIpv6CidrBlock: pulumi.Input<string>;
  internetGatewayId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/**
 * Dual-stack public subnets for the load balancer. They are our own because those of awsx.ec2.Vpc have
 * no IPv6, which a dual-stack load balancer, and so an AAAA record, needs. Nothing else runs in them.
 */
export class EdgeSubnets extends pulumi.ComponentResource {
  /** Known only when routes to the internet exist, which a public load balancer needs. */
  readonly subnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: EdgeSubnetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:network:EdgeSubnets", name, {}, opts);
    const routeTable = this.createRouteTable(name, args);
    const subnets = args.zones.map((zone, index) => this.createSubnet(name, args, zone, index));
    this.associate(name, args, subnets, routeTable);
    this.subnetIds = pulumi.output(subnets.map((subnet) => subnet.id));
    this.registerOutputs({ subnetIds: this.subnetIds });
  }

  private createRouteTable(name: string, args: EdgeSubnetsArgs): aws.ec2.RouteTable {
    const table = new aws.ec2.RouteTable(
      name,
      { vpcId: args.vpcId, tags: { ...args.tags, Name: name } },
      { parent: this },
    );
    new aws.ec2.Route(
      `${name}-ipv4`,
      {
        routeTableId: table.id,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: args.internetGatewayId,
      },
      { parent: this },
    );
    new aws.ec2.Route(
      `${name}-ipv6`,
      {
        routeTableId: table.id,
        destinationIpv6CidrBlock: "::/0",
        gatewayId: args.internetGatewayId,
      },
      { parent: this },
    );
    return table;
  }

  private createSubnet(
    name: string,
    args: EdgeSubnetsArgs,
    zone: string,
    index: number,
  ): aws.ec2.Subnet {
    return new aws.ec2.Subnet(
      `${name}-${zone}`,
      {
        vpcId: args.vpcId,
        availabilityZone: zone,
        cidrBlock: args.cidrBlocks[index],
        ipv6CidrBlock: pulumi
          .output(args.vpcIpv6CidrBlock)
          .apply((block) => ipv6Subnet(block, index)),
        assignIpv6AddressOnCreation: true,
        mapPublicIpOnLaunch: false,
        tags: { ...args.tags, Name: `${name}-${zone}`, "kubernetes.io/role/elb": "1" },
      },
      { parent: this },
    );
  }

  private associate(
    name: string,
    args: EdgeSubnetsArgs,
    subnets: aws.ec2.Subnet[],
    routeTable: aws.ec2.RouteTable,
  ): void {
    subnets.forEach((subnet, index) => {
      new aws.ec2.RouteTableAssociation(
        `${name}-${args.zones[index]}`,
        { subnetId: subnet.id, routeTableId: routeTable.id },
        { parent: this },
      );
    });
  }
}
