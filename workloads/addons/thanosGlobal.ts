import { stringify } from "yaml";
import { METRICS_PORTS } from "../../infra/components/metricsEntry/ports";
import { metricsHost } from "../../infra/config/names";
import { fleetAlertGroups } from "../alerts/objects";
import type { Addon, AddonContext } from "./addon";
import { dataSources, type DataSource } from "./dataSources";
import { ALERTMANAGER } from "./kubePrometheusStack";
import { MONITORING } from "./monitoringNamespace";
import { isGlobalRegion, REPLICA_LABEL } from "./observability";
import { REGION_QUERY } from "./thanos";
import { THANOS_CHART } from "./thanosChart";

const NAME = "thanos-global";

/**
 * All regions' metrics as one, in the one region that the fleet's file names: a querier that asks every
 * region's, rules over the whole fleet, and Grafana's data sources. Nothing depends on it: a region
 * keeps, shows and alerts on its own metrics without it.
 */
export const thanosGlobal: Addon = {
  name: "thanos-global",
  namespace: MONITORING,
  chart: THANOS_CHART,
  crds: { by: "none" },
  installedIn: ({ fleet, region }) => isGlobalRegion(fleet, region),
  dependsOn: ["kube-prometheus-stack", "thanos"],
  values: (context) => ({
    fullnameOverride: NAME,
    serviceMonitor: { enabled: true },
    additionalEndpoints: regionsOf(context).map(({ host }) => `${host}:${METRICS_PORTS.grpc}`),
    additionalReplicaLabels: [REPLICA_LABEL],
    query: {
      replicas: 2,
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      // A region that is gone makes an answer partial, not late.
      extraArgs: ["--query.partial-response", "--store.response-timeout=5s"],
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "2Gi" } },
    },
    queryFrontend: { enabled: false },
    storeGateway: { enabled: false },
    rule: {
      enabled: true,
      rules: { value: stringify({ groups: fleetAlertGroups() }) },
      alertmanagersConfig: {
        value: stringify({
          alertmanagers: [
            { static_configs: [`dnssrv+_http-web._tcp.${ALERTMANAGER}`], api_version: "v2" },
          ],
        }),
      },
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    },
  }),
  objects: (context) => [
    dataSources("global", [
      {
        name: "All regions",
        uid: "all-regions",
        url: `http://${NAME}-query.${MONITORING.name}.svc.cluster.local:${METRICS_PORTS.http}`,
      },
      ...regionsOf(context).map(({ region, host }): DataSource => ({
        name: region,
        uid: `region-${region}`,
        url: `http://${host}:${METRICS_PORTS.http}`,
      })),
    ]),
  ],
};

/** Each region's querier: the own one inside the cluster, the others' over the peering. */
function regionsOf({ fleet, region: own }: AddonContext): { region: string; host: string }[] {
  return Object.keys(fleet.regions).map((region) => ({
    region,
    host: region === own ? REGION_QUERY : metricsHost(fleet, region),
  }));
}
