import * as pulumi from "@pulumi/pulumi";
import { METRICS_PORTS } from "../../infra/components/metricsEntry/ports";
import type { Addon, AddonContext, AddonObject } from "./addon";
import { dataSources } from "./dataSources";
import { SIDECARS } from "./kubePrometheusStack";
import { metricsBucketPolicy } from "./metricsBucketPolicy";
import { MONITORING } from "./monitoringNamespace";
import { objectStore, REPLICA_LABEL, sizesOf } from "./observability";
import { THANOS_CHART } from "./thanosChart";

const NAME = "thanos";
const STORE_ACCOUNT = "thanos-store";

/** The region's querier, inside the cluster. */
export const REGION_QUERY = `${NAME}-query.${MONITORING.name}.svc.cluster.local`;

/**
 * The region's metrics as one: what Prometheus has, and older blocks from the region's bucket. Also what
 * the global region asks, through a load balancer inside the VPC.
 */
export const thanos: Addon = {
  name: "thanos",
  namespace: MONITORING,
  chart: THANOS_CHART,
  crds: { by: "none" },
  dependsOn: ["kube-prometheus-stack", "aws-load-balancer-controller"],
  values: (context) => ({
    fullnameOverride: NAME,
    objstoreConfig: { value: pulumi.jsonStringify(objectStore(context)) },
    serviceMonitor: { enabled: true },
    additionalEndpoints: [`dnssrv+_grpc._tcp.${SIDECARS}`],
    additionalReplicaLabels: [REPLICA_LABEL],
    query: {
      replicas: sizesOf(context).replicas,
      podDisruptionBudget: { enabled: sizesOf(context).replicas > 1, maxUnavailable: 1 },
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "2Gi" } },
    },
    queryFrontend: { enabled: false },
    storeGateway: {
      serviceAccount: { name: STORE_ACCOUNT },
      resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "2Gi" } },
    },
  }),
  identity: (context) => ({
    serviceAccount: STORE_ACCOUNT,
    statements: metricsBucketPolicy(context, "read"),
  }),
  objects: (context) => [
    dataSources("region", [
      {
        name: "Region, with history",
        uid: "region",
        url: `http://${REGION_QUERY}:${METRICS_PORTS.http}`,
      },
    ]),
    ...metricsEntryBindings(context),
  ],
};

/** Where the global region asks: the querier's pods in the target groups of the region's metrics entry. */
function metricsEntryBindings({ metricsEntry }: AddonContext): AddonObject[] {
  if (metricsEntry === undefined) return [];
  return (["grpc", "http"] as const).map((protocol) => ({
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { name: `${NAME}-query-${protocol}`, namespace: MONITORING.name },
    spec: {
      serviceRef: { name: `${NAME}-query`, port: METRICS_PORTS[protocol] },
      targetGroupARN: metricsEntry[protocol],
      targetType: "ip",
      ipAddressType: "ipv4",
    },
  }));
}
