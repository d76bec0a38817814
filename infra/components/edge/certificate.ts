import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../config/errors";

const VALIDATION_TTL_SECONDS = 300;

export interface EdgeCertificateArgs {
  /** The certificate's first name, the region's own. */
  host: string;
  /** Further names: the public hosts. */
  hosts: readonly string[];
  /** Names whose validation record this stack owns; see {@link EdgeCertificate}. */
  validates: readonly string[];
  /** Route 53 zone of all these names; needed only where there is something to validate. */
  zoneId: pulumi.Input<string> | undefined;
  tags: Record<string, string>;
}

/**
 * A certificate from ACM, validated in our zone, usable once issued.
 *
 * ACM derives a name's validation record from account and name alone, so every region's certificate
 * for a shared host wants the SAME record, and two stacks cannot own one record. The data home, which
 * comes up first, owns the shared hosts' records; every region owns its own name's.
 */
export class EdgeCertificate extends pulumi.ComponentResource {
  /** Known once the certificate is issued. */
  readonly certificateArn: pulumi.Output<string>;

  /** @throws OperatorError when there is no zone to validate in. */
  constructor(name: string, args: EdgeCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:edge:EdgeCertificate", name, {}, opts);

    const certificate = this.createCertificate(name, args);
    const records = args.validates.map((domain) =>
      this.createValidationRecord(`${name}-${domain}`, args, certificate, domain),
    );
    const issued = this.createValidation(name, certificate, records);

    this.certificateArn = issued.certificateArn;
    this.registerOutputs({ certificateArn: this.certificateArn });
  }

  private createCertificate(name: string, args: EdgeCertificateArgs): aws.acm.Certificate {
    return new aws.acm.Certificate(
      name,
      {
        domainName: args.host,
        subjectAlternativeNames: [...args.hosts],
        validationMethod: "DNS",
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createValidationRecord(
    name: string,
    args: EdgeCertificateArgs,
    certificate: aws.acm.Certificate,
    domain: string,
  ): aws.route53.Record {
    if (args.zoneId === undefined) {
      throw new OperatorError({
        key: "zone.id",
        rule: `the certificate's validation records stand in the zone, so a region needs the zone's id`,
        fix: "write the hosted zone's id into the fleet's file, or give edge.certificateArn a certificate that exists",
      });
    }
    // ACM answers in no particular order.
    const option = certificate.domainValidationOptions.apply((options) => {
      const found = options.find(({ domainName }) => domainName === domain);
      if (found === undefined) throw new Error(`ACM asks for no validation of ${domain}`);
      return found;
    });
    return new aws.route53.Record(
      name,
      {
        zoneId: args.zoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: VALIDATION_TTL_SECONDS,
      },
      { parent: this },
    );
  }

  /** Without `validationRecordFqdns`: the provider would demand the records that another stack owns. */
  private createValidation(
    name: string,
    certificate: aws.acm.Certificate,
    records: aws.route53.Record[],
  ): aws.acm.CertificateValidation {
    return new aws.acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn },
      { parent: this, dependsOn: records },
    );
  }
}
