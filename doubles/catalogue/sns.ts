import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { text } from "../values";
import { validPolicy } from "./iamPolicy";
import { withKey } from "./kms";

export const TOPIC = "aws:sns/topic:Topic";

export const sns: Catalogue = {
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
};
