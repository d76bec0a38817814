import type { PolicyStatement } from "../../infra/components/identity/policy";
import type { Addon, AddonObject } from "./addon";
import { cloudWatchJobs } from "./cloudWatchMetrics/jobs";
import { RESTRICTED_CONTAINER } from "./kubernetesObjects";
import { MONITORING } from "./monitoringNamespace";

const NAME = "cloudwatch-metrics";
const WORK = { name: "work", mountPath: "/tmp/alloy" };

/**
 * What only CloudWatch measures, in Prometheus: the age of messages, the database's replication lag,
 * certificates, and in the global region Route 53's health checks. Grafana Alloy has the exporter in it.
 */
export const cloudWatchMetrics: Addon = {
  name: "cloudwatch-metrics",
  namespace: MONITORING,
  chart: {
    chart: "alloy",
    version: "1.11.1",
    repository: "https://grafana.github.io/helm-charts",
  },
  crds: { by: "none" },
  dependsOn: ["kube-prometheus-stack"],
  values: (context) => ({
    fullnameOverride: NAME,
    // Its logs are read by others, and it asks the Kubernetes API for nothing.
    crds: { create: false },
    rbac: { create: false },
    serviceAccount: { name: NAME, automountServiceAccountToken: false },
    controller: {
      type: "deployment",
      replicas: 1,
      volumes: { extra: [{ name: WORK.name, emptyDir: {} }] },
    },
    alloy: {
      configMap: { content: cloudWatchJobs(context) },
      enableReporting: false,
      mounts: { extra: [WORK] },
      securityContext: { ...RESTRICTED_CONTAINER, runAsUser: 473, runAsGroup: 473 },
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "384Mi" } },
    },
    global: { podSecurityContext: { fsGroup: 473 } },
  }),
  identity: () => ({ serviceAccount: NAME, statements: readMetrics() }),
  objects: () => [monitor()],
};

/** These actions know no resources (Service Authorization Reference, CloudWatch and Resource Groups Tagging). */
function readMetrics(): PolicyStatement[] {
  return [
    {
      Sid: "ReadMetrics",
      Effect: "Allow",
      Action: ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources"],
      Resource: "*",
    },
  ];
}

/** The exporter's own path (Alloy, "HTTP endpoints", /api/v0/component). */
function monitor(): AddonObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: NAME, namespace: MONITORING.name },
    spec: {
      selector: { matchLabels: { "app.kubernetes.io/instance": NAME } },
      endpoints: [
        {
          port: "http-metrics",
          path: "/api/v0/component/prometheus.exporter.cloudwatch.region/metrics",
          interval: "60s",
        },
      ],
    },
  };
}
