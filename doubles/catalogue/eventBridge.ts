import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, text } from "../values";

const RULE = "aws:cloudwatch/eventRule:EventRule";

export const eventBridge: Catalogue = {
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
};
