import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { REPLICATION_TRUST, replicationPolicy, type ReplicatedBucket } from "./replicationPolicy";

/** A peer's bucket, and the priority of the rule that copies to it. */
export interface ReplicationDestination extends ReplicatedBucket {
  /** Distinct among the destinations; a number that adding a region does not move. */
  priority: number;
}

export interface BucketReplicationArgs {
  source: ReplicatedBucket;
  /** One or more, in a stable order. */
  destinations: readonly ReplicationDestination[];
  /** Name of the IAM role that S3 assumes; account-wide, so the region is in it. At most 64 characters. */
  roleName: string;
  /** S3 replication time control: 99.99 % of objects within 15 minutes, with metrics, at a price. */
  timeControl: boolean;
  tags: Record<string, string>;
}

/** The only value that S3 takes for replication time control and its metrics' threshold. */
const TIME_CONTROL_MINUTES = 15;

const ENABLED = { status: "Enabled" };

/**
 * Copies a bucket's objects to its peers. Every bucket of the fleet has one, so that the mesh is
 * two-way: S3 does not copy a replica on, so nothing loops, but a replica's changed metadata goes back.
 * Versioning has to be on at both ends. Objects from before the rule are not copied.
 */
export class BucketReplication extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: BucketReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:backbone:BucketReplication", name, {}, opts);

    const { role, policy } = this.createRole(name, args);
    this.createConfiguration(name, args, role, policy);

    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }

  private createRole(
    name: string,
    { source, destinations, roleName, tags }: BucketReplicationArgs,
  ) {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: roleName,
        description: `S3 copies the objects of ${source.name} to its peers`,
        assumeRolePolicy: JSON.stringify(REPLICATION_TRUST),
        tags,
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        name: "replication",
        role: role.id,
        policy: JSON.stringify(replicationPolicy(source, destinations)),
      },
      { parent: this },
    );
    return { role, policy };
  }

  private createConfiguration(
    name: string,
    { source, destinations, timeControl }: BucketReplicationArgs,
    role: aws.iam.Role,
    policy: aws.iam.RolePolicy,
  ): void {
    new aws.s3.BucketReplicationConfig(
      `${name}-configuration`,
      {
        region: source.region,
        bucket: source.name,
        role: role.arn,
        rules: destinations.map((destination) => replicationRule(destination, timeControl)),
      },
      { parent: this, dependsOn: [policy] },
    );
  }
}

function replicationRule(
  { region, arn, kmsKeyArn, priority }: ReplicationDestination,
  timeControl: boolean,
): aws.types.input.s3.BucketReplicationConfigRule {
  const time = { minutes: TIME_CONTROL_MINUTES };
  return {
    id: `to-${region}`,
    priority,
    status: "Enabled",
    // An empty filter takes every object. Its presence makes this a V2 rule: those take a priority,
    // and have to say what becomes of delete markers.
    filter: {},
    deleteMarkerReplication: ENABLED,
    sourceSelectionCriteria: {
      replicaModifications: ENABLED,
      sseKmsEncryptedObjects: ENABLED,
    },
    destination: {
      bucket: arn,
      encryptionConfiguration: { replicaKmsKeyId: kmsKeyArn },
      ...(timeControl && {
        replicationTime: { ...ENABLED, time },
        metrics: { ...ENABLED, eventThreshold: time },
      }),
    },
  };
}
