import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRICS_PORTS } from "./ports";

type Protocol = keyof typeof METRICS_PORTS;

/** Readiness of the querier, on its HTTP port. */
const HEALTH_PATH = "/-/ready";

export interface MetricsEntryArgs {
  /** Its name, `metrics.<region>.<domain>`. */
  host: string;
  /** Route 53 zone of that name. */
  zoneId: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  /** Private subnets, one per zone. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** IPv4 block of the global region's VPC, which alone may ask. */
  clientCidr: string;
  /** Group of the querier's pods. */
  clusterSecurityGroupId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/**
 * Where the global region asks for this region's metrics: a load balancer inside the VPC, reached over the
 * peering, before the pods that a TargetGroupBinding registers. Traffic between peered VPCs of different
 * regions is encrypted by AWS (VPC peering guide), so it carries no TLS of its own.
 *
 * The record is public and its addresses are private: it says where to ask, and nobody else gets there.
 */
export class MetricsEntry extends pulumi.ComponentResource {
  /** ARNs. */
  readonly targetGroups: Record<Protocol, pulumi.Output<string>>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: MetricsEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:metricsEntry:MetricsEntry", name, {}, opts);

    const group = this.createSecurityGroup(name, args);
    const balancer = this.createLoadBalancer(name, args, group);
    const grpc = this.createTargetGroup(name, args, "grpc");
    const http = this.createTargetGroup(name, args, "http");
    this.createListener(name, args, "grpc", balancer, grpc);
    this.createListener(name, args, "http", balancer, http);
    this.createRecord(name, args, balancer);

    this.targetGroups = { grpc: grpc.arn, http: http.arn };
    this.securityGroupId = group.id;
    this.registerOutputs({
      targetGroups: this.targetGroups,
      securityGroupId: this.securityGroupId,
    });
  }

  private createSecurityGroup(name: string, args: MetricsEntryArgs): aws.ec2.SecurityGroup {
    const { vpcId, clientCidr, clusterSecurityGroupId, tags } = args;
    const group = new aws.ec2.SecurityGroup(
      name,
      { description: "The global region's way to this region's metrics", vpcId, tags },
      { parent: this },
    );
    for (const [protocol, port] of Object.entries(METRICS_PORTS)) {
      const tcp = { ipProtocol: "tcp", fromPort: port, toPort: port, tags };
      const rule = `${name}-${protocol}`;
      new aws.vpc.SecurityGroupIngressRule(
        `${rule}-from-global-region`,
        { ...tcp, securityGroupId: group.id, cidrIpv4: clientCidr },
        { parent: this },
      );
      new aws.vpc.SecurityGroupEgressRule(
        `${rule}-to-pods`,
        {
          ...tcp,
          securityGroupId: group.id,
          referencedSecurityGroupId: clusterSecurityGroupId,
        },
        { parent: this },
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${rule}-to-pods`,
        {
          ...tcp,
          securityGroupId: clusterSecurityGroupId,
          referencedSecurityGroupId: group.id,
        },
        { parent: this },
      );
    }
    return group;
  }

  private createLoadBalancer(
    name: string,
    args: MetricsEntryArgs,
    group: aws.ec2.SecurityGroup,
  ): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "network",
        internal: true,
        ipAddressType: "ipv4",
        subnets: args.subnetIds,
        securityGroups: [group.id],
        enableCrossZoneLoadBalancing: true,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createTargetGroup(
    name: string,
    args: MetricsEntryArgs,
    protocol: Protocol,
  ): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      `${name}-${protocol}`,
      {
        targetType: "ip",
        protocol: "TCP",
        port: METRICS_PORTS[protocol],
        vpcId: args.vpcId,
        // A client's own address does not come over a peering between regions (NLB guide, client IP preservation).
        preserveClientIp: "false",
        deregistrationDelay: 30,
        healthCheck: {
          protocol: "HTTP",
          port: String(METRICS_PORTS.http),
          path: HEALTH_PATH,
          matcher: "200",
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createListener(
    name: string,
    args: MetricsEntryArgs,
    protocol: Protocol,
    balancer: aws.lb.LoadBalancer,
    targetGroup: aws.lb.TargetGroup,
  ): void {
    new aws.lb.Listener(
      `${name}-${protocol}`,
      {
        loadBalancerArn: balancer.arn,
        protocol: "TCP",
        port: METRICS_PORTS[protocol],
        defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createRecord(
    name: string,
    { host, zoneId }: MetricsEntryArgs,
    balancer: aws.lb.LoadBalancer,
  ): void {
    new aws.route53.Record(
      name,
      {
        zoneId,
        name: host,
        type: "A",
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }],
      },
      { parent: this },
    );
  }
}
