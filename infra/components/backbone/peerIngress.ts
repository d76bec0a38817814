import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One port of a region that the peers' VPCs may reach. */
export interface MeshPort {
  /** What is reached, such as `database`; part of the rules' names. */
  purpose: string;
  /** Security group that guards it. */
  securityGroupId: string;
  port: number;
}

export interface PeerIngressArgs {
  /** The region that is reached. */
  region: string;
  ports: readonly MeshPort[];
  /** IPv4 block of each peer's VPC, by region. Groups of another region's VPC cannot be referred to. */
  peers: Readonly<Record<string, string>>;
  tags: Record<string, string>;
}

/** The security-group rules that let the peers in, one per port and peer. */
export class PeerIngress extends pulumi.ComponentResource {
  constructor(name: string, args: PeerIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:backbone:PeerIngress", name, {}, opts);

    for (const { purpose, securityGroupId, port } of args.ports) {
      for (const [peer, cidrIpv4] of Object.entries(args.peers)) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${purpose}-from-${peer}`,
          {
            region: args.region,
            securityGroupId,
            description: `${purpose} from ${peer}`,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            cidrIpv4,
            tags: { ...args.tags, Name: `${purpose} from ${peer}` },
          },
          { parent: this },
        );
      }
    }

    this.registerOutputs({ region: args.region });
  }
}
