import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  type GlobalCluster,
  GlobalClusterNotFoundFault,
  RDSClient,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import type { GlobalDatabaseApi, GlobalDatabaseState } from "./promotion";

/** Minutes that a measurement of the lag counts as recent. */
const RECENT_MINUTES = 5;

/**
 * The Global Database through one region's RDS and CloudWatch endpoints. The target is named by its
 * ARN, by which RDS finds the cluster's region, so that no other region's endpoint is asked.
 */
export function rdsGlobalDatabase(region: string): GlobalDatabaseApi {
  const rds = new RDSClient({ region });
  const cloudWatch = new CloudWatchClient({ region });
  return {
    describe: (globalCluster) => describe(rds, globalCluster),
    lagSeconds: (cluster) => lagSeconds(cloudWatch, cluster),
    switchover: async (GlobalClusterIdentifier, TargetDbClusterIdentifier) => {
      const input = { GlobalClusterIdentifier, TargetDbClusterIdentifier };
      await rds.send(new SwitchoverGlobalClusterCommand(input));
    },
    failoverAllowingDataLoss: async (GlobalClusterIdentifier, TargetDbClusterIdentifier) => {
      const input = { GlobalClusterIdentifier, TargetDbClusterIdentifier, AllowDataLoss: true };
      await rds.send(new FailoverGlobalClusterCommand(input));
    },
  };
}

async function describe(
  rds: RDSClient,
  globalCluster: string,
): Promise<GlobalDatabaseState | undefined> {
  try {
    const input = { GlobalClusterIdentifier: globalCluster };
    const { GlobalClusters = [] } = await rds.send(new DescribeGlobalClustersCommand(input));
    const [found] = GlobalClusters;
    return found && stateOf(found);
  } catch (error) {
    if (error instanceof GlobalClusterNotFoundFault) return undefined;
    throw error;
  }
}

/** What RDS answers, in our words. */
export function stateOf({
  Status = "unknown",
  GlobalClusterMembers = [],
  FailoverState,
}: GlobalCluster): GlobalDatabaseState {
  return {
    status: Status,
    members: GlobalClusterMembers.map(({ DBClusterArn = "", IsWriter = false }) => ({
      arn: DBClusterArn,
      writer: IsWriter,
    })),
    ...(FailoverState?.Status && {
      moving: { status: FailoverState.Status, to: FailoverState.ToDbClusterArn ?? "" },
    }),
  };
}

/**
 * AuroraGlobalDBReplicationLag (milliseconds) of the region's cluster. By search, because the metric
 * has a second dimension, the source region, which is what a promotion changes.
 */
async function lagSeconds(
  cloudWatch: CloudWatchClient,
  cluster: string,
): Promise<number | undefined> {
  const search = `Namespace="AWS/RDS" MetricName="AuroraGlobalDBReplicationLag" DBClusterIdentifier="${cluster}"`;
  const now = Date.now();
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - RECENT_MINUTES * 60_000),
      EndTime: new Date(now),
      MetricDataQueries: [{ Id: "lag", Expression: `SEARCH('${search}', 'Maximum', 60)` }],
    }),
  );
  const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
  return values.length === 0 ? undefined : Math.max(...values) / 1000;
}
