import * as pulumi from "@pulumi/pulumi";
import { aliasPair, type AliasTarget } from "./aliasPair";

export interface LatencyTarget extends AliasTarget {
  /** Health check that says whether the host may be served from there. */
  gateId: pulumi.Input<string>;
}

export interface PublicHostArgs {
  /** Fully qualified public name, such as api.example.com. */
  host: string;
  /** Our hosted zone. */
  zoneId: pulumi.Input<string>;
  /** Where the host is served from, by AWS region. */
  regions: Readonly<Record<string, LatencyTarget>>;
}

/**
 * A public host that every region serves: Route 53 answers with the region of the least latency among
 * those whose gate and load balancer are both healthy (with all when none is).
 */
export class PublicHost extends pulumi.ComponentResource {
  constructor(name: string, args: PublicHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:dns:PublicHost", name, {}, opts);

    for (const [region, target] of Object.entries(args.regions)) {
      aliasPair(
        `${name}-${region}`,
        {
          host: args.host,
          zoneId: args.zoneId,
          target,
          evaluateTargetHealth: true,
          routing: {
            setIdentifier: region,
            latencyRoutingPolicies: [{ region }],
            healthCheckId: target.gateId,
          },
        },
        { parent: this },
      );
    }

    this.registerOutputs({ host: args.host });
  }
}
