import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  createFirstCluster,
  createGlobalCluster,
  createJoiningCluster,
  type ClusterArgs,
} from "./cluster";

export interface DatabaseMemberArgs extends Omit<ClusterArgs, "subnetGroupName"> {
  dataHome: boolean;
  /** See `createJoiningCluster`. */
  sourceRegion: string;
  masterPassword?: pulumi.Input<string>;
  logRetentionDays: number;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

/** A region's cluster in the Global Database; in the data home the Global Database as well. */
export class DatabaseMember extends pulumi.ComponentResource {
  readonly cluster: aws.rds.Cluster;

  /** @throws Error when the master password is missing in the data home or given elsewhere. */
  constructor(name: string, args: DatabaseMemberArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:database:DatabaseMember", name, {}, opts);
    const { masterPassword, subnetIds, tags } = args;
    if (args.dataHome !== (masterPassword !== undefined)) {
      throw new Error(`${name}: the data home has the master password, and no other region`);
    }

    const subnets = new aws.rds.SubnetGroup(name, { subnetIds, tags }, { parent: this });
    const logs = this.createLogGroup(name, args);
    const member = { ...args, subnetGroupName: subnets.name };
    const cluster = { parent: this, dependsOn: [logs] };
    if (masterPassword === undefined) {
      this.cluster = createJoiningCluster(`${name}-cluster`, member, cluster);
    } else {
      const globalCluster = createGlobalCluster(`${name}-global`, args, this);
      const first = { ...member, globalCluster, masterPassword };
      this.cluster = createFirstCluster(`${name}-cluster`, first, cluster);
    }
    this.registerOutputs({ cluster: this.cluster.id });
  }

  /** Made before the cluster writes to it; otherwise RDS makes it, and it is kept for ever. */
  private createLogGroup(name: string, args: DatabaseMemberArgs): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${name}-postgresql`,
      {
        name: `/aws/rds/cluster/${args.clusterIdentifier}/postgresql`,
        retentionInDays: args.logRetentionDays,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}
