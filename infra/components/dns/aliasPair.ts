import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A load balancer as Route 53's alias records see it. */
export interface AliasTarget {
  /** DNS name of the load balancer. */
  dnsName: pulumi.Input<string>;
  /** Hosted zone of that name (AWS's, not ours). */
  zoneId: pulumi.Input<string>;
}

export interface AliasPairArgs {
  /** Fully qualified name of the records. */
  host: string;
  /** Our hosted zone. */
  zoneId: pulumi.Input<string>;
  target: AliasTarget;
  evaluateTargetHealth: boolean;
  /** Routing policy, set identifier and health check of both records; simple routing when left out. */
  routing?: Pick<
    aws.route53.RecordArgs,
    "setIdentifier" | "latencyRoutingPolicies" | "healthCheckId"
  >;
}

/** The A and the AAAA alias record of one name, `<name>-a` and `<name>-aaaa`; the load balancers are dual-stack. */
export function aliasPair(name: string, args: AliasPairArgs, opts: pulumi.ResourceOptions): void {
  for (const type of ["A", "AAAA"] as const) {
    new aws.route53.Record(
      `${name}-${type.toLowerCase()}`,
      {
        zoneId: args.zoneId,
        name: args.host,
        type,
        aliases: [
          {
            name: args.target.dnsName,
            zoneId: args.target.zoneId,
            evaluateTargetHealth: args.evaluateTargetHealth,
          },
        ],
        ...args.routing,
      },
      opts,
    );
  }
}
