import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { OperatorError, type OperatorErrorArgs } from "../../config/errors";

export interface PublicZoneArgs {
  /** The public domain that the zone answers for. */
  domain: string;
  /** Pulumi's `protect`: a deleted zone takes its name servers with it, and the registrar's delegation breaks. */
  protect: boolean;
  tags: Record<string, string>;
}

/** A public hosted zone of our own making. */
export class PublicZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** To be entered at the registrar, or as NS records in the parent zone. */
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: PublicZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:dns:PublicZone", name, {}, opts);

    const zone = new aws.route53.Zone(
      `${name}-zone`,
      {
        name: args.domain,
        comment: `Public zone of ${args.domain}`,
        // Record changes stay possible within an hour when us-east-1's control plane is impaired.
        enableAcceleratedRecovery: true,
        forceDestroy: false,
        tags: args.tags,
      },
      { parent: this, protect: args.protect },
    );

    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
    this.registerOutputs({ zoneId: this.zoneId, nameServers: this.nameServers });
  }
}

/**
 * The id of the public zone that exists for a domain.
 *
 * @param expectedId `zone.id` of the fleet file, in which regional stacks validate their certificates.
 * @throws OperatorError when there is no such zone, more than one, or its id is not the expected one.
 */
export async function lookUpZone(domain: string, expectedId: string | undefined): Promise<string> {
  const found = await findZone(domain);
  const problem = zoneIdProblem(domain, expectedId, found.zoneId);
  if (problem) throw new OperatorError(problem);
  return found.zoneId;
}

/** What is wrong when the fleet file names another zone than the one that the records go to. */
export function zoneIdProblem(
  domain: string,
  expectedId: string | undefined,
  actualId: string,
): OperatorErrorArgs | undefined {
  if (expectedId === undefined || expectedId === actualId) return undefined;
  return {
    key: "fleet: zone.id",
    value: expectedId,
    rule: `it is the id of the public hosted zone of ${domain}, which is ${actualId}`,
    fix: `set zone.id to ${actualId}, or correct domain`,
  };
}

async function findZone(domain: string): Promise<aws.route53.GetZoneResult> {
  try {
    return await aws.route53.getZone({ name: domain, privateZone: false });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/no matching Route ?53 Hosted Zone/i.test(message)) {
      throw new OperatorError({
        key: "fleet: domain",
        value: domain,
        rule: "zone.source is existing, so a public hosted zone of that name exists in this account",
        fix: "create or delegate the zone, or set zone.source to create",
      });
    }
    if (/multiple Route ?53 Hosted Zones/i.test(message)) {
      throw new OperatorError({
        key: "fleet: domain",
        value: domain,
        rule: "one public hosted zone of that name exists in this account; Route 53 has several",
        fix: "delete the ones that the registrar does not delegate to",
      });
    }
    throw error;
  }
}
