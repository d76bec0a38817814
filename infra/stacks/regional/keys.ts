import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "../../components/encryption/encryptionKey";
import type { ServicePrincipal } from "../../components/encryption/keyPolicy";

/** What a region encrypts, each under a key of its own, so that one policy opens one kind of data. */
const PURPOSES = {
  cluster: "Kubernetes secrets",
  logs: "Flow logs and control-plane logs",
  database: "Aurora storage, backups and performance insights",
  cache: "ElastiCache storage and snapshots",
  storage: "Objects in the region's buckets",
  queues: "Messages in the region's queues",
  backup: "Recovery points of AWS Backup",
} as const;

export type Purpose = keyof typeof PURPOSES;

export interface RegionKeysArgs {
  /** Prefix of the keys' aliases. */
  prefix: string;
  region: string;
  accountId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** The region's KMS keys by purpose. */
export function createKeys(args: RegionKeysArgs): Record<Purpose, EncryptionKey> {
  const { prefix, region, accountId, tags } = args;
  const create = (purpose: Purpose, services: readonly ServicePrincipal[] = []): EncryptionKey =>
    new EncryptionKey(`${purpose}-key`, {
      alias: `${prefix}-${purpose}`,
      description: `${PURPOSES[purpose]} of ${prefix}`,
      accountId,
      services,
      tags,
    });
  return {
    cluster: create("cluster"),
    logs: create("logs", [`logs.${region}.amazonaws.com`]),
    database: create("database"),
    cache: create("cache"),
    storage: create("storage"),
    queues: create("queues"),
    backup: create("backup"),
  };
}
