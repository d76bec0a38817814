import type { Cloud, Thing } from "../cloud";
import type { Catalogue, Definition } from "../definition";
import { refuse } from "../refusal";
import { at, flag, isProps, number, type Props, text, texts } from "../values";

export const ROLE = "aws:iam/role:Role";
export const KEY = "aws:kms/key:Key";
export const SECRET = "aws:secretsmanager/secret:Secret";

/** The secret that a region's Secrets Manager knows by this name or ARN, its own or a replica, and its ARN there. */
export function secretIn(
  cloud: Cloud,
  region: string,
  nameOrArn: string,
): { arn: string; secret: Thing } | undefined {
  const known = cloud
    .all(SECRET)
    .filter((thing) => [thing.region, ...texts(thing.inputs, "replicas[].region")].includes(region))
    .map((secret) => ({ secret, arn: secret.id.replace(`:${secret.region}:`, `:${region}:`) }));
  return known.find(({ secret, arn }) => [arn, text(secret.inputs, "name")].includes(nameOrArn));
}

/** Refuses a policy document that does not parse or lacks what every statement needs. */
export function validPolicy(
  inputs: Props,
  property: string,
  kind: "identity" | "resource" | "trust",
): void {
  const json = text(inputs, property);
  if (json === undefined) return;
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    refuse(`MalformedPolicyDocument: ${property} is not JSON`, property);
  }
  if (!isProps(document)) refuse(`MalformedPolicyDocument: ${property} is not an object`, property);
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  for (const statement of statements) {
    if (!isProps(statement))
      refuse(`MalformedPolicyDocument: ${property} has no Statement`, property);
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
      refuse(`MalformedPolicyDocument: Effect is Allow or Deny in ${property}`, property);
    }
    if (statement.Action === undefined && statement.NotAction === undefined) {
      refuse(`MalformedPolicyDocument: a statement of ${property} has no Action`, property);
    }
    const principal = statement.Principal !== undefined || statement.NotPrincipal !== undefined;
    if (kind === "identity" && principal) {
      refuse(`MalformedPolicyDocument: ${property} must not name a Principal`, property);
    }
    if (kind !== "identity" && !principal) {
      refuse(`MalformedPolicyDocument: a statement of ${property} has no Principal`, property);
    }
    const resource = statement.Resource !== undefined || statement.NotResource !== undefined;
    if (kind === "trust" ? resource : !resource) {
      refuse(
        `MalformedPolicyDocument: a statement of ${property} ${resource ? "must not have a" : "has no"} Resource`,
        property,
      );
    }
  }
}

export function validName(inputs: Props, limit: number, pattern: RegExp, property = "name"): void {
  const name = text(inputs, property);
  if (name === undefined) return;
  if (name.length > limit) {
    refuse(
      `${property} "${name}" has ${name.length} characters, at most ${limit} are allowed`,
      property,
    );
  }
  if (!pattern.test(name))
    refuse(`${property} "${name}" has characters that are not allowed`, property);
}

const IAM_NAME = /^[\w+=,.@-]+$/;

function roleNamed(inputs: Props): void {
  const role = text(inputs, "role");
  if (role?.startsWith("arn:")) refuse(`role is a role's name, not its ARN: "${role}"`, "role");
}

const onRole = { path: "role", type: ROLE };
export const withKey = (
  path: string,
): { path: string; type: string; by: string; blocks: boolean } => ({
  path,
  type: KEY,
  by: "arn",
  blocks: false,
});

const policyVersion: Definition = {
  scope: "global",
  autoName: { property: "name", max: 128 },
  forceNew: ["name", "namePrefix", "path", "description"],
  validate: (inputs) => {
    validPolicy(inputs, "policy", "identity");
    validName(inputs, 128, IAM_NAME);
  },
  unique: { of: (inputs) => text(inputs, "name") },
  id: (inputs, { cloud }) =>
    cloud.arn("iam", "aws-global", `policy${text(inputs, "path") ?? "/"}${text(inputs, "name")}`),
  outputs: (inputs, { cloud, id, old }) => ({
    arn: id,
    policyId: old?.policyId ?? `ANPA${cloud.capitals(17)}`,
    path: inputs.path ?? "/",
  }),
};

