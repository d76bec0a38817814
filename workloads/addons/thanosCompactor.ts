import * as pulumi from "@pulumi/pulumi";
import type { Addon } from "./addon";
import { metricsBucketPolicy } from "./metricsBucketPolicy";
import { MONITORING } from "./monitoringNamespace";
import { objectStore, REPLICA_LABEL, sizesOf } from "./observability";
import { THANOS_CHART } from "./thanosChart";

const NAME = "thanos-compactor";

/**
 * Joins, thins out and at last deletes the blocks of the region's bucket. Exactly one may work on a bucket
 * (Thanos, "Compactor"), and it alone may delete, so it is a release and a role of its own.
 */
export const thanosCompactor: Addon = {
  name: "thanos-compactor",
  namespace: MONITORING,
  chart: THANOS_CHART,
  crds: { by: "none" },
  dependsOn: ["kube-prometheus-stack"],
  values: (context) => {
    const { compactorGiB, retentionDays } = sizesOf(context);
    return {
      fullnameOverride: NAME,
      objstoreConfig: { value: pulumi.jsonStringify(objectStore(context)) },
      serviceMonitor: { enabled: true },
      additionalReplicaLabels: [REPLICA_LABEL],
      query: { enabled: false },
      queryFrontend: { enabled: false },
      storeGateway: { enabled: false },
      compact: {
        enabled: true,
        serviceAccount: { name: NAME },
        extraArgs: [
          `--retention.resolution-raw=${retentionDays.raw}d`,
          `--retention.resolution-5m=${retentionDays.fiveMinutes}d`,
          `--retention.resolution-1h=${retentionDays.hour}d`,
        ],
        persistence: {
          enabled: true,
          storageClass: "gp3",
          size: `${compactorGiB}Gi`,
          // Work space: what is in it comes from the bucket again.
          retainDeleted: false,
        },
        resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "4Gi" } },
      },
    };
  },
  identity: (context) => ({
    serviceAccount: NAME,
    statements: metricsBucketPolicy(context, "read-write"),
  }),
};
