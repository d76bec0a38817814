import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { GATEWAY_PORTS } from "./gateway";

const PUBLIC_PORTS = { http: 80, https: 443 } as const;

const EVERYONE = {
  ipv4: { cidrIpv4: "0.0.0.0/0" },
  ipv6: { cidrIpv6: "::/0" },
} as const;

export interface EdgeSecurityArgs {
  vpcId: pulumi.Input<string>;
  /** Group of the cluster's nodes and pods. */
  clusterSecurityGroupId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** Everyone to ports 80 and 443 of the load balancer; from there to the gateway's ports alone. */
export class EdgeSecurity extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: EdgeSecurityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:edge:EdgeSecurity", name, {}, opts);
    const { vpcId, tags } = args;

    const group = new aws.ec2.SecurityGroup(
      name,
      { description: "The region's public load balancer", vpcId, tags },
      { parent: this },
    );
    this.openToEveryone(name, group, tags);
    this.openToGateway(name, group, args);

    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  private openToEveryone(
    name: string,
    group: aws.ec2.SecurityGroup,
    tags: Record<string, string>,
  ): void {
    for (const [protocol, port] of Object.entries(PUBLIC_PORTS)) {
      for (const [family, source] of Object.entries(EVERYONE)) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${protocol}-${family}`,
          { ...source, ...tcp(port), securityGroupId: group.id, tags },
          { parent: this },
        );
      }
    }
  }

  /** Both ends: the pods carry the cluster's group, which lets nobody else in from outside. */
  private openToGateway(
    name: string,
    group: aws.ec2.SecurityGroup,
    { clusterSecurityGroupId, tags }: EdgeSecurityArgs,
  ): void {
    for (const [use, port] of Object.entries(GATEWAY_PORTS)) {
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-gateway-${use}`,
        {
          ...tcp(port),
          securityGroupId: group.id,
          referencedSecurityGroupId: clusterSecurityGroupId,
          tags,
        },
        { parent: this },
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-gateway-${use}`,
        {
          ...tcp(port),
          securityGroupId: clusterSecurityGroupId,
          referencedSecurityGroupId: group.id,
          tags,
        },
        { parent: this },
      );
    }
  }
}

function tcp(port: number): { ipProtocol: "tcp"; fromPort: number; toPort: number } {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}
