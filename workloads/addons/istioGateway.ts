import { GATEWAY_PORTS } from "../../infra/components/edge/gateway";
import type { Environment } from "../../infra/config/stackName";
import type { Addon, AddonContext } from "./addon";
import { GATEWAY_NAMESPACE, GATEWAY_RELEASE } from "./istioGateway/names";
import { publicGatewayObjects } from "./istioGateway/objects";
import { ISTIO_REPOSITORY, ISTIO_VERSION } from "./istioVersion";

/** Pods of the gateway at capacity 1; one per zone where users are. */
const REPLICAS: Record<Environment, { min: number; max: number }> = {
  production: { min: 3, max: 30 },
  staging: { min: 2, max: 6 },
  development: { min: 2, max: 3 },
};

/** Seconds until the load balancer has stopped sending to a pod that goes: two minutes at most, seen by others. */
const DEREGISTRATION_SECONDS = 120;

/** Seconds that requests under way then have; the load balancer itself cuts connections a minute after it stops. */
const DRAIN_SECONDS = 60;

/** Labels of its pods, which the services' NetworkPolicies let in. The chart derives them from the release's name. */
const POD_LABELS = { istio: "ingress" } as const;

/**
 * The ingress gateway: the only pods that the region's load balancer sends to. On Karpenter's nodes, for it
 * grows with the traffic. The user and the service account are what the services' policies name.
 */
export const istioGateway: Addon = {
  name: "istio-gateway",
  namespace: {
    name: GATEWAY_NAMESPACE,
    podSecurity: "restricted",
    // A new pod counts as ready only when the load balancer sends to it
    // (AWS Load Balancer Controller, "Pod readiness gate").
    labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
  },
  chart: { chart: "gateway", version: ISTIO_VERSION, repository: ISTIO_REPOSITORY },
  releaseName: GATEWAY_RELEASE,
  crds: { by: "none" },
  dependsOn: [
    "istiod",
    "cert-manager",
    "aws-load-balancer-controller",
    "karpenter",
    "metrics-server",
  ],
  values: ({ fleet, capacity }) => ({
    // No port below 1024, so no sysctl and no capability.
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1337,
      runAsGroup: 1337,
      fsGroup: 1337,
      seccompProfile: { type: "RuntimeDefault" },
    },
    service: { type: "ClusterIP", ports: servicePorts() },
    resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "1Gi" } },
    autoscaling: { enabled: true, ...replicas(fleet.environment, capacity) },
    podDisruptionBudget: { maxUnavailable: 1 },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    env: { EXIT_ON_ZERO_ACTIVE_CONNECTIONS: "true" },
    lifecycle: { preStop: { sleep: { seconds: DEREGISTRATION_SECONDS } } },
    terminationGracePeriodSeconds: DEREGISTRATION_SECONDS + DRAIN_SECONDS,
    ...spread(),
  }),
  objects: (context: AddonContext) => publicGatewayObjects(context, POD_LABELS),
};

/**
 * The pods' own ports as the Service's: a Gateway's port then means the same to Istio, which translates a
 * Service's port to its target, and to whoever reads it (Istio, Gateway reference, `Port.number`).
 */
function servicePorts() {
  const ports = {
    "status-port": GATEWAY_PORTS.status,
    http2: GATEWAY_PORTS.http,
    https: GATEWAY_PORTS.https,
  };
  return Object.entries(ports).map(([name, port]) => ({
    name,
    port,
    targetPort: port,
    protocol: "TCP",
  }));
}

function replicas(environment: Environment, capacity: number) {
  const { min, max } = REPLICAS[environment];
  return {
    minReplicas: Math.ceil(min * capacity),
    maxReplicas: Math.ceil(max * capacity),
    targetCPUUtilizationPercentage: 60,
  };
}

/** Over zones and nodes as far as there are any: with a zone lost the rest still has to run. */
function spread() {
  const labelSelector = { matchLabels: { ...POD_LABELS } };
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector },
          },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector,
        matchLabelKeys: ["pod-template-hash"],
      },
    ],
  };
}
