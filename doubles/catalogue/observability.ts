import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, number, text, texts } from "../values";
import { ROLE, validPolicy, withKey } from "./security";

const TOPIC = "aws:sns/topic:Topic";
const RULE = "aws:cloudwatch/eventRule:EventRule";

/** Retention periods that CloudWatch Logs knows, in days; 0 keeps for ever. */
const RETENTION = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
  3288, 3653,
];

export const observability: Catalogue = {
  "aws:cloudwatch/logGroup:LogGroup": {
    autoName: { property: "name", max: 512 },
    forceNew: ["name", "namePrefix", "logGroupClass", "region"],
    defaults: { skipDestroy: false, retentionInDays: 0 },
    references: [withKey("kmsKeyId")],
    validate: (inputs) => {
      const days = number(inputs, "retentionInDays");
      if (days !== undefined && !RETENTION.includes(days)) {
        refuse(`retentionInDays ${days} is none of ${RETENTION.join(", ")}`, "retentionInDays");
      }
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (_inputs, { cloud, region, id }) => ({
      arn: cloud.arn("logs", region, `log-group:${id}`),
    }),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    autoName: { property: "name", max: 255 },
    forceNew: ["name", "region"],
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
    references: [
      { path: "alarmActions[]", type: TOPIC, blocks: false },
      { path: "okActions[]", type: TOPIC, blocks: false },
    ],
    validate: (inputs) => {
      if (at(inputs, "metricName").length + at(inputs, "metricQueries").length === 0) {
        refuse("one of metricName, metricQueries must be given", "metricName");
      }
      const missing = text(inputs, "treatMissingData") ?? "missing";
      if (!["missing", "ignore", "breaching", "notBreaching"].includes(missing)) {
        refuse(`treatMissingData "${missing}" is unknown`, "treatMissingData");
      }
      const period = number(inputs, "period");
      if (period !== undefined && ![10, 20, 30].includes(period) && period % 60 !== 0) {
        refuse(`period is 10, 20, 30 or a multiple of 60 seconds, not ${period}`, "period");
      }
    },
    admit: (inputs, { region }) => {
      if (text(inputs, "namespace") === "AWS/Route53" && region !== "us-east-1") {
        refuse(
          "metrics of AWS/Route53 exist only in us-east-1: the alarm would never fire",
          "namespace",
        );
      }
      for (const action of texts(inputs, "alarmActions[]")) {
        const where = action.split(":")[3];
        if (where !== undefined && where !== "" && where !== region) {
          refuse(`alarmActions: ${action} is not in the alarm's region ${region}`, "alarmActions");
        }
      }
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (_inputs, { cloud, region, id }) => ({
      arn: cloud.arn("cloudwatch", region, `alarm:${id}`),
    }),
  },
  [RULE]: {
    autoName: { property: "name", max: 64 },
    forceNew: ["name", "namePrefix", "eventBusName", "region"],
    validate: (inputs) => {
      if (at(inputs, "eventPattern").length + at(inputs, "scheduleExpression").length === 0) {
        refuse("one of eventPattern, scheduleExpression must be given", "eventPattern");
      }
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (_inputs, { cloud, region, id }) => ({
      arn: cloud.arn("events", region, `rule/${id}`),
    }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    forceNew: ["rule", "targetId", "eventBusName", "region"],
    references: [{ path: "rule", type: RULE }],
    id: (inputs, { cloud }) =>
      `${text(inputs, "rule")}-${text(inputs, "targetId") ?? `terraform-${cloud.hex(26)}`}`,
    outputs: (inputs, { id }) => ({ targetId: inputs.targetId ?? id }),
  },
  [TOPIC]: {
    autoName: { property: "name", max: 256 },
    forceNew: ["name", "namePrefix", "fifoTopic", "region"],
    references: [withKey("kmsMasterKeyId")],
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) => cloud.arn("sns", region, text(inputs, "name") ?? ""),
    outputs: (inputs, { cloud, id, old }) => ({
      arn: id,
      owner: cloud.account,
      policy: inputs.policy ?? old?.policy ?? "",
    }),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    forceNew: ["endpoint", "protocol", "topic", "region"],
    references: [{ path: "topic", type: TOPIC, blocks: false }],
    validate: (inputs) => {
      const protocol = text(inputs, "protocol");
      const protocols = [
        "sqs",
        "sms",
        "lambda",
        "firehose",
        "application",
        "email",
        "email-json",
        "http",
        "https",
      ];
      if (protocol !== undefined && !protocols.includes(protocol)) {
        refuse(`protocol "${protocol}" is none of ${protocols.join(", ")}`, "protocol");
      }
    },
    id: (inputs, { cloud }) =>
      `${text(inputs, "topic")}:${cloud.hex(8)}-${cloud.hex(4)}-4${cloud.hex(3)}-8${cloud.hex(3)}-${cloud.hex(12)}`,
    outputs: (inputs, { cloud, id }) => ({
      arn: id,
      ownerId: cloud.account,
      pendingConfirmation: text(inputs, "protocol")?.startsWith("email") ?? false,
    }),
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    forceNew: ["arn", "region"],
    references: [{ path: "arn", type: TOPIC, blocks: false }],
    validate: (inputs) => validPolicy(inputs, "policy", "resource"),
    unique: { of: (inputs) => text(inputs, "arn") },
    id: (inputs) => text(inputs, "arn") ?? "",
    outputs: (_inputs, { cloud }) => ({ owner: cloud.account }),
  },
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
    deleted: (vault, { cloud }) => {
      const locked = cloud
        .all("aws:backup/vaultLockConfiguration:VaultLockConfiguration", vault.region)
        .find(
          (lock) =>
            text(lock.inputs, "backupVaultName") === vault.id &&
            number(lock.inputs, "changeableForDays") !== undefined,
        );
      if (locked) refuse(`${vault.id} is locked`);
    },
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    forceNew: [
      "backupVaultName",
      "changeableForDays",
      "maxRetentionDays",
      "minRetentionDays",
      "region",
    ],
    references: [{ path: "backupVaultName", type: "aws:backup/vault:Vault", blocks: false }],
    validate: (inputs) => {
      const days = number(inputs, "changeableForDays");
      if (days !== undefined && days < 3)
        refuse(`changeableForDays is at least 3, not ${days}`, "changeableForDays");
    },
    id: (inputs) => text(inputs, "backupVaultName") ?? "",
    outputs: (_inputs, { cloud, region, id }) => ({
      backupVaultArn: cloud.arn("backup", region, `backup-vault:${id}`),
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
