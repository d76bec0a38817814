import type { Addon, AddonObject } from "./addon";
import { ISTIO_NAMESPACE } from "./istioBase";
import { ISTIO_REPOSITORY, ISTIO_VERSION } from "./istioVersion";
import { TRACES } from "./openTelemetryCollector";
import { onSystemNodes } from "./placement";

/**
 * Istio's control plane, in sidecar mode: the services' NetworkPolicies, ports and disruption settings are
 * written for sidecars, which ambient's shared ztunnel would bypass.
 */
export const istiod: Addon = {
  name: "istiod",
  namespace: ISTIO_NAMESPACE,
  chart: { chart: "istiod", version: ISTIO_VERSION, repository: ISTIO_REPOSITORY },
  crds: { by: "addon", addon: "istio-base" },
  // After the agent on the nodes, which every pod that istiod injects relies on.
  dependsOn: ["istio-base", "istio-cni"],
  values: ({ names, fleet }) => ({
    cni: { enabled: true },
    autoscaleMin: 2,
    autoscaleMax: 5,
    pdb: { minAvailable: 1 },
    resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "2Gi" } },
    seccompProfile: { type: "RuntimeDefault" },
    global: {
      multiCluster: { clusterName: names.cluster },
      meshID: fleet.environment,
      proxy: {
        seccompProfile: { type: "RuntimeDefault" },
        resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "512Mi" } },
      },
    },
    meshConfig: {
      // Prometheus reads services and sidecars on ports of their own (workloads/charts/service).
      enablePrometheusMerge: false,
      defaultConfig: { holdApplicationUntilProxyStarts: true },
      // Only named here; the collector's own Telemetry sends traces to it.
      extensionProviders: [
        { name: TRACES.provider, opentelemetry: { service: TRACES.host, port: TRACES.grpcPort } },
      ],
    },
    ...onSystemNodes(),
  }),
  objects: () => [strictMutualTls(), denyByDefault()],
};

/** Nothing in the mesh takes plain text from anybody. */
function strictMutualTls(): AddonObject {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace: ISTIO_NAMESPACE.name },
    spec: { mtls: { mode: "STRICT" } },
  };
}

/**
 * An ALLOW policy without rules matches nothing: who is not named by a workload's own policy is refused
 * (Istio, "Authorization Policy", allow-nothing). Services and the gateway bring theirs.
 */
function denyByDefault(): AddonObject {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name: "deny-by-default", namespace: ISTIO_NAMESPACE.name },
    spec: {},
  };
}
