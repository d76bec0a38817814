import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, isProps, number, type Props, text, texts } from "../values";

export const ZONE = "aws:route53/zone:Zone";
export const RECORD = "aws:route53/record:Record";
const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

export function trim(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}

export function fqdn(record: Props): string {
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

export const route53: Catalogue = {
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
