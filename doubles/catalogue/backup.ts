import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, number, text } from "../values";
import { ROLE } from "./iam";
import { withKey } from "./kms";

export const backup: Catalogue = {
  "aws:backup/vault:Vault": {
    autoName: { property: "name", max: 50 },
    forceNew: ["name", "kmsKeyArn", "region"],
    references: [withKey("kmsKeyArn")],
    validate: (inputs) => {
      const name = text(inputs, "name");
      if (name !== undefined && !/^[\w-]{2,50}$/.test(name))
        refuse(`vault name "${name}" is 2 to 50 letters, digits, "-", "_"`, "name");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (_inputs, { cloud, region, id }) => ({
      arn: cloud.arn("backup", region, `backup-vault:${id}`),
      recoveryPoints: 0,
    }),
  },
  "aws:backup/plan:Plan": {
    autoName: { property: "name", max: 50 },
    forceNew: ["region"],
    references: [{ path: "rules[].targetVaultName", type: "aws:backup/vault:Vault" }],
    validate: (inputs) => {
      for (const rule of at(inputs, "rules[]")) {
        if (typeof rule !== "object" || rule === null || Array.isArray(rule)) continue;
        const cold = number(rule, "lifecycle.coldStorageAfter");
        const end = number(rule, "lifecycle.deleteAfter");
        if (cold !== undefined && end !== undefined && end < cold + 90) {
          refuse(`lifecycle.deleteAfter must be at least 90 days after coldStorageAfter`, "rules");
        }
      }
    },
    id: (_inputs, { cloud }) =>
      `${cloud.hex(8)}-${cloud.hex(4)}-4${cloud.hex(3)}-8${cloud.hex(3)}-${cloud.hex(12)}`,
    outputs: (_inputs, { cloud, region, id }) => ({
      arn: cloud.arn("backup", region, `backup-plan:${id}`),
      version: cloud.hex(48),
    }),
    volatile: ["version"],
  },
  "aws:backup/selection:Selection": {
    autoName: { property: "name", max: 50 },
    forceNew: [
      "name",
      "planId",
      "iamRoleArn",
      "resources",
      "notResources",
      "selectionTags",
      "conditions",
      "region",
    ],
    references: [
      { path: "planId", type: "aws:backup/plan:Plan" },
      { path: "iamRoleArn", type: ROLE, by: "arn" },
    ],
    id: (_inputs, { cloud }) =>
      `${cloud.hex(8)}-${cloud.hex(4)}-4${cloud.hex(3)}-8${cloud.hex(3)}-${cloud.hex(12)}`,
  },
};
