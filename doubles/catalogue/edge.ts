import { createHash } from "node:crypto";
import type { Cloud } from "../cloud";
import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, isProps, number, type Props, text, texts } from "../values";
import { SECURITY_GROUP, SUBNET, VPC } from "./network";

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const CERTIFICATE = "aws:acm/certificate:Certificate";
export const ZONE = "aws:route53/zone:Zone";
export const RECORD = "aws:route53/record:Record";
export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

/** Hosted zones of the regions' network load balancers. Source: AWS General Reference, ELB endpoints. */
const NLB_ZONES: Record<string, string> = {
  "us-east-1": "Z26RNL4JYFTOTI",
  "us-east-2": "ZLMOA37VPKANP",
  "us-west-1": "Z24FKFUX50B4VW",
  "us-west-2": "Z18D5FSROUN65G",
  "eu-west-1": "Z2IFOLAFXWLO4F",
  "eu-west-2": "ZD4D7Y8KGAS4G",
  "eu-west-3": "Z1CMS0P5QUZ6D5",
  "eu-central-1": "Z3F0SRJ5LGBH90",
  "eu-north-1": "Z1UDT6IFJ4EJM",
  "ap-south-1": "ZVDDRBQ08TROA",
  "ap-southeast-1": "ZKVM4W9LS7TM",
  "ap-southeast-2": "ZCT6FZBF4DROD",
  "ap-northeast-1": "Z31USIVHYNEOWT",
  "ap-northeast-2": "ZIBE1TIR4HY56",
  "sa-east-1": "ZTK26PT1VY4CU",
  "ca-central-1": "Z2EPGBW3API2WT",
};

/** The CNAME that proves an account's control of a domain: the same in every region. */
export function validationRecord(cloud: Cloud, domain: string): { name: string; value: string } {
  const bare = domain.replace(/^\*\./, "");
  const hash = createHash("md5").update(`${cloud.account} ${bare}`).digest("hex");
  const proof = createHash("md5").update(`proof ${cloud.account} ${bare}`).digest("hex");
  return { name: `_${hash}.${bare}.`, value: `_${proof}.acm-validations.aws.` };
}

function domainsOf(certificate: Props): string[] {
  return [...texts(certificate, "domainName"), ...texts(certificate, "subjectAlternativeNames[]")];
}

