import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { number, type Props, text } from "../values";
import { validPolicy } from "./iamPolicy";

export const ROLE = "aws:iam/role:Role";
const IAM_NAME = /^[\w+=,.@-]+$/;
const onRole = { path: "role", type: ROLE };

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

function roleNamed(inputs: Props): void {
  const role = text(inputs, "role");
  if (role?.startsWith("arn:")) refuse(`role is a role's name, not its ARN: "${role}"`, "role");
}

export const iam: Catalogue = {
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
      refuse(`NoSuchEntity: policy ${arn} does not exist`, "policyArn");
    },
    unique: { of: (inputs) => `${text(inputs, "role")}/${text(inputs, "policyArn")}` },
    id: (inputs, { cloud }) => `${text(inputs, "role")}-${cloud.hex(26)}`,
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    scope: "global",
    forceNew: ["url"],
    unique: { of: (inputs) => text(inputs, "url") },
    id: (inputs, { cloud }) =>
      `arn:aws:iam::${cloud.account}:oidc-provider/${(text(inputs, "url") ?? "").replace("https://", "")}`,
    outputs: (inputs, { id }) => ({ arn: id, thumbprintLists: inputs.thumbprintLists ?? [] }),
  },
};
