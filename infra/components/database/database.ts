import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RegionNames } from "../../config/names";
import { ClientSecurityGroup } from "../access/clientSecurityGroup";
import { DATABASE_PORT } from "./engine";
import { DatabaseInstances } from "./instances";
import { DatabaseMember } from "./member";
import { DatabaseParameters } from "./parameters";
import { DatabaseProxy } from "./proxy";

export interface DatabaseArgs {
  names: Pick<RegionNames, "databaseCluster" | "globalDatabase" | "role">;
  /**
   * This region makes the Global Database and its first cluster; the others join it by name. It says
   * where the data was born, not where the writer is, and never changes.
   */
  dataHome: boolean;
  /** Region whose data a joining member copies when it is made: where the writer is then, which is the data home's unless it was moved. */
  sourceRegion: string;
  /**
   * Where the operator wants the writer. No resource of this component depends on it, so that an edit
   * shows no diff on data: promotion is an API call.
   */
  role: "primary" | "secondary";
  /** Zones of the region, which the instances go round. */
  zones: readonly string[];
  /** RDS instance class that supports Aurora Global Database, such as db.r6g.large. */
  instanceClass: string;
  instances: number;
  /** Days that automated backups are kept. */
  backupRetentionDays: number;
  /** RDS Proxy before the cluster; see {@link DatabaseProxy} for what it can do in which role. */
  proxy: boolean;
  /** Deletion protection in RDS, Pulumi's `protect`, and in the data home a final snapshot. */
  deletionProtection: boolean;
  /** Days that the exported PostgreSQL logs are kept. */
  logRetentionDays: number;
  /** Cap on the data that a failover may lose, seconds, 20 or more; left out: no cap. */
  globalRpoSeconds?: number;
  vpcId: pulumi.Input<string>;
  /** Isolated subnets, one per zone. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The only groups that may connect. */
  clientSecurityGroupIds: readonly pulumi.Input<string>[];
  /** This region's own key: a Global Database's clusters do not share one. */
  kmsKeyArn: pulumi.Input<string>;
  /** Replicated secret with the credentials; see `databaseCredentials`. */
  secretName: pulumi.Input<string>;
  /** The data home's alone: replicas get the credentials with the data, and RDS-managed passwords do not replicate. */
  masterPassword?: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** One region's member of the Aurora PostgreSQL Global Database. */
export class Database extends pulumi.ComponentResource {
  readonly role: "primary" | "secondary";
  readonly clusterIdentifier: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  readonly globalClusterIdentifier: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** The Global Database's writer, wherever it is; the same name in every region, through every switchover. */
  readonly writerEndpoint: pulumi.Output<string>;
  /** This region's readers, by the proxy where there is one that can. */
  readonly readerEndpoint: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;

  /** @throws Error when the master password is missing in the data home or given elsewhere. */
  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:database:Database", name, {}, opts);

    const securityGroup = this.createSecurityGroup(name, args);
    const parameters = new DatabaseParameters(`${name}-parameters`, args, { parent: this });
    const { cluster } = this.createMember(name, args, securityGroup, parameters);
    const { instances } = this.createInstances(name, args, cluster, parameters);
    const proxy = args.proxy
      ? this.createProxy(name, args, cluster, instances, securityGroup)
      : undefined;

    this.role = args.role;
    this.clusterIdentifier = cluster.clusterIdentifier;
    this.clusterArn = cluster.arn;
    this.globalClusterIdentifier = pulumi.output(args.names.globalDatabase);
    this.securityGroupId = securityGroup.securityGroupId;
    this.writerEndpoint = this.lookUpWriterEndpoint(args, [cluster, ...instances.slice(0, 1)]);
    this.readerEndpoint = proxy?.readerEndpoint ?? cluster.readerEndpoint;
    this.port = cluster.port;
    this.registerOutputs({
      clusterIdentifier: this.clusterIdentifier,
      clusterArn: this.clusterArn,
      globalClusterIdentifier: this.globalClusterIdentifier,
      securityGroupId: this.securityGroupId,
      writerEndpoint: this.writerEndpoint,
      readerEndpoint: this.readerEndpoint,
      port: this.port,
    });
  }

  private createSecurityGroup(name: string, args: DatabaseArgs): ClientSecurityGroup {
    return new ClientSecurityGroup(
      `${name}-access`,
      {
        description: "Clients of the Aurora cluster",
        vpcId: args.vpcId,
        port: DATABASE_PORT,
        clientSecurityGroupIds: args.clientSecurityGroupIds,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createMember(
    name: string,
    args: DatabaseArgs,
    { securityGroupId }: ClientSecurityGroup,
    { clusterGroupName: parameterGroupName }: DatabaseParameters,
  ): DatabaseMember {
    const { databaseCluster: clusterIdentifier, globalDatabase } = args.names;
    return new DatabaseMember(
      name,
      { ...args, clusterIdentifier, globalDatabase, parameterGroupName, securityGroupId },
      { parent: this },
    );
  }

  private createInstances(
    name: string,
    args: DatabaseArgs,
    cluster: aws.rds.Cluster,
    { instanceGroupName }: DatabaseParameters,
  ): DatabaseInstances {
    return new DatabaseInstances(
      `${name}-instance`,
      {
        clusterIdentifier: cluster.id,
        instanceClass: args.instanceClass,
        count: args.instances,
        zones: args.zones,
        parameterGroupName: instanceGroupName,
        kmsKeyArn: args.kmsKeyArn,
        monitoringRoleName: args.names.role("database-monitoring"),
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /**
   * Asks this region's RDS API, and only once this member has an instance: before, the Global Database may not
   * exist, or have no writer whose name it could tell. Not all of them: one more shows as one more.
   */
  private lookUpWriterEndpoint(
    { names }: DatabaseArgs,
    dependsOn: pulumi.Resource[],
  ): pulumi.Output<string> {
    const options = { parent: this, dependsOn };
    return aws.rds.getGlobalClusterOutput({ identifier: names.globalDatabase }, options).endpoint;
  }

  private createProxy(
    name: string,
    args: DatabaseArgs,
    cluster: aws.rds.Cluster,
    instances: readonly aws.rds.ClusterInstance[],
    { securityGroupId }: ClientSecurityGroup,
  ): DatabaseProxy {
    // A replica's ARN ends in a suffix that only Secrets Manager knows; it is there once the member is.
    const secret = aws.secretsmanager.getSecretOutput(
      { name: args.secretName },
      { parent: this, dependsOn: [cluster] },
    );
    return new DatabaseProxy(
      `${name}-proxy`,
      {
        proxyName: args.names.databaseCluster,
        roleName: args.names.role("database-proxy"),
        clusterIdentifier: cluster.id,
        instances,
        secretArn: secret.arn,
        databaseSecurityGroupId: securityGroupId,
        clientSecurityGroupIds: args.clientSecurityGroupIds,
        vpcId: args.vpcId,
        subnetIds: args.subnetIds,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}
