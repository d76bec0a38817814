import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One end of a peering. */
export interface PeeredVpc {
  region: string;
  vpcId: string;
  /** IPv4 block of the VPC; the two ends' must not overlap. */
  cidr: string;
  /** Route tables whose subnets reach the peer. */
  routeTableIds: readonly string[];
}

export interface VpcPeeringArgs {
  requester: PeeredVpc;
  accepter: PeeredVpc;
  tags: Record<string, string>;
}

/** Two VPCs in two regions of one account that route to each other and resolve each other's names to private addresses. */
export class VpcPeering extends pulumi.ComponentResource {
  readonly connectionId: pulumi.Output<string>;

  constructor(name: string, args: VpcPeeringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:backbone:VpcPeering", name, {}, opts);

    // Both ends wait for the acceptance: options and routes on a pending connection are refused.
    const accepted = this.createConnection(name, args);
    this.resolveNames(name, args, accepted.id);
    this.createRoutes(name, args.requester, args.accepter, accepted.id);
    this.createRoutes(name, args.accepter, args.requester, accepted.id);

    this.connectionId = accepted.id;
    this.registerOutputs({ connectionId: this.connectionId });
  }

  private createConnection(
    name: string,
    { requester, accepter, tags }: VpcPeeringArgs,
  ): aws.ec2.VpcPeeringConnectionAccepter {
    const named = { ...tags, Name: name };
    const connection = new aws.ec2.VpcPeeringConnection(
      `${name}-connection`,
      {
        region: requester.region,
        vpcId: requester.vpcId,
        peerVpcId: accepter.vpcId,
        peerRegion: accepter.region,
        tags: named,
      },
      { parent: this },
    );
    // A connection to another region cannot accept itself.
    return new aws.ec2.VpcPeeringConnectionAccepter(
      `${name}-accepter`,
      {
        region: accepter.region,
        vpcPeeringConnectionId: connection.id,
        autoAccept: true,
        tags: named,
      },
      { parent: this },
    );
  }

  private resolveNames(
    name: string,
    { requester, accepter }: VpcPeeringArgs,
    vpcPeeringConnectionId: pulumi.Input<string>,
  ): void {
    const resolve = { allowRemoteVpcDnsResolution: true };
    new aws.ec2.PeeringConnectionOptions(
      `${name}-requester-options`,
      { region: requester.region, vpcPeeringConnectionId, requester: resolve },
      { parent: this },
    );
    new aws.ec2.PeeringConnectionOptions(
      `${name}-accepter-options`,
      { region: accepter.region, vpcPeeringConnectionId, accepter: resolve },
      { parent: this },
    );
  }

  /** Named by the route table, which no added region or reordered list changes. */
  private createRoutes(
    name: string,
    from: PeeredVpc,
    to: PeeredVpc,
    vpcPeeringConnectionId: pulumi.Input<string>,
  ): void {
    for (const routeTableId of from.routeTableIds) {
      new aws.ec2.Route(
        `${name}-from-${from.region}-${routeTableId}`,
        {
          region: from.region,
          routeTableId,
          destinationCidrBlock: to.cidr,
          vpcPeeringConnectionId,
        },
        { parent: this },
      );
    }
  }
}