/** Domains of a certificate whose validation record is not in Route 53. */
function unvalidated(cloud: Cloud, inputs: Props): string[] {
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

function trim(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}

function fqdn(record: Props): string {
  return trim(text(record, "name") ?? "");
}

const POLICIES = [
  "latencyRoutingPolicies",
  "weightedRoutingPolicies",
  "failoverRoutingPolicies",
  "geolocationRoutingPolicies",
  "geoproximityRoutingPolicy",
  "cidrRoutingPolicy",
  "multivalueAnswerRoutingPolicy",
];

function policyOf(record: Props): string {
  return POLICIES.find((key) => at(record, key).some((value) => value !== false)) ?? "simple";
}

function validRecord(inputs: Props): void {
  const type = text(inputs, "type");
  const types = [
    "A",
    "AAAA",
    "CAA",
    "CNAME",
    "DS",
    "HTTPS",
    "MX",
    "NAPTR",
    "NS",
    "PTR",
    "SOA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TLSA",
    "TXT",
  ];
  if (type !== undefined && !types.includes(type))
    refuse(`record type "${type}" is unknown`, "type");
  const alias = at(inputs, "aliases[]");
  if (alias.length > 0 && (at(inputs, "ttl").length > 0 || at(inputs, "records").length > 0)) {
    refuse("an alias record has no ttl and no records", "ttl");
  }
  if (alias.length === 0 && at(inputs, "records").length === 0) {
    refuse("a record has aliases or records", "records");
  }
  if (alias.length === 0 && at(inputs, "ttl").length === 0)
    refuse("a record that is no alias needs a ttl", "ttl");
  for (const entry of alias) {
    if (isProps(entry) && entry.evaluateTargetHealth === undefined) {
      refuse("an alias must state evaluateTargetHealth", "aliases");
    }
  }
  if (policyOf(inputs) !== "simple" && at(inputs, "setIdentifier").length === 0) {
    refuse(`${policyOf(inputs)} needs a setIdentifier`, "setIdentifier");
  }
  if (policyOf(inputs) === "simple" && at(inputs, "setIdentifier").length > 0) {
    refuse("setIdentifier needs a routing policy", "setIdentifier");
  }
}

function admitRecord(inputs: Props, { cloud, self }: Call): void {
  const zone = cloud.all(ZONE).find((thing) => thing.id === text(inputs, "zoneId"));
  const name = fqdn(inputs);
  const domain = zone && trim(text(zone.state, "name") ?? "");
  if (domain !== undefined && name !== domain && !name.endsWith(`.${domain}`)) {
    refuse(`InvalidChangeBatch: ${name} is not within the zone ${domain}`, "name");
  }
  const type = text(inputs, "type");
  const siblings = cloud
    .all(RECORD)
    .filter(
      (record) =>
        record !== self && record.inputs.zoneId === inputs.zoneId && fqdn(record.inputs) === name,
    );
  for (const other of siblings) {
    const otherType = text(other.inputs, "type");
    if (otherType !== type) {
      if (type === "CNAME" || otherType === "CNAME") {
        refuse(
          `InvalidChangeBatch: ${name} has a CNAME beside ${type === "CNAME" ? otherType : type}`,
          "name",
        );
      }
      continue;
    }
    const policy = policyOf(inputs);
    if (policyOf(other.inputs) !== policy) {
      refuse(
        `InvalidChangeBatch: ${name} ${type} has ${policyOf(other.inputs)} records; ${policy} cannot stand beside them`,
        "name",
      );
    }
    if (policy === "simple") {
      refuse(`InvalidChangeBatch: tried to create ${name} ${type} but it already exists`, "name");
    }
    if (text(other.inputs, "setIdentifier") === text(inputs, "setIdentifier")) {
      refuse(
        `InvalidChangeBatch: ${name} ${type} has set identifier "${text(inputs, "setIdentifier")}" already`,
        "setIdentifier",
      );
    }
    const region = text(inputs, "latencyRoutingPolicies[].region");
    if (
      policy === "latencyRoutingPolicies" &&
      text(other.inputs, "latencyRoutingPolicies[].region") === region
    ) {
      refuse(
        `InvalidChangeBatch: ${name} ${type} has a latency record for ${region} already`,
        "latencyRoutingPolicies",
      );
    }
  }
  const check = cloud.all(HEALTH_CHECK).find((thing) => thing.id === text(inputs, "healthCheckId"));
  if (check && trim(text(check.inputs, "fqdn") ?? "") === name) {
    refuse(
      `the health check's name equals the record's (${name}): Route 53 calls that unpredictable`,
      "healthCheckId",
    );
  }
}

function validHealthCheck(inputs: Props): void {
  const type = text(inputs, "type");
  const types = [
    "HTTP",
    "HTTPS",
    "HTTP_STR_MATCH",
    "HTTPS_STR_MATCH",
    "TCP",
    "CALCULATED",
    "CLOUDWATCH_METRIC",
    "RECOVERY_CONTROL",
  ];
  if (type !== undefined && !types.includes(type))
    refuse(`health check type "${type}" is unknown`, "type");
  const interval = number(inputs, "requestInterval");
  if (interval !== undefined && interval !== 10 && interval !== 30) {
    refuse(`requestInterval is 10 or 30 seconds, not ${interval}`, "requestInterval");
  }
  const threshold = number(inputs, "failureThreshold");
  if (threshold !== undefined && (threshold < 1 || threshold > 10)) {
    refuse(`failureThreshold is 1 to 10, not ${threshold}`, "failureThreshold");
  }
  const children = at(inputs, "childHealthchecks[]");
  const needed = number(inputs, "childHealthThreshold");
  if (type === "CALCULATED") {
    if (children.length === 0)
      refuse("a CALCULATED check needs childHealthchecks", "childHealthchecks");
    if (children.length > 255)
      refuse(`at most 255 child checks, not ${children.length}`, "childHealthchecks");
    if (needed !== undefined && (needed < 0 || needed > 256)) {
      refuse(`childHealthThreshold is 0 to 256, not ${needed}`, "childHealthThreshold");
    }
    for (const key of [
      "fqdn",
      "ipAddress",
      "port",
      "resourcePath",
      "failureThreshold",
      "requestInterval",
    ]) {
      if (at(inputs, key).length > 0) refuse(`a CALCULATED check has no ${key}`, key);
    }
  } else if (children.length > 0 || needed !== undefined) {
    refuse("only a CALCULATED check has children", "childHealthchecks");
  }
  if (
    /^HTTPS?|^TCP/.test(type ?? "") &&
    at(inputs, "fqdn").length + at(inputs, "ipAddress").length === 0
  ) {
    refuse(`a check of type ${type} needs fqdn or ipAddress`, "fqdn");
  }
}

export const edge: Catalogue = {
  [LOAD_BALANCER]: {
    autoName: { property: "name", max: 32 },
    forceNew: [
      "customerOwnedIpv4Pool",
      "internal",
      "loadBalancerType",
      "name",
      "namePrefix",
      "region",
    ],
    defaults: { loadBalancerType: "application", ipAddressType: "ipv4" },
    references: [
      { path: "subnets[]", type: SUBNET },
      { path: "subnetMappings[].subnetId", type: SUBNET },
      { path: "securityGroups[]", type: SECURITY_GROUP },
    ],
    validate: (inputs) => {
      const name = text(inputs, "name");
      if (
        name !== undefined &&
        (!/^[A-Za-z0-9-]{1,32}$/.test(name) || /^-|-$|^internal-/.test(name))
      ) {
        refuse(`load balancer name "${name}": at most 32 letters, digits, inner hyphens`, "name");
      }
    },
    admit: (inputs, { cloud, region }) => {
      const subnets = [
        ...texts(inputs, "subnets[]"),
        ...texts(inputs, "subnetMappings[].subnetId"),
      ].flatMap((id) => cloud.get(SUBNET, region, id) ?? []);
      const zones = subnets.map((subnet) => subnet.state.availabilityZone);
      if (new Set(zones).size !== zones.length)
        refuse("InvalidConfigurationRequest: two subnets in one zone", "subnets");
      if (text(inputs, "ipAddressType") !== "dualstack") return;
      const without = subnets.find(
        (subnet) => !text(subnet.inputs, "ipv6CidrBlock") && !flag(subnet.inputs, "ipv6Native"),
      );
      if (without)
        refuse(`ipAddressType dualstack: subnet ${without.id} has no IPv6 block`, "ipAddressType");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) =>
      cloud.arn(
        "elasticloadbalancing",
        region,
        `loadbalancer/${short(inputs)}/${text(inputs, "name")}/${cloud.hex(16)}`,
      ),
    outputs: (inputs, { cloud, region, id }) => ({
      arn: id,
      arnSuffix: id.split("loadbalancer/")[1],
      dnsName:
        short(inputs) === "net"
          ? `${text(inputs, "name")}-${id.split("/").at(-1)}.elb.${region}.amazonaws.com`
          : `${text(inputs, "name")}-${parseInt(cloud.hex(8), 16)}.${region}.elb.amazonaws.com`,
      zoneId: NLB_ZONES[region] ?? "Z26RNL4JYFTOTI",
      vpcId: [...texts(inputs, "subnets[]"), ...texts(inputs, "subnetMappings[].subnetId")]
        .map((subnet) => cloud.get(SUBNET, region, subnet)?.inputs.vpcId)
        .find((vpc) => vpc !== undefined),
      subnets: inputs.subnets ?? texts(inputs, "subnetMappings[].subnetId"),
      securityGroups: inputs.securityGroups ?? [],
    }),
    deleted: (balancer) => {
      if (flag(balancer.inputs, "enableDeletionProtection")) {
        refuse(`OperationNotPermitted: ${balancer.id} has deletion protection`);
      }
    },
  },
  [TARGET_GROUP]: {
    autoName: { property: "name", max: 32 },
    forceNew: [
      "name",
      "namePrefix",
      "port",
      "protocol",
      "protocolVersion",
      "targetType",
      "vpcId",
      "ipAddressType",
      "region",
    ],
    defaults: { targetType: "instance" },
    references: [{ path: "vpcId", type: VPC, blocks: false }],
    validate: (inputs) => {
      const name = text(inputs, "name");
      if (name !== undefined && (!/^[A-Za-z0-9-]{1,32}$/.test(name) || /^-|-$/.test(name))) {
        refuse(`target group name "${name}": at most 32 letters, digits, inner hyphens`, "name");
      }
      const protocol = text(inputs, "protocol");
      if (
        protocol !== undefined &&
        !["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"].includes(
          protocol,
        )
      ) {
        refuse(`protocol "${protocol}" is unknown`, "protocol");
      }
      if (text(inputs, "targetType") !== "lambda" && at(inputs, "vpcId").length === 0)
        refuse("vpcId is required", "vpcId");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) =>
      cloud.arn(
        "elasticloadbalancing",
        region,
        `targetgroup/${text(inputs, "name")}/${cloud.hex(16)}`,
      ),
    outputs: (_inputs, { id }) => ({
      arn: id,
      arnSuffix: id.split(":").at(-1),
      loadBalancerArns: [],
    }),
  },
  "aws:lb/listener:Listener": {
    forceNew: ["loadBalancerArn", "region"],
    references: [
      { path: "loadBalancerArn", type: LOAD_BALANCER, blocks: false },
      { path: "defaultActions[].targetGroupArn", type: TARGET_GROUP },
      { path: "certificateArn", type: CERTIFICATE },
    ],
    validate: (inputs) => {
      const protocol = text(inputs, "protocol");
      const secure = protocol === "TLS" || protocol === "HTTPS";
      if (secure && at(inputs, "certificateArn").length === 0) {
        refuse(
          `CertificateNotFound: a ${protocol} listener needs a certificateArn`,
          "certificateArn",
        );
      }
      if (!secure && protocol !== undefined && at(inputs, "certificateArn").length > 0) {
        refuse(`a ${protocol} listener has no certificate`, "certificateArn");
      }
    },
    admit: (inputs, { cloud, region }) => {
      const certificate = cloud.get(CERTIFICATE, region, text(inputs, "certificateArn") ?? "");
      if (certificate && certificate.state.status !== "ISSUED") {
        const pending = unvalidated(cloud, certificate.inputs);
        if (pending.length > 0) {
          refuse(
            `UnsupportedCertificate: ${certificate.id} is not issued (${pending.join(", ")} not validated)`,
            "certificateArn",
          );
        }
        refuse(
          `UnsupportedCertificate: ${certificate.id} is not waited for: use the CertificateValidation's ARN`,
          "certificateArn",
        );
      }
    },
    unique: { of: (inputs) => `${text(inputs, "loadBalancerArn")} ${number(inputs, "port")}` },
    id: (inputs, { cloud }) =>
      `${(text(inputs, "loadBalancerArn") ?? "").replace(":loadbalancer/", ":listener/")}/${cloud.hex(16)}`,
    outputs: (inputs, { id }) => ({
      arn: id,
      sslPolicy:
        inputs.sslPolicy ?? (text(inputs, "protocol") === "TLS" ? "ELBSecurityPolicy-2016-08" : ""),
    }),
  },
  "aws:lb/listenerCertificate:ListenerCertificate": {
    forceNew: ["listenerArn", "certificateArn", "region"],
    references: [{ path: "certificateArn", type: CERTIFICATE }],
    id: (inputs) => `${text(inputs, "listenerArn")}_${text(inputs, "certificateArn")}`,
  },
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
  [ZONE]: {
    scope: "global",
    forceNew: ["name", "delegationSetId"],
    defaults: { comment: "Managed by Pulumi", forceDestroy: false },
    id: (_inputs, { cloud }) => `Z0${cloud.capitals(19)}`,
    outputs: (_inputs, { id }) => ({
      zoneId: id,
      arn: `arn:aws:route53:::hostedzone/${id}`,
      nameServers: [1, 2, 3, 4].map((n) => `ns-${n}.awsdns-0${n}.org`),
      primaryNameServer: "ns-1.awsdns-01.org",
    }),
    deleted: (zone, { cloud }) => {
      const record = cloud.all(RECORD).find((thing) => text(thing.inputs, "zoneId") === zone.id);
      if (record && !flag(zone.inputs, "forceDestroy"))
        refuse(`HostedZoneNotEmpty: ${zone.id} still has ${record.id}`);
    },
  },
  [RECORD]: {
    scope: "global",
    forceNew: ["zoneId"],
    references: [
      { path: "zoneId", type: ZONE, blocks: false },
      { path: "healthCheckId", type: HEALTH_CHECK },
    ],
    validate: validRecord,
    admit: admitRecord,
    id: (inputs) =>
      [
        text(inputs, "zoneId"),
        text(inputs, "name"),
        text(inputs, "type"),
        ...texts(inputs, "setIdentifier"),
      ].join("_"),
    outputs: (inputs, { cloud }) => {
      const zone = cloud.all(ZONE).find((thing) => thing.id === text(inputs, "zoneId"));
      const domain = zone && trim(text(zone.state, "name") ?? "");
      const name = fqdn(inputs);
      return {
        fqdn:
          domain === undefined || name === domain || name.endsWith(`.${domain}`)
            ? name
            : `${name}.${domain}`,
      };
    },
  },
  [HEALTH_CHECK]: {
    scope: "global",
    forceNew: ["type", "requestInterval", "measureLatency", "referenceName", "routingControlArn"],
    references: [{ path: "childHealthchecks[]", type: HEALTH_CHECK }],
    validate: validHealthCheck,
    admit: (inputs, { cloud }) => {
      const nested = texts(inputs, "childHealthchecks[]").find((child) =>
        cloud
          .all(HEALTH_CHECK)
          .some((check) => check.id === child && text(check.inputs, "type") === "CALCULATED"),
      );
      if (nested)
        refuse(
          `a CALCULATED check cannot have the CALCULATED check ${nested} as child`,
          "childHealthchecks",
        );
    },
    id: (_inputs, { cloud }) =>
      `${cloud.hex(8)}-${cloud.hex(4)}-4${cloud.hex(3)}-8${cloud.hex(3)}-${cloud.hex(12)}`,
    outputs: (_inputs, { id }) => ({ arn: `arn:aws:route53:::healthcheck/${id}` }),
  },
};

function short(inputs: Props): string {
  return { network: "net", gateway: "gwy" }[text(inputs, "loadBalancerType") ?? ""] ?? "app";
}
