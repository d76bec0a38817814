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
  /** Known once the routes are there: a public load balancer is refused in subnets without them. */
  readonly subnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: EdgeSubnetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:network:EdgeSubnets", name, {}, opts);
    const table = this.createRouteTable(name, args);
    const routes = this.createRoutes(name, args, table);
    const subnets = args.zones.map((zone, index) => this.createSubnet(name, args, zone, index));
    const associations = this.associate(name, args, subnets, table);
    this.subnetIds = pulumi
      .all([...routes, ...associations].map(({ id }) => id))
      .apply(() => pulumi.all(subnets.map(({ id }) => id)));
    this.registerOutputs({ subnetIds: this.subnetIds });
  }

  private createRouteTable(name: string, args: EdgeSubnetsArgs): aws.ec2.RouteTable {
    return new aws.ec2.RouteTable(
      name,
      { vpcId: args.vpcId, tags: { ...args.tags, Name: name } },
      { parent: this },
    );
  }

  private createRoutes(
    name: string,
    { internetGatewayId: gatewayId }: EdgeSubnetsArgs,
    table: aws.ec2.RouteTable,
  ): aws.ec2.Route[] {
    return [
      new aws.ec2.Route(
        `${name}-ipv4`,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId },
        { parent: this },
      ),
      new aws.ec2.Route(
        `${name}-ipv6`,
        { routeTableId: table.id, destinationIpv6CidrBlock: "::/0", gatewayId },
        { parent: this },
      ),
    ];
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
    table: aws.ec2.RouteTable,
  ): aws.ec2.RouteTableAssociation[] {
    return subnets.map(
      (subnet, index) =>
        new aws.ec2.RouteTableAssociation(
          `${name}-${args.zones[index]}`,
          { subnetId: subnet.id, routeTableId: table.id },
          { parent: this },
        ),
    );
  }
}
