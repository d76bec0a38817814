import type { AddonObject } from "../addons/addon";
import { MONITORING } from "../addons/monitoringNamespace";
import { GRAFANA_LABELS } from "../addons/observability";
import { failover } from "./failover";
import { dashboardJson, type Dashboard } from "./grafana";
import { overview } from "./overview";
import { service } from "./service";

/** Every dashboard of ours. A new one is a file here and a word in this list. */
export const DASHBOARDS: readonly Dashboard[] = [overview, failover, service];

/** The dashboards as ConfigMaps, which Grafana's sidecar finds by their label. */
export function dashboardObjects(): AddonObject[] {
  return DASHBOARDS.map((dashboard) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `dashboard-${dashboard.uid}`,
      namespace: MONITORING.name,
      labels: { ...GRAFANA_LABELS.dashboard },
    },
    data: { [`${dashboard.uid}.json`]: JSON.stringify(dashboardJson(dashboard), undefined, 2) },
  }));
}
