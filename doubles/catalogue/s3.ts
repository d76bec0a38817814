import type { Call, Catalogue, Definition, Reference } from "../definition";
import { refuse } from "../refusal";
import { at, flag, isProps, number, type Props, text, texts } from "../values";
import { ROLE } from "./iam";
import { validPolicy } from "./iamPolicy";
import { withKey } from "./kms";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
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

export const s3: Catalogue = {
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
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": bucketPart({
    references: [{ path: "role", type: ROLE, by: "arn" }],
    validate: validReplication,
    admit: admitReplication,
  }),
};
