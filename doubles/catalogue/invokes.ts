import type { Invoke } from "../definition";
import { refuse } from "../refusal";
import { at, isProps, type Json, text } from "../values";
import { ADDON_VERSIONS } from "./eks";
import { membersOf } from "./rds";
import { ZONE } from "./route53";
import { secretIn } from "./secretsManager";
import { zoneId } from "./vpc";

const ZONE_LETTERS: Record<string, string> = {
  "us-east-1": "abcdef",
  "us-west-2": "abcd",
  "ap-northeast-1": "acd",
};

const policyDocument: Invoke = (args) => {
  const json = {
    Version: text(args, "version") ?? "2012-10-17",
    Statement: at(args, "statements[]").map((statement) => {
      if (!isProps(statement)) return {};
      return {
        ...(statement.sid === undefined ? {} : { Sid: statement.sid }),
        Effect: statement.effect ?? "Allow",
        ...(statement.actions ? { Action: single(statement.actions) } : {}),
        ...(statement.notActions ? { NotAction: single(statement.notActions) } : {}),
        ...(statement.resources ? { Resource: single(statement.resources) } : {}),
        ...(statement.notResources ? { NotResource: single(statement.notResources) } : {}),
        ...principals(at(statement, "principals[]")),
        ...conditions(at(statement, "conditions[]")),
      };
    }),
  };
  const text_ = JSON.stringify(json, null, 2);
  return { ...args, id: "policy", json: text_, minifiedJson: JSON.stringify(json) };
};

function single(values: Json): Json {
  return Array.isArray(values) && values.length === 1 ? (values[0] ?? null) : values;
}

function principals(given: Json[]): Record<string, Json> {
  if (given.length === 0) return {};
  const all: Record<string, Json> = {};
  for (const principal of given) {
    const type = isProps(principal) ? text(principal, "type") : undefined;
    if (!isProps(principal) || type === undefined) continue;
    if (type === "*") return { Principal: "*" };
    all[type] = single(principal.identifiers ?? []);
  }
  return { Principal: all };
}

function conditions(given: Json[]): Record<string, Json> {
  if (given.length === 0) return {};
  const all: Record<string, Record<string, Json>> = {};
  for (const condition of given) {
    if (!isProps(condition)) continue;
    const test = text(condition, "test") ?? "";
    all[test] = {
      ...all[test],
      [text(condition, "variable") ?? ""]: single(condition.values ?? []),
    };
  }
  return { Condition: all };
}

export const invokes: Record<string, Invoke> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
    const names = [...(ZONE_LETTERS[region] ?? "abc")].map((letter) => `${region}${letter}`);
    return {
      ...args,
      id: region,
      region,
      names,
      zoneIds: names.map(zoneId),
      groupNames: [region],
      state: "available",
    };
  },
  "aws:index/getRegion:getRegion": (_args, { region }) => ({
    id: region,
    name: region,
    region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { cloud }) => ({
    id: cloud.account,
    accountId: cloud.account,
    arn: `arn:aws:sts::${cloud.account}:assumed-role/deployer/session`,
    userId: "AROAEXAMPLE:session",
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:route53/getZone:getZone": (args, { cloud }) => {
    const name = text(args, "name")?.replace(/\.$/, "");
    const [zone, other] = cloud
      .all(ZONE)
      .filter((thing) => thing.id === text(args, "zoneId") || text(thing.state, "name") === name);
    if (other) {
      refuse(
        "multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone",
      );
    }
    if (!zone && !cloud.assumeExisting) refuse("no matching Route 53 Hosted Zone found");
    const id = zone?.id ?? text(args, "zoneId") ?? "Z0ASSUMED0EXISTING00";
    return {
      id,
      zoneId: id,
      name: (zone && text(zone.state, "name")) ?? name,
      arn: `arn:aws:route53:::hostedzone/${id}`,
      nameServers: [1, 2, 3, 4].map((n) => `ns-${n}.awsdns-0${n}.org`),
      privateZone: false,
      comment: "",
      callerReference: "",
      resourceRecordSetCount: 2,
      tags: {},
      linkedServiceDescription: "",
      linkedServicePrincipal: "",
      primaryNameServer: "ns-1.awsdns-01.org",
      vpcId: "",
    };
  },
  "aws:eks/getAddonVersion:getAddonVersion": (args) => {
    const name = text(args, "addonName") ?? "";
    const version = ADDON_VERSIONS[name];
    if (version === undefined) refuse(`no EKS add-on named "${name}"`);
    return { ...args, id: name, version };
  },
  "aws:rds/getGlobalCluster:getGlobalCluster": (args, { cloud }) => {
    const id = text(args, "identifier") ?? "";
    const found = cloud.all("aws:rds/globalCluster:GlobalCluster").find((thing) => thing.id === id);
    if (!found) refuse(`GlobalClusterNotFoundFault: ${id}`);
    const members = membersOf({ cloud }, id).map(({ state }) => ({
      dbClusterArn: state.arn ?? "",
      isWriter: state.globalRole === "primary",
    }));
    return { identifier: id, id, ...found.state, members };
  },
  "aws:secretsmanager/getSecret:getSecret": (args, { cloud, region }) => {
    const nameOrArn = text(args, "name") ?? text(args, "arn") ?? "";
    const found = secretIn(cloud, region, nameOrArn);
    if (!found) refuse(`ResourceNotFoundException: Secrets Manager can't find ${nameOrArn}`);
    return { ...found.secret.state, id: found.arn, arn: found.arn, region };
  },
};
