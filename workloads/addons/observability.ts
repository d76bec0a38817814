import type { Environment } from "../../infra/config/stackName";
import type { Fleet } from "../../infra/config/fleet";
import type { AddonContext } from "./addon";

/** Copies and volumes of what keeps metrics, by environment. */
interface Sizes {
  /** Prometheus and Alertmanager: two measure the same and one may go. */
  replicas: number;
  /** Volume of each Prometheus, GiB. */
  prometheusGiB: number;
  /** Work space of the compactor, GiB: about what two weeks of blocks take. */
  compactorGiB: number;
  /** Days that blocks are kept in the bucket: as measured, of 5 minutes, of an hour. */
  retentionDays: { raw: number; fiveMinutes: number; hour: number };
}

const SIZES: Record<Environment, Sizes> = {
  production: {
    replicas: 2,
    prometheusGiB: 50,
    compactorGiB: 100,
    retentionDays: { raw: 30, fiveMinutes: 180, hour: 730 },
  },
  staging: {
    replicas: 1,
    prometheusGiB: 20,
    compactorGiB: 20,
    retentionDays: { raw: 14, fiveMinutes: 30, hour: 30 },
  },
  development: {
    replicas: 1,
    prometheusGiB: 10,
    compactorGiB: 10,
    retentionDays: { raw: 7, fiveMinutes: 14, hour: 14 },
  },
};

export function sizesOf({ fleet }: Pick<AddonContext, "fleet">): Sizes {
  return SIZES[fleet.environment];
}

/** Whether the region asks all others for their metrics. */
export function isGlobalRegion(fleet: Fleet, region: string): boolean {
  return fleet.observability?.globalRegion === region;
}

/** Whether the region lets the global region ask it. */
export function isAskedByGlobalRegion(fleet: Fleet, region: string): boolean {
  return fleet.observability !== undefined && !isGlobalRegion(fleet, region);
}

/** Label by which Thanos knows the copies of one Prometheus apart, and drops what is double. */
export const REPLICA_LABEL = "prometheus_replica";

/**
 * The region's bucket as Thanos wants it. The SDK's credentials, which are the pod's own role's by Pod
 * Identity; the bucket encrypts by itself (Thanos, "Object storage", S3).
 */
export function objectStore({ region, metricsBucket }: AddonContext) {
  return {
    type: "S3",
    config: {
      bucket: metricsBucket.name,
      endpoint: `s3.${region}.amazonaws.com`,
      region,
      aws_sdk_auth: true,
    },
  };
}

/** Grafana's sidecars find ConfigMaps by these labels (values of kube-prometheus-stack's chart). */
export const GRAFANA_LABELS = {
  dashboard: { grafana_dashboard: "1" },
  dataSource: { grafana_datasource: "1" },
} as const;
