import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EdgeCertificate } from "./certificate";
import { GATEWAY_HEALTH_PATH, GATEWAY_PORTS } from "./gateway";
import { EdgeSecurity } from "./security";

/** TLS 1.3 and 1.2, forward secrecy only; AWS's recommendation for NLB listeners. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** Seconds that a leaving pod keeps its connections; no longer, or rollouts wait for idle clients. */
const DEREGISTRATION_DELAY = 60;

export interface EdgeArgs {
  /** The region's own name, `<region>.<domain>`. */
  host: string;
  /** The public hosts, as full names. */
  hosts: readonly string[];
  /** Names whose certificate validation record this stack owns: its own, and in the data home the hosts'. */
  validates: readonly string[];
  /** Route 53 zone of these names; not needed with a certificate of one's own. */
  zoneId: pulumi.Input<string> | undefined;
  /** A certificate that exists already; none is made, and nothing is validated. */
  certificateArn?: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  /** Dual-stack public subnets, one per zone. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Group of the gateway's pods, which gets the rules that let the load balancer in. */
  clusterSecurityGroupId: pulumi.Input<string>;
  deletionProtection: boolean;
  tags: Record<string, string>;
}

/**
 * The region's way in: a network load balancer that terminates TLS and hands on to the ingress
 * gateway's pods, which a TargetGroupBinding registers. It belongs to the program, not to a controller
 * in the cluster, so it outlives a cluster and leaves nothing behind.
 *
 * Both target groups hold the ingress gateway alone: Route 53's `evaluateTargetHealth` calls the load
 * balancer unhealthy when any of its groups is empty or has no healthy target.
 */
export class Edge extends pulumi.ComponentResource {
  readonly dnsName: pulumi.Output<string>;
  /** Hosted zone of {@link dnsName}, for alias records. */
  readonly zoneId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** ARNs. */
  readonly targetGroups: { https: pulumi.Output<string>; http: pulumi.Output<string> };

  /** @throws OperatorError when there is neither a zone to validate in nor a certificate. */
  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:edge:Edge", name, {}, opts);

    const certificateArn = args.certificateArn ?? this.createCertificate(name, args);
    const { securityGroupId } = new EdgeSecurity(`${name}-access`, args, { parent: this });
    const balancer = this.createLoadBalancer(name, args, securityGroupId);
    const https = this.createTargetGroup(`${name}-https`, args, "TLS", GATEWAY_PORTS.https);
    const http = this.createTargetGroup(`${name}-http`, args, "TCP", GATEWAY_PORTS.http);
    this.createListener(`${name}-https`, args, balancer, https, {
      protocol: "TLS",
      port: 443,
      certificateArn,
      sslPolicy: TLS_POLICY,
      alpnPolicy: "HTTP2Preferred",
    });
    this.createListener(`${name}-http`, args, balancer, http, { protocol: "TCP", port: 80 });

    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.securityGroupId = securityGroupId;
    this.targetGroups = { https: https.arn, http: http.arn };
    this.registerOutputs({
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      securityGroupId: this.securityGroupId,
      targetGroups: this.targetGroups,
    });
  }

  private createCertificate(name: string, args: EdgeArgs): pulumi.Output<string> {
    return new EdgeCertificate(`${name}-certificate`, args, { parent: this }).certificateArn;
  }

  private createLoadBalancer(
    name: string,
    args: EdgeArgs,
    securityGroupId: pulumi.Output<string>,
  ): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "network",
        internal: false,
        ipAddressType: "dualstack",
        subnets: args.subnetIds,
        securityGroups: [securityGroupId],
        enableCrossZoneLoadBalancing: true,
        enableDeletionProtection: args.deletionProtection,
        tags: args.tags,
      },
      { parent: this, protect: args.deletionProtection },
    );
  }

  private createTargetGroup(
    name: string,
    args: EdgeArgs,
    protocol: "TLS" | "TCP",
    port: number,
  ): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      name,
      {
        targetType: "ip",
        protocol,
        port,
        vpcId: args.vpcId,
        deregistrationDelay: DEREGISTRATION_DELAY,
        connectionTermination: true,
        // The gateway sees IPv4 clients' own addresses with no PROXY protocol to agree on; IPv6
        // clients come from the load balancer's, because the pods are IPv4 (NLB guide, client IP preservation).
        preserveClientIp: "true",
        proxyProtocolV2: false,
        healthCheck: {
          protocol: "HTTP",
          port: String(GATEWAY_PORTS.status),
          path: GATEWAY_HEALTH_PATH,
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
    args: EdgeArgs,
    balancer: aws.lb.LoadBalancer,
    targetGroup: aws.lb.TargetGroup,
    inputs: Omit<aws.lb.ListenerArgs, "defaultActions" | "loadBalancerArn">,
  ): void {
    new aws.lb.Listener(
      name,
      {
        ...inputs,
        loadBalancerArn: balancer.arn,
        defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
        tags: args.tags,
      },
      { parent: this },
    );
  }
}