export const security: Catalogue = {
  [ROLE]: {
    scope: "global",
    autoName: { property: "name", max: 64 },
    forceNew: ["name", "namePrefix", "path"],
    defaults: { maxSessionDuration: 3600, path: "/", forceDetachPolicies: false },
    validate: (inputs) => {
      validPolicy(inputs, "assumeRolePolicy", "trust");
      validName(inputs, 64, IAM_NAME);
      const session = number(inputs, "maxSessionDuration") ?? 3600;
      if (session < 3600 || session > 43200) {
        refuse(`maxSessionDuration is 3600 to 43200 seconds, not ${session}`, "maxSessionDuration");
      }
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (inputs, { cloud, id, old }) => ({
      arn: `arn:aws:iam::${cloud.account}:role${text(inputs, "path") ?? "/"}${id}`,
      uniqueId: old?.uniqueId ?? `AROA${cloud.capitals(17)}`,
      createDate: "2026-01-01T00:00:00Z",
    }),
    deleted: (role, { cloud }) => {
      const attached = cloud
        .all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        .find((thing) => text(thing.inputs, "role") === role.id);
      if (attached) refuse(`DeleteConflict: ${role.id} still has ${attached.id} attached`);
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    scope: "global",
    autoName: { property: "name", max: 128 },
    forceNew: ["name", "namePrefix", "role"],
    references: [{ ...onRole, blocks: false }],
    validate: (inputs) => validPolicy(inputs, "policy", "identity"),
    admit: roleNamed,
    unique: { of: (inputs) => `${text(inputs, "role")}:${text(inputs, "name")}` },
    id: (inputs) => `${text(inputs, "role")}:${text(inputs, "name")}`,
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    scope: "global",
    forceNew: ["role", "policyArn"],
    references: [onRole],
    validate: (inputs) => {
      const arn = text(inputs, "policyArn");
      if (arn !== undefined && !/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/.+/.test(arn)) {
        refuse(`policyArn "${arn}" is not a policy's ARN`, "policyArn");
      }
    },
    admit: (inputs, call) => {
      roleNamed(inputs);
      const arn = text(inputs, "policyArn") ?? "";
      if (arn.includes("::aws:") || call.cloud.assumeExisting) return;
      if (!call.cloud.get("aws:iam/policy:Policy", call.region, arn)) {
        refuse(`NoSuchEntity: policy ${arn} does not exist`, "policyArn");
      }
    },
    unique: { of: (inputs) => `${text(inputs, "role")}/${text(inputs, "policyArn")}` },
    id: (inputs, { cloud }) => `${text(inputs, "role")}-${cloud.hex(26)}`,
  },
  "aws:iam/policy:Policy": policyVersion,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    scope: "global",
    forceNew: ["url"],
    unique: { of: (inputs) => text(inputs, "url") },
    id: (inputs, { cloud }) =>
      `arn:aws:iam::${cloud.account}:oidc-provider/${(text(inputs, "url") ?? "").replace("https://", "")}`,
    outputs: (inputs, { id }) => ({ arn: id, thumbprintLists: inputs.thumbprintLists ?? [] }),
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    scope: "global",
    autoName: { property: "name", max: 128 },
    forceNew: ["name", "namePrefix", "path"],
    references: [onRole],
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (_inputs, { cloud, id }) => ({
      arn: `arn:aws:iam::${cloud.account}:instance-profile/${id}`,
      uniqueId: `AIPA${cloud.capitals(17)}`,
    }),
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    scope: "global",
    forceNew: ["awsServiceName", "customSuffix"],
    unique: {
      of: (inputs) => `${text(inputs, "awsServiceName")}${text(inputs, "customSuffix") ?? ""}`,
    },
    id: (inputs, { cloud }) =>
      `arn:aws:iam::${cloud.account}:role/aws-service-role/${text(inputs, "awsServiceName")}/AWSServiceRole`,
    outputs: (_inputs, { id }) => ({ arn: id }),
  },
  [KEY]: {
    forceNew: [
      "customerMasterKeySpec",
      "keyUsage",
      "multiRegion",
      "customKeyStoreId",
      "xksKeyId",
      "region",
    ],
    defaults: {
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      keyUsage: "ENCRYPT_DECRYPT",
      isEnabled: true,
      enableKeyRotation: false,
    },
    validate: (inputs) => {
      validPolicy(inputs, "policy", "resource");
      const days = number(inputs, "deletionWindowInDays");
      if (days !== undefined && (days < 7 || days > 30)) {
        refuse(`deletionWindowInDays is 7 to 30, not ${days}`, "deletionWindowInDays");
      }
      const rotation = number(inputs, "rotationPeriodInDays");
      if (rotation !== undefined && (rotation < 90 || rotation > 2560)) {
        refuse(`rotationPeriodInDays is 90 to 2560, not ${rotation}`, "rotationPeriodInDays");
      }
      if (
        flag(inputs, "enableKeyRotation") &&
        text(inputs, "customerMasterKeySpec") !== "SYMMETRIC_DEFAULT"
      ) {
        refuse("only symmetric keys rotate", "enableKeyRotation");
      }
    },
    id: (_inputs, { cloud }) =>
      `${cloud.hex(8)}-${cloud.hex(4)}-4${cloud.hex(3)}-8${cloud.hex(3)}-${cloud.hex(12)}`,
    outputs: (inputs, { cloud, region, id, old }) => ({
      keyId: id,
      arn: cloud.arn("kms", region, `key/${id}`),
      multiRegion: flag(inputs, "multiRegion"),
      policy: inputs.policy ?? old?.policy ?? rootPolicy(cloud.account),
      rotationPeriodInDays:
        inputs.rotationPeriodInDays ?? (flag(inputs, "enableKeyRotation") ? 365 : 0),
    }),
  },
  "aws:kms/alias:Alias": {
    autoName: { property: "name", max: 256 },
    forceNew: ["name", "namePrefix", "region"],
    references: [{ path: "targetKeyId", type: KEY, blocks: false }],
    validate: (inputs) => {
      const name = text(inputs, "name");
      if (name !== undefined && !/^alias\/[\w/-]+$/.test(name)) {
        refuse(
          `name "${name}" must begin with "alias/" and hold letters, digits, "/", "_", "-"`,
          "name",
        );
      }
      if (name?.startsWith("alias/aws/")) refuse(`"alias/aws/" is reserved`, "name");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (inputs, { cloud, region, id }) => ({
      arn: cloud.arn("kms", region, id),
      targetKeyArn: cloud.arn("kms", region, `key/${text(inputs, "targetKeyId")}`),
    }),
  },
  [SECRET]: {
    autoName: { property: "name", max: 512 },
    forceNew: ["name", "namePrefix", "region"],
    defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
    references: [withKey("kmsKeyId")],
    validate: (inputs) => {
      validName(inputs, 512, /^[\w/+=.@-]+$/);
      const days = number(inputs, "recoveryWindowInDays");
      if (days !== undefined && days !== 0 && (days < 7 || days > 30)) {
        refuse(`recoveryWindowInDays is 0 or 7 to 30, not ${days}`, "recoveryWindowInDays");
      }
      const regions = texts(inputs, "replicas[].region");
      const twice = regions.find((region, index) => regions.indexOf(region) !== index);
      if (twice !== undefined) refuse(`replicas name ${twice} twice`, "replicas");
      if (text(inputs, "policy") !== undefined) validPolicy(inputs, "policy", "resource");
    },
    admit: (inputs, { cloud, region, self }) => {
      const name = text(inputs, "name");
      for (const replica of texts(inputs, "replicas[].region")) {
        if (replica === region)
          refuse(`a secret cannot be replicated to its own region ${region}`, "replicas");
        const taken = cloud
          .all(SECRET, replica)
          .find((other) => text(other.inputs, "name") === name && other !== self);
        if (taken)
          refuse(`replica: a secret named "${name}" already exists in ${replica}`, "replicas");
        cloud.call(replica, "aws:secretsmanager replication");
      }
      const copy = cloud
        .all(SECRET)
        .find(
          (other) =>
            other !== self &&
            text(other.inputs, "name") === name &&
            texts(other.inputs, "replicas[].region").includes(region),
        );
      if (copy) refuse(`"${name}" already exists in ${region} (replica of ${copy.id})`, "name");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) =>
      cloud.arn("secretsmanager", region, `secret:${text(inputs, "name")}-${cloud.hex(6)}`),
    outputs: (inputs, { id, old }) => ({
      arn: id,
      policy: inputs.policy ?? old?.policy ?? "",
      replicas: at(inputs, "replicas[]").map((replica) => ({
        ...(isProps(replica) ? replica : {}),
        status: "InSync",
        statusMessage: "Replication succeeded",
        lastAccessedDate: "",
      })),
    }),
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    forceNew: ["secretId", "secretBinary", "region"],
    references: [{ path: "secretId", type: SECRET, blocks: false }],
    validate: (inputs) => {
      const given = ["secretString", "secretBinary", "secretStringWo"].filter(
        (key) => at(inputs, key).length > 0,
      );
      if (given.length > 1) refuse(`only one of ${given.join(", ")} can be given`, given[0]);
    },
    id: (inputs, { cloud }) => `${text(inputs, "secretId")}|terraform-${cloud.hex(26)}`,
    outputs: (inputs, { id }) => ({
      arn: text(inputs, "secretId"),
      versionId: id.split("|").at(-1),
      versionStages: inputs.versionStages ?? ["AWSCURRENT"],
      hasSecretStringWo: false,
    }),
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    forceNew: ["secretArn", "region"],
    references: [{ path: "secretArn", type: SECRET, blocks: false }],
    validate: (inputs) => validPolicy(inputs, "policy", "resource"),
    unique: { of: (inputs) => text(inputs, "secretArn") },
    id: (inputs) => text(inputs, "secretArn") ?? "",
  },
};

function rootPolicy(account: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}
