import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface VpcEndpointsArgs {
  vpcId: pulumi.Input<string>;
  region: string;
  /** The VPC's IPv4 block: who may use the interface endpoints. */
  cidr: string;
  /** Route tables that get the route to S3. */
  routeTableIds: pulumi.Input<string[]>;
  /** One subnet per zone, in which the interface endpoints stand. */
  subnetIds: pulumi.Input<string[]>;
  interfaces: boolean;
  tags: Record<string, string>;
}

/**
 * Services that nodes and system pods call, each with the reason why it has an endpoint (EKS user guide,
 * "Deploy private clusters with limited internet access"; every one costs by the hour and zone). Not
 * here: `kms` and `autoscaling`, which AWS calls on our behalf, and `logs`, which nodes do not write.
 */
export const INTERFACE_ENDPOINTS = {
  "ecr.api": "kubelet's credential provider asks ECR for a token",
  "ecr.dkr": "image manifests; the layers come through S3",
  ec2: "VPC CNI, EBS CSI driver, load-balancer controller and Karpenter manage interfaces, volumes and instances",
  eks: "Karpenter reads the cluster's endpoint and version",
  "eks-auth": "the Pod Identity agent fetches every pod's credentials",
  elasticloadbalancing: "the load-balancer controller registers pods in target groups",
  secretsmanager: "External Secrets reads database and cache credentials",
  sqs: "our queues, and Karpenter's interruption queue",
  ssm: "Karpenter finds AMIs; the SSM agent registers nodes",
  ssmmessages: "Session Manager, the only way onto a node",
  sts: "SDKs that ask who they are, and IRSA where the OIDC provider is on",
} as const;

/** VPC endpoints: S3 by gateway always, AWS APIs by interface where the profile says so. */
export class VpcEndpoints extends pulumi.ComponentResource {
  constructor(name: string, args: VpcEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:network:VpcEndpoints", name, {}, opts);
    this.createS3Endpoint(name, args);
    if (args.interfaces)
      this.createInterfaceEndpoints(name, args, this.createSecurityGroup(name, args));
    this.registerOutputs({});
  }

  private createS3Endpoint(name: string, args: VpcEndpointsArgs): void {
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: args.vpcId,
        vpcEndpointType: "Gateway",
        serviceName: serviceName(args.region, "s3"),
        routeTableIds: args.routeTableIds,
        tags: { ...args.tags, Name: `${name}-s3` },
      },
      { parent: this },
    );
  }

  private createSecurityGroup(name: string, args: VpcEndpointsArgs): aws.ec2.SecurityGroup {
    const group = new aws.ec2.SecurityGroup(
      name,
      {
        description: "Interface endpoints: HTTPS from the VPC",
        vpcId: args.vpcId,
        tags: { ...args.tags, Name: name },
      },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-https`,
      {
        description: "HTTPS from the VPC",
        securityGroupId: group.id,
        cidrIpv4: args.cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        tags: args.tags,
      },
      { parent: this },
    );
    return group;
  }

  private createInterfaceEndpoints(
    name: string,
    args: VpcEndpointsArgs,
    group: aws.ec2.SecurityGroup,
  ): void {
    for (const service of Object.keys(INTERFACE_ENDPOINTS)) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: args.vpcId,
          vpcEndpointType: "Interface",
          serviceName: serviceName(args.region, service),
          subnetIds: args.subnetIds,
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
          tags: { ...args.tags, Name: `${name}-${service}` },
        },
        { parent: this },
      );
    }
  }
}

function serviceName(region: string, service: string): string {
  return `com.amazonaws.${region}.${service}`;
}
