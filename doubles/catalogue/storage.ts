import type { Call, Catalogue, Definition, Reference } from "../definition";
import { refuse } from "../refusal";
import { at, flag, isProps, number, type Props, text, texts } from "../values";
import { ROLE, validPolicy, withKey } from "./security";

export const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const QUEUE = "aws:sqs/queue:Queue";

const inBucket: Reference = { path: "bucket", type: BUCKET, blocks: false };

/** A piece of a bucket's configuration: at most one for a bucket. */
function bucketPart(more: Partial<Definition> = {}): Definition {
  return {
    forceNew: ["bucket", "region"],
    unique: { of: (inputs) => text(inputs, "bucket") },
    id: (inputs) => text(inputs, "bucket") ?? "",
    ...more,
    references: [inBucket, ...(more.references ?? [])],
  };
}

function versioned({ cloud }: Call, bucket: string | undefined): boolean {
  const inline = cloud.all(BUCKET).find((thing) => thing.id === bucket);
  if (inline === undefined && cloud.assumeExisting) return true;
  return cloud
    .all(VERSIONING)
    .some(
      (thing) =>
        text(thing.inputs, "bucket") === bucket &&
        text(thing.inputs, "versioningConfiguration.status") === "Enabled",
    );
}

function validReplication(inputs: Props): void {
  const seen = new Set<number>();
  for (const rule of at(inputs, "rules[]")) {
    if (!isProps(rule)) continue;
    const priority = number(rule, "priority");
    const filtered = at(rule, "filter").length > 0;
    if (filtered && at(rule, "deleteMarkerReplication").length === 0) {
      refuse("a rule with a filter must state deleteMarkerReplication", "rules");
    }
    if (!filtered && at(rule, "deleteMarkerReplication").length > 0) {
      refuse("deleteMarkerReplication needs a filter (V2 rule)", "rules");
    }
    if (
      at(rule, "sourceSelectionCriteria.sseKmsEncryptedObjects").length > 0 &&
      at(rule, "destination.encryptionConfiguration").length === 0
    ) {
      refuse("replicating KMS objects needs destination.encryptionConfiguration", "rules");
    }
    if (
      at(rule, "destination.replicationTime").length > 0 &&
      at(rule, "destination.metrics").length === 0
    ) {
      refuse("replicationTime needs destination.metrics", "rules");
    }
    if (priority !== undefined && seen.has(priority))
      refuse(`two rules have priority ${priority}`, "rules");
    if (priority !== undefined) seen.add(priority);
  }
}

function admitReplication(inputs: Props, call: Call): void {
  const source = text(inputs, "bucket");
  if (!versioned(call, source)) {
    refuse(
      `InvalidRequest: versioning must be enabled on ${source} before it replicates`,
      "bucket",
    );
  }
  for (const arn of texts(inputs, "rules[].destination.bucket")) {
    const name = arn.replace("arn:aws:s3:::", "");
    if (name === source) refuse(`a bucket cannot replicate to itself: ${name}`, "rules");
    const exists = call.cloud.all(BUCKET).some((bucket) => bucket.id === name);
    if (!exists && !call.cloud.assumeExisting)
      refuse(`destination bucket ${name} does not exist`, "rules");
    if (!versioned(call, name)) {
      refuse(`InvalidRequest: versioning must be enabled on the destination ${name}`, "rules");
    }
  }
}

/** S3's naming rules for general purpose buckets. */
function validBucketName(inputs: Props): void {
  const name = text(inputs, "bucket");
  if (name === undefined) return;
  const wrong =
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) ||
    name.includes("..") ||
    /^\d+\.\d+\.\d+\.\d+$/.test(name) ||
    /^(xn--|sthree-|amzn-s3-demo-)/.test(name) ||
    /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (wrong) {
    refuse(
      `InvalidBucketName: "${name}" (3 to 63 lower-case letters, digits, hyphens, dots; starts and ends with a letter or digit)`,
      "bucket",
    );
  }
}

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

function parse(json: string, property: string): unknown {
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

export const storage: Catalogue = {
  [BUCKET]: {
    autoName: { property: "bucket", max: 63, lower: true },
    forceNew: ["bucket", "bucketPrefix", "objectLockEnabled", "region"],
    defaults: { forceDestroy: false },
    validate: validBucketName,
    unique: { of: (inputs) => text(inputs, "bucket"), within: "world" },
    id: (inputs) => text(inputs, "bucket") ?? "",
    outputs: (inputs, { region, id }) => ({
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
      bucketRegion: region,
      hostedZoneId: "Z3AQBSTGFYJSTF",
      objectLockEnabled: flag(inputs, "objectLockEnabled"),
      requestPayer: "BucketOwner",
    }),
  },
  [VERSIONING]: bucketPart({
    validate: (inputs) => {
      const status = text(inputs, "versioningConfiguration.status");
      if (status !== undefined && !["Enabled", "Suspended", "Disabled"].includes(status)) {
        refuse(`versioning status "${status}" is unknown`, "versioningConfiguration");
      }
    },
    deleted: (part, { cloud }) => {
      const replica = cloud
        .all("aws:s3/bucketReplicationConfig:BucketReplicationConfig")
        .find((config) => text(config.inputs, "bucket") === text(part.inputs, "bucket"));
      if (replica)
        refuse(`InvalidBucketState: ${part.id} replicates: versioning cannot be suspended`);
    },
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketPart({
      references: [withKey("rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId")],
    }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart(),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketPart(),
  "aws:s3/bucketPolicy:BucketPolicy": bucketPart({
    validate: (inputs) => validPolicy(inputs, "policy", "resource"),
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart({
    validate: (inputs) => {
      for (const rule of at(inputs, "rules[]")) {
        if (!isProps(rule)) continue;
        const actions = [
          "expiration",
          "transitions",
          "noncurrentVersionExpiration",
          "noncurrentVersionTransitions",
          "abortIncompleteMultipartUpload",
        ];
        if (!actions.some((action) => at(rule, action).length > 0)) {
          refuse(`lifecycle rule "${text(rule, "id")}" has no action`, "rules");
        }
      }
    },
  }),
  "aws:s3/bucketLogging:BucketLogging": bucketPart({
    references: [{ path: "targetBucket", type: BUCKET }],
  }),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": bucketPart({
    references: [{ path: "role", type: ROLE, by: "arn" }],
    validate: validReplication,
    admit: admitReplication,
  }),
  "aws:s3/bucketMetric:BucketMetric": {
    autoName: { property: "name", max: 64 },
    forceNew: ["bucket", "name", "region"],
    references: [inBucket],
    id: (inputs) => `${text(inputs, "bucket")}:${text(inputs, "name")}`,
  },
  "aws:s3/bucketNotification:BucketNotification": bucketPart({
    references: [{ path: "queues[].queueArn", type: QUEUE, by: "arn" }],
  }),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": bucketPart(),
  "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": {
    forceNew: ["bucket", "name", "region"],
    references: [inBucket],
    id: (inputs) => `${text(inputs, "bucket")}:${text(inputs, "name")}`,
  },
  "aws:s3/bucketAcl:BucketAcl": bucketPart(),
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
