import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, number, text, texts } from "../values";
import { withKey } from "./kms";
import { TOPIC } from "./sns";

/** Retention periods that CloudWatch Logs knows, in days; 0 keeps for ever. */
const RETENTION = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
  3288, 3653,
];

export const cloudwatch: Catalogue = {
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
};
