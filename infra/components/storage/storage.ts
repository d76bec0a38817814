import * as pulumi from "@pulumi/pulumi";
import type { RegionNames } from "../../config/names";
import { PrivateBucket, type PrivateBucketArgs } from "./privateBucket";

/** Days that users' overwritten or deleted objects can be brought back. */
const DATA_NONCURRENT_DAYS = 30;

/** Metrics blocks are rewritten by compaction all the time; a week covers a mistake. */
const METRICS_NONCURRENT_DAYS = 7;

export interface StorageArgs {
  names: Pick<RegionNames, "dataBucket" | "metricsBucket">;
  kmsKeyArn: pulumi.Input<string>;
  deletionProtection: boolean;
  tags: Record<string, string>;
}

export interface BucketReference {
  name: pulumi.Output<string>;
  arn: pulumi.Output<string>;
}

/**
 * The region's buckets: media and data, replicated between regions by the backbone stack, and metrics
 * blocks, which stay where they were measured. Access logging is left to CloudTrail data events, which
 * cover an account at once; server access logs need a further bucket that takes no customer key.
 */
export class Storage extends pulumi.ComponentResource {
  readonly kmsKeyArn: pulumi.Output<string>;
  readonly data: BucketReference;
  readonly metrics: BucketReference;

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:storage:Storage", name, {}, opts);
    const { names, kmsKeyArn, deletionProtection, tags } = args;
    const common = { kmsKeyArn, deletionProtection, tags };

    this.kmsKeyArn = pulumi.output(kmsKeyArn);
    this.data = this.createBucket(`${name}-data`, {
      ...common,
      bucketName: names.dataBucket,
      noncurrentVersionDays: DATA_NONCURRENT_DAYS,
    });
    this.metrics = this.createBucket(`${name}-metrics`, {
      ...common,
      bucketName: names.metricsBucket,
      noncurrentVersionDays: METRICS_NONCURRENT_DAYS,
    });
    this.registerOutputs({ kmsKeyArn: this.kmsKeyArn, data: this.data, metrics: this.metrics });
  }

  private createBucket(name: string, args: PrivateBucketArgs): BucketReference {
    const { bucketName, arn } = new PrivateBucket(name, args, { parent: this });
    return { name: bucketName, arn };
  }
}
