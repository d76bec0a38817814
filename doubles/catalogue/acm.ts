import { createHash } from "node:crypto";
import type { Cloud } from "../cloud";
import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { type Props, text, texts } from "../values";
import { RECORD, fqdn, trim } from "./route53";

export const CERTIFICATE = "aws:acm/certificate:Certificate";

/** The CNAME that proves an account's control of a domain: the same in every region. */
function validationRecord(cloud: Cloud, domain: string): { name: string; value: string } {
  const bare = domain.replace(/^\*\./, "");
  const hash = createHash("md5").update(`${cloud.account} ${bare}`).digest("hex");
  const proof = createHash("md5").update(`proof ${cloud.account} ${bare}`).digest("hex");
  return { name: `_${hash}.${bare}.`, value: `_${proof}.acm-validations.aws.` };
}

function domainsOf(certificate: Props): string[] {
  return [...texts(certificate, "domainName"), ...texts(certificate, "subjectAlternativeNames[]")];
}

/** Domains of a certificate whose validation record is not in Route 53. */
export function unvalidated(cloud: Cloud, inputs: Props): string[] {
  return domainsOf(inputs).filter((domain) => {
    const { name, value } = validationRecord(cloud, domain);
    return !cloud
      .all(RECORD)
      .some(
        (record) =>
          fqdn(record.inputs) === trim(name) &&
          texts(record.inputs, "records[]").some((entry) => trim(entry) === trim(value)),
      );
  });
}

export const acm: Catalogue = {
  [CERTIFICATE]: {
    forceNew: [
      "certificateAuthorityArn",
      "domainName",
      "keyAlgorithm",
      "subjectAlternativeNames",
      "validationMethod",
      "validationOptions",
      "region",
    ],
    defaults: { keyAlgorithm: "RSA_2048" },
    validate: (inputs) => {
      for (const domain of domainsOf(inputs)) {
        if (
          !/^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]{2,}$/i.test(domain) ||
          domain.length > 253
        ) {
          refuse(`"${domain}" is not a domain name that ACM accepts`, "domainName");
        }
      }
      const main = text(inputs, "domainName");
      if (main !== undefined && main.length > 64)
        refuse(`domainName "${main}" is longer than 64 characters`, "domainName");
    },
    id: (_inputs, { cloud, region }) =>
      cloud.arn(
        "acm",
        region,
        `certificate/${cloud.hex(8)}-${cloud.hex(4)}-4${cloud.hex(3)}-8${cloud.hex(3)}-${cloud.hex(12)}`,
      ),
    outputs: (inputs, { cloud, id, old }) => ({
      arn: id,
      status: old?.status ?? "PENDING_VALIDATION",
      type: "AMAZON_ISSUED",
      subjectAlternativeNames: inputs.subjectAlternativeNames ?? domainsOf(inputs),
      domainValidationOptions: [...new Set(domainsOf(inputs))].map((domain) => {
        const { name, value } = validationRecord(cloud, domain);
        return {
          domainName: domain,
          resourceRecordName: name,
          resourceRecordType: "CNAME",
          resourceRecordValue: value,
        };
      }),
    }),
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    forceNew: ["certificateArn", "validationRecordFqdns", "region"],
    references: [{ path: "certificateArn", type: CERTIFICATE, blocks: false }],
    admit: (inputs, { cloud, region }) => {
      const certificate = cloud.get(CERTIFICATE, region, text(inputs, "certificateArn") ?? "");
      if (certificate === undefined) return;
      const pending = cloud.assumeExisting ? [] : unvalidated(cloud, certificate.inputs);
      if (pending.length > 0) {
        refuse(
          `timeout while waiting for ${certificate.id} to be issued: no validation record for ${pending.join(", ")}`,
          "certificateArn",
        );
      }
      certificate.state.status = "ISSUED";
    },
    id: () => "2026-01-01 00:00:00 +0000 UTC",
  },
};
