import type { Call, Catalogue, Definition } from "../definition";
import { refuse } from "../refusal";
import { at, flag, isProps, number, type Props, text } from "../values";
import { validPolicy } from "./iamPolicy";
import { withKey } from "./kms";

const QUEUE = "aws:sqs/queue:Queue";

function queueOf({ cloud, region }: Call, arn: string): boolean {
  return cloud.assumeExisting || cloud.all(QUEUE, region).some((queue) => queue.state.arn === arn);
}

function admitRedrive(inputs: Props, call: Call): void {
  const policy = text(inputs, "redrivePolicy");
  if (policy === undefined || policy === "") return;
  const parsed: unknown = parse(policy, "redrivePolicy");
  if (!isProps(parsed)) refuse("redrivePolicy is not an object", "redrivePolicy");
  const target = text(parsed, "deadLetterTargetArn");
  if (target === undefined) refuse("redrivePolicy has no deadLetterTargetArn", "redrivePolicy");
  if (!queueOf(call, target)) {
    refuse(`redrivePolicy: the dead-letter queue ${target} does not exist`, "redrivePolicy");
  }
  const count = Number(parsed.maxReceiveCount);
  if (!(count >= 1 && count <= 1000))
    refuse(`maxReceiveCount is 1 to 1000, not ${count}`, "redrivePolicy");
}

export function parse(json: string, property: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return refuse(`${property} is not JSON`, property);
  }
}

function range(inputs: Props, property: string, from: number, to: number): void {
  const value = number(inputs, property);
  if (value !== undefined && (value < from || value > to)) {
    refuse(`${property} is ${from} to ${to}, not ${value}`, property);
  }
}

const queuePart = (property: string): Definition => ({
  forceNew: ["queueUrl", "region"],
  references: [{ path: "queueUrl", type: QUEUE, blocks: false }],
  unique: { of: (inputs) => text(inputs, "queueUrl") },
  id: (inputs) => text(inputs, "queueUrl") ?? "",
  validate: (inputs) => {
    if (property === "policy") validPolicy(inputs, "policy", "resource");
    else if (text(inputs, property) !== undefined) parse(text(inputs, property) ?? "", property);
  },
  admit: admitRedrive,
});

export const sqs: Catalogue = {
  [QUEUE]: {
    autoName: { property: "name", max: 80 },
    forceNew: ["name", "namePrefix", "fifoQueue", "region"],
    defaults: {
      delaySeconds: 0,
      maxMessageSize: 1048576,
      messageRetentionSeconds: 345600,
      receiveWaitTimeSeconds: 0,
      visibilityTimeoutSeconds: 30,
    },
    references: [withKey("kmsMasterKeyId")],
    validate: (inputs) => {
      const name = text(inputs, "name");
      const fifo = flag(inputs, "fifoQueue");
      if (name !== undefined && !/^[\w-]{1,80}(\.fifo)?$/.test(name)) {
        refuse(`queue name "${name}": at most 80 letters, digits, "-", "_"`, "name");
      }
      if (name !== undefined && fifo !== name.endsWith(".fifo")) {
        refuse(`queue name "${name}" ends in .fifo exactly when fifoQueue is set`, "name");
      }
      range(inputs, "visibilityTimeoutSeconds", 0, 43200);
      range(inputs, "messageRetentionSeconds", 60, 1209600);
      range(inputs, "delaySeconds", 0, 900);
      range(inputs, "receiveWaitTimeSeconds", 0, 20);
      range(inputs, "maxMessageSize", 1024, 1048576);
      range(inputs, "kmsDataKeyReusePeriodSeconds", 60, 86400);
      if (flag(inputs, "sqsManagedSseEnabled") && at(inputs, "kmsMasterKeyId").length > 0) {
        refuse("sqsManagedSseEnabled conflicts with kmsMasterKeyId", "sqsManagedSseEnabled");
      }
    },
    admit: admitRedrive,
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) =>
      `https://sqs.${region}.amazonaws.com/${cloud.account}/${text(inputs, "name")}`,
    outputs: (inputs, { cloud, region, id, old }) => ({
      url: id,
      arn: cloud.arn("sqs", region, text(inputs, "name") ?? ""),
      policy: inputs.policy ?? old?.policy ?? "",
      redrivePolicy: inputs.redrivePolicy ?? old?.redrivePolicy ?? "",
      redriveAllowPolicy: inputs.redriveAllowPolicy ?? old?.redriveAllowPolicy ?? "",
      kmsDataKeyReusePeriodSeconds: inputs.kmsDataKeyReusePeriodSeconds ?? 300,
      sqsManagedSseEnabled: at(inputs, "kmsMasterKeyId").length === 0,
    }),
  },
  "aws:sqs/queuePolicy:QueuePolicy": queuePart("policy"),
  "aws:sqs/redrivePolicy:RedrivePolicy": queuePart("redrivePolicy"),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": queuePart("redriveAllowPolicy"),
};
