import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Days after which the parts of an upload that nobody finished are deleted. */
const ABANDONED_UPLOAD_DAYS = 7;

export interface PrivateBucketArgs {
  /** Name of the bucket; S3's names are global. */
  bucketName: string;
  kmsKeyArn: pulumi.Input<string>;
  /** Days that a replaced or deleted version can be brought back. */
  noncurrentVersionDays: number;
  /** Pulumi's `protect`; off, a destroy empties the bucket. */
  deletionProtection: boolean;
  tags: Record<string, string>;
}

/** A bucket as all of ours are: private, versioned, encrypted under the given key, TLS only. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:storage:PrivateBucket", name, {}, opts);

    const bucket = this.createBucket(name, args);
    this.createAccess(name, bucket);
    this.createEncryption(name, args, bucket);
    const versioning = this.createVersioning(name, bucket);
    this.createLifecycle(name, args, versioning);

    // Replication and backup need versioning, so whoever gets the name waits for it.
    this.bucketName = versioning.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }

  private createBucket(name: string, args: PrivateBucketArgs): aws.s3.Bucket {
    return new aws.s3.Bucket(
      name,
      { bucket: args.bucketName, forceDestroy: !args.deletionProtection, tags: args.tags },
      { parent: this, protect: args.deletionProtection },
    );
  }

  /** No ACLs, nothing public, no plain HTTP. */
  private createAccess(name: string, bucket: aws.s3.Bucket): void {
    const parent = { parent: this };
    new aws.s3.BucketOwnershipControls(
      name,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    const block = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketPolicy(
      name,
      {
        bucket: bucket.id,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        },
      },
      // S3 answers 409 when a bucket's policy and its public access block change at once.
      { ...parent, dependsOn: [block] },
    );
  }

  private createEncryption(name: string, args: PrivateBucketArgs, bucket: aws.s3.Bucket): void {
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: args.kmsKeyArn,
            },
            // One data key per bucket and period in place of a KMS call per object.
            bucketKeyEnabled: true,
          },
        ],
      },
      { parent: this },
    );
  }

  private createVersioning(name: string, bucket: aws.s3.Bucket): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      name,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
  }

  /** Noncurrent rules act on versioned buckets only (S3 guide, lifecycle), so versioning comes first. */
  private createLifecycle(
    name: string,
    args: PrivateBucketArgs,
    versioning: aws.s3.BucketVersioning,
  ): void {
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: versioning.bucket,
        rules: [
          {
            id: "abandoned-uploads",
            status: "Enabled",
            filter: {},
            abortIncompleteMultipartUpload: { daysAfterInitiation: ABANDONED_UPLOAD_DAYS },
          },
          {
            id: "noncurrent-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: args.noncurrentVersionDays },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
      { parent: this },
    );
  }
}
