import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ClientSecurityGroupArgs {
  /** What the group guards; EC2 replaces the group when it changes. */
  description: string;
  vpcId: pulumi.Input<string>;
  /** The one TCP port that clients may reach. */
  port: number;
  /** Groups whose members may connect. Their order is part of the rules' names: append, never insert. */
  clientSecurityGroupIds: readonly pulumi.Input<string>[];
  tags: Record<string, string>;
}

/**
 * Security group of a data store: one TCP port, open to the members of named groups, never to a CIDR
 * block, and no egress, because a data store answers and calls nobody. Rules are resources of their
 * own: inline rules would fight the ones that other components and the backbone stack add.
 */
export class ClientSecurityGroup extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ClientSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:access:ClientSecurityGroup", name, {}, opts);
    const { description, vpcId, port, clientSecurityGroupIds, tags } = args;

    // The provider removes the allow-all egress rule that EC2 puts into every new group.
    const group = new aws.ec2.SecurityGroup(name, { description, vpcId, tags }, { parent: this });
    clientSecurityGroupIds.forEach((referencedSecurityGroupId, index) => {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-client-${index}`,
        {
          securityGroupId: group.id,
          referencedSecurityGroupId,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          tags,
        },
        { parent: this },
      );
    });

    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}
