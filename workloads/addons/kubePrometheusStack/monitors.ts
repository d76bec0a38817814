import { SERVICES_NAMESPACE } from "../../catalogue";
import type { AddonObject } from "../addon";
import { GATEWAY_NAMESPACE } from "../istioGateway/names";
import { MONITORING } from "../monitoringNamespace";

interface PodMonitor {
  name: string;
  namespaces: readonly string[];
  /** Labels of the pods; every pod of the namespaces that has the port when left out. */
  labels?: Readonly<Record<string, string>>;
  port: string;
  path: string;
  /** Metrics to keep, as a regular expression; all when left out. */
  keep?: string;
}

/** What add-ons measure that come before Prometheus' CRDs do; services bring their own monitors. */
const POD_MONITORS: readonly PodMonitor[] = [
  {
    // Sidecars and the gateway; of some thousand series each, those of requests.
    name: "istio-proxies",
    namespaces: [GATEWAY_NAMESPACE, SERVICES_NAMESPACE],
    port: "http-envoy-prom",
    path: "/stats/prometheus",
    keep: "istio_(requests_total|request_duration_milliseconds_(bucket|sum|count))",
  },
  {
    name: "cert-manager",
    namespaces: ["cert-manager"],
    labels: { "app.kubernetes.io/component": "controller" },
    port: "http-metrics",
    path: "/metrics",
  },
];

export function monitors(): AddonObject[] {
  return POD_MONITORS.map(({ name, namespaces, labels, port, path, keep }) => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name, namespace: MONITORING.name },
    spec: {
      namespaceSelector: { matchNames: [...namespaces] },
      selector: labels === undefined ? {} : { matchLabels: { ...labels } },
      podMetricsEndpoints: [
        {
          port,
          path,
          interval: "30s",
          ...(keep !== undefined && {
            metricRelabelings: [{ sourceLabels: ["__name__"], regex: keep, action: "keep" }],
          }),
        },
      ],
    },
  }));
}
