import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { flag, number, text } from "../values";
import { validPolicy } from "./iamPolicy";

const KEY = "aws:kms/key:Key";

export const withKey = (
  path: string,
): { path: string; type: string; by: string; blocks: boolean } => ({
  path,
  type: KEY,
  by: "arn",
  blocks: false,
});

export const kms: Catalogue = {
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
