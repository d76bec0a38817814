import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Backups } from "../../components/backup/backups";
import { Cache } from "../../components/cache/cache";
import { DatabasePromotion } from "../../components/database/promotion";
import { databaseCredentials } from "../../components/database/credentials";
import { Database } from "../../components/database/database";
import type { Cluster } from "../../components/cluster/cluster";
import type { EncryptionKey } from "../../components/encryption/encryptionKey";
import type { Network } from "../../components/network/network";
import { ReplicatedSecret } from "../../components/secrets/replicatedSecret";
import { Storage } from "../../components/storage/storage";
import type { RegionalContext } from "../../config/context";
import type { RegionNames } from "../../config/names";
import type { Purpose } from "./keys";

export interface DataArgs {
  context: RegionalContext;
  names: RegionNames;
  network: Network;
  cluster: Cluster;
  keys: Record<Purpose, EncryptionKey>;
  /** Region of the database's writer now, where this region is to be it; undefined before there is one. */
  writer: string | undefined;
  tags: Record<string, string>;
}

export interface RegionData {
  database: Database;
  databaseSecretName: pulumi.Output<string>;
  /** Secret that the services share, such as the key that signs their tokens. */
  commonSecretName: pulumi.Output<string>;
  cache: Cache;
  storage: Storage;
}

/** What a region keeps: database, cache, buckets, their credentials and their backups. */
export function createData(args: DataArgs): RegionData {
  const { context, names, tags } = args;
  const storage = createStorage(args);
  const cache = createCache(args);
  const masterPassword = isHome(context) ? password("database-password", 40) : undefined;
  const databaseSecret = createSecret(
    "database-secret",
    names.databaseSecret,
    masterPassword && databaseCredentials(masterPassword),
    args,
  );
  const database = createDatabase(args, databaseSecret, masterPassword);
  if (context.config.database.role === "primary") createPromotion(args, database);
  if (context.profile.backup.enabled) {
    new Backups("backups", {
      names,
      resourceArns: [database.clusterArn, storage.data.arn],
      retentionDays: context.profile.backup.retentionDays,
      kmsKeyArn: args.keys.backup.arn,
      deletionProtection: context.profile.deletionProtection,
      tags,
    });
  }
  return {
    database,
    databaseSecretName: databaseSecret.secretName,
    commonSecretName: createCommonSecret(args).secretName,
    cache,
    storage,
  };
}

const isHome = ({ fleet, identity }: RegionalContext): boolean =>
  fleet.dataHome === identity.region;

/** A password of letters and digits: none breaks a URL, a shell or RDS. */
function password(name: string, length: number): pulumi.Output<string> {
  return new random.RandomPassword(name, { length, special: false }).result;
}

function createStorage({ context, names, keys, tags }: DataArgs): Storage {
  return new Storage("storage", {
    names,
    kmsKeyArn: keys.storage.arn,
    deletionProtection: context.profile.deletionProtection,
    tags,
  });
}

function createCache({ context, names, network, cluster, keys, tags }: DataArgs): Cache {
  const { cache, logRetentionDays, deletionProtection } = context.profile;
  return new Cache("cache", {
    names,
    ...cache,
    logRetentionDays,
    deletionProtection,
    vpcId: network.vpcId,
    subnetIds: network.isolatedSubnetIds,
    clientSecurityGroupIds: [cluster.securityGroupId],
    kmsKeyArn: keys.cache.arn,
    authToken: password("cache-token", 64),
    tags,
  });
}

/** Generated once, in the data home, and replicated by Secrets Manager: RDS's own passwords do not travel. */
function createSecret(
  name: string,
  secretName: string,
  value: pulumi.Input<string> | undefined,
  { context, tags }: DataArgs,
): ReplicatedSecret {
  const { fleet, identity, profile } = context;
  return new ReplicatedSecret(name, {
    name: secretName,
    home: isHome(context),
    value,
    replicaRegions: Object.keys(fleet.regions).filter((region) => region !== identity.region),
    deletionProtection: profile.deletionProtection,
    tags,
  });
}

function createCommonSecret(args: DataArgs): ReplicatedSecret {
  const value = isHome(args.context)
    ? pulumi.jsonStringify({ JWT_SIGNING_KEY: password("jwt-signing-key", 64) })
    : undefined;
  return createSecret("common-secret", args.names.commonSecret, value, args);
}

function createDatabase(
  { context, names, network, cluster, keys, tags }: DataArgs,
  secret: ReplicatedSecret,
  masterPassword: pulumi.Output<string> | undefined,
): Database {
  const { fleet, identity, profile, config } = context;
  const zones = fleet.regions[identity.region]?.zones ?? [];
  return new Database("database", {
    names,
    dataHome: isHome(context),
    sourceRegion: fleet.dataHome,
    role: config.database.role,
    zones,
    ...profile.database,
    deletionProtection: profile.deletionProtection,
    logRetentionDays: profile.logRetentionDays,
    vpcId: network.vpcId,
    subnetIds: network.isolatedSubnetIds,
    clientSecurityGroupIds: [cluster.securityGroupId],
    kmsKeyArn: keys.database.arn,
    secretName: secret.secretName,
    masterPassword,
    tags,
  });
}

/** Only a child of the stack: the data resources are the same in either role. */
function createPromotion({ context, names, writer }: DataArgs, database: Database): void {
  const { onPromotion, maxLagSeconds } = context.config.database;
  new DatabasePromotion(
    "promotion",
    {
      region: context.identity.region,
      globalCluster: names.globalDatabase,
      cluster: names.databaseCluster,
      onPromotion,
      maxLagSeconds,
      writer,
    },
    { dependsOn: [database] },
  );
}
