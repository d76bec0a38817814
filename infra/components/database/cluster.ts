import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { DATABASE_NAME, DATABASE_PORT, ENGINE, ENGINE_VERSION, MASTER_USERNAME } from "./engine";

/**
 * What AWS moves when the writer does, or when the Global Database is upgraded. Without this a
 * preview after a switchover would detach, promote or replace a cluster:
 *
 * - `replicationSourceIdentifier`: AWS sets it on secondaries; clearing it promotes the cluster, setting it again fails.
 * - `globalClusterIdentifier`: clearing it detaches the member (terraform-provider-aws#42919).
 * - `engineVersion`: the GlobalCluster upgrades its members (provider guide, "Upgrading Engine Versions").
 * - `databaseName`, `masterUsername`: given at the first cluster's creation, replicated since; drift would replace (#28187).
 */
const MOVED_BY_AWS = [
  "replicationSourceIdentifier",
  "globalClusterIdentifier",
  "engineVersion",
  "databaseName",
  "masterUsername",
];

export interface ClusterArgs {
  clusterIdentifier: string;
  globalDatabase: string;
  backupRetentionDays: number;
  deletionProtection: boolean;
  kmsKeyArn: pulumi.Input<string>;
  subnetGroupName: pulumi.Input<string>;
  parameterGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/**
 * The Global Database itself, made in the data home. It names no database and no source cluster, and
 * ignores the name that RDS tells once the first cluster has brought one: the provider would replace
 * the Global Database to take it away (terraform-provider-aws#28187).
 */
export function createGlobalCluster(
  name: string,
  args: Pick<ClusterArgs, "globalDatabase" | "deletionProtection" | "tags">,
  parent: pulumi.Resource,
): aws.rds.GlobalCluster {
  return new aws.rds.GlobalCluster(
    name,
    {
      globalClusterIdentifier: args.globalDatabase,
      engine: ENGINE,
      engineVersion: ENGINE_VERSION,
      storageEncrypted: true,
      deletionProtection: args.deletionProtection,
      tags: args.tags,
    },
    { parent, protect: args.deletionProtection, ignoreChanges: ["databaseName"] },
  );
}

/** The first cluster: it has the master user and leaves a final snapshot, named from the start because destroy reads it from the state (pulumi-aws#2196). */
export function createFirstCluster(
  name: string,
  args: ClusterArgs & {
    globalCluster: aws.rds.GlobalCluster;
    masterPassword: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): aws.rds.Cluster {
  return new aws.rds.Cluster(
    name,
    {
      ...clusterInputs(args),
      globalClusterIdentifier: args.globalCluster.id,
      databaseName: DATABASE_NAME,
      masterUsername: MASTER_USERNAME,
      masterPassword: args.masterPassword,
      ...finalSnapshot(name, args, opts.parent),
    },
    { ...opts, protect: args.deletionProtection, ignoreChanges: MOVED_BY_AWS },
  );
}

/**
 * A cluster that joins by the Global Database's name. Credentials come with the data; it has none of its own and leaves no snapshot.
 *
 * RDS refuses an encrypted member without a request that is signed for the source's region as well
 * ("pre-signed URL has to be specified"), which the provider makes of `sourceRegion`. It replaces the
 * cluster when it changes, and says nothing once the writer has moved: ignored from then on.
 */
export function createJoiningCluster(
  name: string,
  args: ClusterArgs & { sourceRegion: string },
  opts: pulumi.CustomResourceOptions,
): aws.rds.Cluster {
  return new aws.rds.Cluster(
    name,
    {
      ...clusterInputs(args),
      globalClusterIdentifier: args.globalDatabase,
      sourceRegion: args.sourceRegion,
      skipFinalSnapshot: true,
    },
    {
      ...opts,
      protect: args.deletionProtection,
      ignoreChanges: [...MOVED_BY_AWS, "masterPassword", "sourceRegion"],
    },
  );
}

function clusterInputs(args: ClusterArgs): aws.rds.ClusterArgs {
  return {
    clusterIdentifier: args.clusterIdentifier,
    engine: ENGINE,
    engineVersion: ENGINE_VERSION,
    port: DATABASE_PORT,
    dbSubnetGroupName: args.subnetGroupName,
    dbClusterParameterGroupName: args.parameterGroupName,
    vpcSecurityGroupIds: [args.securityGroupId],
    storageEncrypted: true,
    kmsKeyId: args.kmsKeyArn,
    iamDatabaseAuthenticationEnabled: true,
    // On the writer it does nothing until a switchover makes it a secondary (RDS API, CreateDBCluster);
    // set everywhere, so that roles move without an edit here.
    enableGlobalWriteForwarding: true,
    enabledCloudwatchLogsExports: ["postgresql"],
    backupRetentionPeriod: args.backupRetentionDays,
    copyTagsToSnapshot: true,
    deletionProtection: args.deletionProtection,
    // An `up` means now: a change parked until the maintenance window would show as drift until then.
    applyImmediately: true,
    tags: args.tags,
  };
}

function finalSnapshot(
  name: string,
  args: ClusterArgs,
  parent: pulumi.Resource | undefined,
): Pick<aws.rds.ClusterArgs, "skipFinalSnapshot" | "finalSnapshotIdentifier"> {
  if (!args.deletionProtection) return { skipFinalSnapshot: true };
  // Snapshots outlive their stack: without a suffix the second destroy would find the name taken.
  const suffix = new random.RandomId(`${name}-final-snapshot`, { byteLength: 4 }, { parent });
  return {
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: pulumi.interpolate`${args.clusterIdentifier}-final-${suffix.hex}`,
  };
}
