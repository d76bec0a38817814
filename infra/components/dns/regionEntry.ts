import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TrafficState } from "../../config/stackSchemas";
import { aliasPair, type AliasTarget } from "./aliasPair";
import { ENDPOINT_TIMING } from "../../plan/departure";
import { gateThreshold } from "../../plan/gate";

export interface RegionEntryArgs {
  /** The region's own name, `<region>.<domain>`; no public host's, see {@link RegionEntry}. */
  host: string;
  /** Our hosted zone. */
  zoneId: pulumi.Input<string>;
  /** The region's network load balancer. */
  target: AliasTarget;
  /** What an operator set; moves the gate's threshold and nothing else. */
  traffic: TrafficState;
  /**
   * Refuses an edit that would replace or delete a health check: a fresh one starts healthy and would
   * send traffic to a dead region.
   */
  protect: boolean;
  tags: Record<string, string>;
}

/** The type replaces a check, as the interval does (see {@link ENDPOINT_TIMING}). */
const ENDPOINT_CHECK = {
  type: "HTTPS",
  port: 443,
  resourcePath: "/health",
  enableSni: true,
  ...ENDPOINT_TIMING,
} as const;

/**
 * One region's way into DNS: its own name, the check of what answers there, and the gate that says
 * whether the public hosts may use the region.
 *
 * The check asks for `<region>.<domain>`, never for a public host: Route 53 calls the result
 * unpredictable when a check's name is that of a record that depends on the check.
 */
export class RegionEntry extends pulumi.ComponentResource {
  /** Health check ids. */
  readonly gateId: pulumi.Output<string>;
  readonly endpointCheckId: pulumi.Output<string>;

  constructor(name: string, args: RegionEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:dns:RegionEntry", name, {}, opts);

    this.createName(name, args);
    const endpoint = this.createEndpointCheck(name, args);
    const gate = this.createGate(name, args, [endpoint.id]);

    this.gateId = gate.id;
    this.endpointCheckId = endpoint.id;
    this.registerOutputs({ gateId: this.gateId, endpointCheckId: this.endpointCheckId });
  }

  private createName(name: string, { host, zoneId, target }: RegionEntryArgs): void {
    // Simple routing: there is no other record to answer with, and the check and the operators have
    // to reach a region that is out of the public hosts. So the target's health has no say here.
    aliasPair(name, { host, zoneId, target, evaluateTargetHealth: false }, { parent: this });
  }

  private createEndpointCheck(
    name: string,
    { host, protect, tags }: RegionEntryArgs,
  ): aws.route53.HealthCheck {
    return new aws.route53.HealthCheck(
      `${name}-endpoint`,
      { ...ENDPOINT_CHECK, fqdn: host, tags: { ...tags, Name: `${host} endpoint` } },
      { parent: this, protect },
    );
  }

  private createGate(
    name: string,
    { host, traffic, protect, tags }: RegionEntryArgs,
    children: pulumi.Input<string>[],
  ): aws.route53.HealthCheck {
    return new aws.route53.HealthCheck(
      `${name}-gate`,
      {
        type: "CALCULATED",
        childHealthchecks: children,
        childHealthThreshold: gateThreshold(traffic, children.length),
        tags: { ...tags, Name: `${host} gate` },
      },
      { parent: this, protect },
    );
  }
}
