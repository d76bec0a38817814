import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RegionNames } from "../../config/names";
import { ClientSecurityGroup } from "../access/clientSecurityGroup";

/** Valkey version; ElastiCache names major and minor from 7 on. */
const ENGINE_VERSION = "8.0";

/** Parameter group family of {@link ENGINE_VERSION}. */
const PARAMETER_FAMILY = "valkey8";

const CACHE_PORT = 6379;

/** Days in which the deleted credentials can be restored. */
const RECOVERY_WINDOW_DAYS = 30;

const LOG_TYPES = ["slow-log", "engine-log"] as const;

export interface CacheArgs {
  names: Pick<RegionNames, "prefix" | "cacheSecret">;
  /** ElastiCache node type such as cache.r7g.large. */
  nodeType: string;
  /** Replicas beside the primary; with one or more the group spans zones and fails over by itself. */
  replicas: number;
  /** Days that daily snapshots are kept; 0 for none. */
  snapshotRetentionDays: number;
  /** Days that slow and engine logs are kept. */
  logRetentionDays: number;
  /** Off: deleted credentials are gone at once, so that their name is free again. */
  deletionProtection: boolean;
  vpcId: pulumi.Input<string>;
  /** Isolated subnets, one per zone. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The only groups that may connect. */
  clientSecurityGroupIds: readonly pulumi.Input<string>[];
  kmsKeyArn: pulumi.Input<string>;
  /** 16 to 128 printable characters, of the special ones only `!&#$^<>-`. */
  authToken: pulumi.Input<string>;
  tags: Record<string, string>;
}

/**
 * ElastiCache for Valkey of one region: TLS and a token required, encrypted at rest. Its content can
 * be rebuilt, so regions share none of it and Pulumi does not protect it.
 *
 * Encryption, port and subnet group cannot change later without replacing the group.
 */
export class Cache extends pulumi.ComponentResource {
  readonly endpoint: pulumi.Output<string>;
  readonly readerEndpoint: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Secret of this region with `host`, `port` and `token` in JSON. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:cache:Cache", name, {}, opts);

    const { securityGroupId } = this.createSecurityGroup(name, args);
    const logs = this.createLogGroups(name, args);
    const group = this.createReplicationGroup(name, args, securityGroupId, logs);
    const secret = this.createSecret(name, args, group.primaryEndpointAddress);

    this.endpoint = group.primaryEndpointAddress;
    this.readerEndpoint = group.readerEndpointAddress;
    this.port = pulumi.output(CACHE_PORT);
    this.secretName = secret.name;
    this.registerOutputs({
      endpoint: this.endpoint,
      readerEndpoint: this.readerEndpoint,
      port: this.port,
      secretName: this.secretName,
    });
  }

  private createSecurityGroup(name: string, args: CacheArgs): ClientSecurityGroup {
    return new ClientSecurityGroup(
      `${name}-access`,
      {
        description: "Clients of the cache",
        vpcId: args.vpcId,
        port: CACHE_PORT,
        clientSecurityGroupIds: args.clientSecurityGroupIds,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createLogGroups(name: string, args: CacheArgs) {
    return LOG_TYPES.map((logType) => ({
      logType,
      group: new aws.cloudwatch.LogGroup(
        `${name}-${logType}`,
        {
          name: `/aws/elasticache/${args.names.prefix}/${logType}`,
          retentionInDays: args.logRetentionDays,
          tags: args.tags,
        },
        { parent: this },
      ),
    }));
  }

  private createReplicationGroup(
    name: string,
    args: CacheArgs,
    securityGroupId: pulumi.Output<string>,
    logs: readonly { logType: string; group: aws.cloudwatch.LogGroup }[],
  ): aws.elasticache.ReplicationGroup {
    const { subnetIds, tags } = args;
    const parent = { parent: this };
    const subnetGroup = new aws.elasticache.SubnetGroup(name, { subnetIds, tags }, parent);
    const parameters = new aws.elasticache.ParameterGroup(
      name,
      {
        family: PARAMETER_FAMILY,
        // A cache makes room; it does not refuse writes when it is full.
        parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }],
        tags,
      },
      parent,
    );
    const redundant = args.replicas > 0;
    return new aws.elasticache.ReplicationGroup(
      name,
      {
        description: `Cache of ${args.names.prefix}`,
        engine: "valkey",
        engineVersion: ENGINE_VERSION,
        nodeType: args.nodeType,
        port: CACHE_PORT,
        numCacheClusters: args.replicas + 1,
        automaticFailoverEnabled: redundant,
        multiAzEnabled: redundant,
        parameterGroupName: parameters.name,
        subnetGroupName: subnetGroup.name,
        securityGroupIds: [securityGroupId],
        atRestEncryptionEnabled: true,
        kmsKeyId: args.kmsKeyArn,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: args.authToken,
        // A new token joins the old one, which clients may use until they have restarted.
        authTokenUpdateStrategy: "ROTATE",
        snapshotRetentionLimit: args.snapshotRetentionDays,
        autoMinorVersionUpgrade: false,
        applyImmediately: true,
        logDeliveryConfigurations: logs.map(({ logType, group }) => ({
          destinationType: "cloudwatch-logs",
          destination: group.name,
          logFormat: "json",
          logType,
        })),
        tags,
      },
      parent,
    );
  }

  /** The region's own: what it names is in this region, so it is not replicated. */
  private createSecret(
    name: string,
    args: CacheArgs,
    host: pulumi.Output<string>,
  ): aws.secretsmanager.Secret {
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: args.names.cacheSecret,
        recoveryWindowInDays: args.deletionProtection ? RECOVERY_WINDOW_DAYS : 0,
        tags: args.tags,
      },
      { parent: this },
    );
    const credentials = pulumi.jsonStringify({ host, port: CACHE_PORT, token: args.authToken });
    new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.id, secretString: credentials },
      { parent: this },
    );
    return secret;
  }
}
