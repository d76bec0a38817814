import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ProxyAccess, type ProxyAccessArgs } from "./proxyAccess";

/**
 * Share of the writer's connections that the pool may take. Write forwarding needs the rest
 * (`apg_write_forward.max_forwarding_connections_percent`, 25 by default; RDS Proxy guide, "Using RDS
 * Proxy with Aurora global databases").
 */
const MAX_CONNECTIONS_PERCENT = 75;

export interface DatabaseProxyArgs extends ProxyAccessArgs {
  /** Name of the proxy, unique in account and region. */
  proxyName: string;
  clusterIdentifier: pulumi.Input<string>;
  /** The cluster's instances: a proxy takes a cluster as target only once it has an available one. */
  instances: readonly aws.rds.ClusterInstance[];
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * RDS Proxy over this region's cluster: connection pooling, TLS required.
 *
 * Its own endpoint sends to the cluster's writer and so answers only while this region is the writer
 * ("The target group doesn't have any associated read/write instances" elsewhere). Its read-only
 * endpoint works in either role, but needs a reader: with one instance there is none, and no such
 * endpoint is made.
 */
export class DatabaseProxy extends pulumi.ComponentResource {
  /** Reads and writes, while this region is the writer. */
  readonly endpoint: pulumi.Output<string>;
  /** Reads, in either role; undefined for a cluster of one instance. */
  readonly readerEndpoint: pulumi.Output<string> | undefined;

  constructor(name: string, args: DatabaseProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:database:DatabaseProxy", name, {}, opts);

    const access = new ProxyAccess(`${name}-access`, args, { parent: this });
    const proxy = this.createProxy(name, args, access);
    this.createTarget(name, args, proxy);

    this.endpoint = proxy.endpoint;
    this.readerEndpoint =
      args.instances.length > 1
        ? this.createReaderEndpoint(name, args, proxy, access).endpoint
        : undefined;
    this.registerOutputs({ endpoint: this.endpoint, readerEndpoint: this.readerEndpoint });
  }

  private createProxy(
    name: string,
    args: DatabaseProxyArgs,
    { roleArn, securityGroupId }: ProxyAccess,
  ): aws.rds.Proxy {
    return new aws.rds.Proxy(
      name,
      {
        name: args.proxyName,
        engineFamily: "POSTGRESQL",
        roleArn,
        auths: [
          {
            authScheme: "SECRETS",
            iamAuth: "DISABLED",
            clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
            secretArn: args.secretArn,
          },
        ],
        requireTls: true,
        vpcSubnetIds: args.subnetIds,
        vpcSecurityGroupIds: [securityGroupId],
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createTarget(name: string, args: DatabaseProxyArgs, proxy: aws.rds.Proxy): void {
    const targetGroup = new aws.rds.ProxyDefaultTargetGroup(
      name,
      {
        dbProxyName: proxy.name,
        connectionPoolConfig: { maxConnectionsPercent: MAX_CONNECTIONS_PERCENT },
      },
      { parent: this },
    );
    new aws.rds.ProxyTarget(
      name,
      {
        dbProxyName: proxy.name,
        targetGroupName: targetGroup.name,
        dbClusterIdentifier: args.clusterIdentifier,
      },
      { parent: this, dependsOn: [...args.instances] },
    );
  }

  private createReaderEndpoint(
    name: string,
    args: DatabaseProxyArgs,
    proxy: aws.rds.Proxy,
    { securityGroupId }: ProxyAccess,
  ): aws.rds.ProxyEndpoint {
    return new aws.rds.ProxyEndpoint(
      `${name}-reader`,
      {
        dbProxyName: proxy.name,
        dbProxyEndpointName: `${args.proxyName}-reader`,
        targetRole: "READ_ONLY",
        vpcSubnetIds: args.subnetIds,
        vpcSecurityGroupIds: [securityGroupId],
        tags: args.tags,
      },
      { parent: this },
    );
  }
}
