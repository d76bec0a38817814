import type { Fleet } from "./fleet";

/**
 * Physical names that must be known across stacks or are unique beyond one region (S3 is global, IAM
 * and Route 53 are account-wide), so each carries the environment and the region. Everything else is
 * named by Pulumi.
 */
export interface RegionNames {
  /** Prefix of every physical name in the region, `<environment>-<region>`. */
  prefix: string;
  /** EKS cluster, at most 100 characters. */
  cluster: string;
  /** The region's Aurora cluster. */
  databaseCluster: string;
  /** The Aurora Global Database; the same in every region, so that members join it without reading another stack. */
  globalDatabase: string;
  /** S3 buckets, at most 63 characters. */
  dataBucket: string;
  metricsBucket: string;
  /** Secrets replicated from the data home under one name. */
  databaseSecret: string;
  commonSecret: string;
  /** The region's own cache credentials. */
  cacheSecret: string;
  /** The region's own public name, `<region>.<domain>`. */
  host: string;
  /** IAM role of a workload, at most 64 characters. */
  role: (workload: string) => string;
  /** SQS queue, at most 80 characters. */
  queue: (workload: string) => string;
}

/** Where a region's metrics are asked for from the global region; resolves to addresses inside its VPC. */
export function metricsHost({ domain }: Pick<Fleet, "domain">, region: string): string {
  return `metrics.${region}.${domain}`;
}

/** CloudWatch log group of what containers write. */
export function podLogGroup({ cluster }: Pick<RegionNames, "cluster">): string {
  return `/eks/${cluster}/pods`;
}

/** The names of one region of a fleet. */
export function regionNames(fleet: Fleet, region: string): RegionNames {
  const prefix = `${fleet.environment}-${region}`;
  const owned = `${fleet.organisation}-${prefix}`;
  return {
    prefix,
    cluster: prefix,
    databaseCluster: prefix,
    globalDatabase: `${fleet.organisation}-${fleet.environment}`,
    dataBucket: `${owned}-data`,
    metricsBucket: `${owned}-metrics`,
    databaseSecret: `${fleet.environment}/database`,
    commonSecret: `${fleet.environment}/common`,
    cacheSecret: `${fleet.environment}/${region}/cache`,
    host: `${region}.${fleet.domain}`,
    role: (workload) => `${prefix}-${workload}`,
    queue: (workload) => `${prefix}-${workload}`,
  };
}
