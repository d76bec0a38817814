import { regionAlerts } from "../alerts/objects";
import { dashboardObjects } from "../dashboards/objects";
import type { Addon, AddonContext } from "./addon";
import { monitors } from "./kubePrometheusStack/monitors";
import { metricsBucketPolicy } from "./metricsBucketPolicy";
import { MONITORING } from "./monitoringNamespace";
import { objectStore, REPLICA_LABEL, sizesOf } from "./observability";
import { onSystemNodes } from "./placement";

/** First part of the names of what the chart makes. */
const NAME = "kube-prometheus-stack";

/** Service account of Prometheus, whose Thanos sidecar writes blocks. */
const PROMETHEUS_ACCOUNT = "prometheus";

/** Services of the sidecars and of Alertmanager, whose pods Thanos finds by DNS. */
export const SIDECARS = `${NAME}-thanos-discovery.${MONITORING.name}.svc.cluster.local`;
export const ALERTMANAGER = `${NAME}-alertmanager.${MONITORING.name}.svc.cluster.local`;

const EVERY_MONITOR = {
  podMonitorSelectorNilUsesHelmValues: false,
  probeSelectorNilUsesHelmValues: false,
  ruleSelectorNilUsesHelmValues: false,
  scrapeConfigSelectorNilUsesHelmValues: false,
  serviceMonitorSelectorNilUsesHelmValues: false,
};

/** Amazon keeps these to itself, or binds them to the node's loopback address. */
const NOT_ON_EKS = {
  kubeControllerManager: { enabled: false },
  kubeEtcd: { enabled: false },
  kubeProxy: { enabled: false },
  kubeScheduler: { enabled: false },
};

/**
 * Prometheus, Alertmanager and Grafana: the region is observed from inside the region. On Karpenter's
 * nodes, but for the operator.
 */
export const kubePrometheusStack: Addon = {
  name: "kube-prometheus-stack",
  namespace: MONITORING,
  chart: {
    chart: "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
    version: "88.5.3",
  },
  crds: { by: "job", value: "crds.upgradeJob.enabled" },
  // The StorageClass of its volumes comes with the cluster; cert-manager makes its webhook's certificate.
  dependsOn: ["aws-load-balancer-controller", "cert-manager", "karpenter"],
  values: (context) => ({
    fullnameOverride: NAME,
    crds: { upgradeJob: { enabled: true, ...onSystemNodes() } },
    defaultRules: {
      rules: {
        etcd: false,
        kubeControllerManager: false,
        kubeProxy: false,
        kubeSchedulerAlerting: false,
        kubeSchedulerRecording: false,
        windows: false,
      },
    },
    ...NOT_ON_EKS,
    prometheusOperator: {
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      admissionWebhooks: { certManager: { enabled: true } },
      ...onSystemNodes(),
    },
    prometheus: prometheus(context),
    alertmanager: {
      podDisruptionBudget: { enabled: sizesOf(context).replicas > 1 },
      alertmanagerSpec: {
        replicas: sizesOf(context).replicas,
        storage: claim(2),
        resources: { requests: { cpu: "25m", memory: "64Mi" }, limits: { memory: "256Mi" } },
      },
    },
    grafana: grafana(),
    // It looks into the node, which the namespace's Pod Security level forbids.
    "prometheus-node-exporter": { namespaceOverride: "kube-system" },
  }),
  identity: (context) => ({
    serviceAccount: PROMETHEUS_ACCOUNT,
    statements: metricsBucketPolicy(context, "read-write"),
  }),
  objects: () => [...monitors(), ...regionAlerts(), ...dashboardObjects()],
};

function prometheus(context: AddonContext) {
  const { fleet, region, names } = context;
  const { replicas, prometheusGiB } = sizesOf(context);
  return {
    serviceAccount: { name: PROMETHEUS_ACCOUNT },
    podDisruptionBudget: { enabled: replicas > 1 },
    thanosService: { enabled: true },
    thanosServiceMonitor: { enabled: true },
    prometheusSpec: {
      replicas,
      replicaExternalLabelName: REPLICA_LABEL,
      externalLabels: { environment: fleet.environment, region, cluster: names.cluster },
      // On what is asked here as well: the same dashboards and rules serve one region and all.
      scrapeClasses: [
        {
          name: "region",
          default: true,
          relabelings: [{ targetLabel: "region", replacement: region, action: "replace" }],
        },
      ],
      ...EVERY_MONITOR,
      retention: "15d",
      retentionSize: `${Math.floor(prometheusGiB * 0.85)}GiB`,
      storageSpec: claim(prometheusGiB),
      resources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { memory: "6Gi" } },
      thanos: {
        objectStorageConfig: { secret: objectStore(context) },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      },
    },
  };
}

/** Reached through `kubectl port-forward`; the password is in the Secret that the chart makes. */
function grafana() {
  return {
    // A job that would run as root.
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
    "grafana.ini": { analytics: { check_for_updates: false, reporting_enabled: false } },
    sidecar: {
      dashboards: { searchNamespace: MONITORING.name },
      datasources: { searchNamespace: MONITORING.name },
    },
  };
}

/** Of the default StorageClass: gp3, encrypted. */
function claim(gib: number) {
  return {
    volumeClaimTemplate: {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: `${gib}Gi` } } },
    },
  };
}
