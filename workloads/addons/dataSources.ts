import { stringify } from "yaml";
import type { AddonObject } from "./addon";
import { MONITORING } from "./monitoringNamespace";
import { GRAFANA_LABELS } from "./observability";

/** Something that answers PromQL. */
export interface DataSource {
  name: string;
  uid: string;
  url: string;
}

/** Grafana data sources as a ConfigMap, which Grafana's sidecar finds by its label. */
export function dataSources(name: string, sources: readonly DataSource[]): AddonObject {
  const datasources = sources.map((source) => ({
    ...source,
    type: "prometheus",
    access: "proxy",
    jsonData: { httpMethod: "POST", prometheusType: "Thanos" },
  }));
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `data-sources-${name}`,
      namespace: MONITORING.name,
      labels: { ...GRAFANA_LABELS.dataSource },
    },
    data: { [`${name}.yaml`]: stringify({ apiVersion: 1, datasources }) },
  };
}
