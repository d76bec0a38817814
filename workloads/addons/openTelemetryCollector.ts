import type { Addon } from "./addon";
import { ISTIO_NAMESPACE } from "./istioBase";
import { RESTRICTED_CONTAINER } from "./kubernetesObjects";
import { MONITORING } from "./monitoringNamespace";

const NAME = "opentelemetry-collector";

/** Where traces go: the mesh's sidecars and the gateway by OTLP over gRPC. */
export const TRACES = {
  /** Name of the extension provider in Istio's mesh config. */
  provider: "traces",
  host: `${NAME}.${MONITORING.name}.svc.cluster.local`,
  grpcPort: 4317,
} as const;

/** Of a hundred requests so many are traced; enough for the slow ones, at X-Ray's price per trace. */
const SAMPLED_PERCENT = 1;

const NO_PORT = { enabled: false };

/** Hands traces of the mesh on to AWS X-Ray. Off in development. */
export const openTelemetryCollector: Addon = {
  name: "opentelemetry-collector",
  namespace: MONITORING,
  chart: {
    chart: "opentelemetry-collector",
    version: "0.170.0",
    repository: "https://open-telemetry.github.io/opentelemetry-helm-charts",
  },
  crds: { by: "none" },
  dependsOn: ["istiod", "karpenter"],
  values: ({ region }) => ({
    fullnameOverride: NAME,
    mode: "deployment",
    replicaCount: 2,
    podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
    // The distribution with the X-Ray exporter.
    image: { repository: "otel/opentelemetry-collector-contrib" },
    command: { name: "otelcol-contrib" },
    podSecurityContext: { runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
    securityContext: RESTRICTED_CONTAINER,
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
    // Null takes the chart's default out.
    config: {
      receivers: { jaeger: null, zipkin: null, prometheus: null },
      exporters: { debug: null, awsxray: { region } },
      service: {
        pipelines: {
          logs: null,
          metrics: null,
          traces: {
            receivers: ["otlp"],
            processors: ["memory_limiter", "batch"],
            exporters: ["awsxray"],
          },
        },
      },
    },
    ports: {
      "jaeger-compact": NO_PORT,
      "jaeger-thrift": NO_PORT,
      "jaeger-grpc": NO_PORT,
      zipkin: NO_PORT,
    },
  }),
  // X-Ray knows no resources for these actions (Service Authorization Reference, X-Ray).
  identity: () => ({
    serviceAccount: NAME,
    statements: [
      {
        Sid: "SendTraces",
        Effect: "Allow",
        Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        Resource: "*",
      },
    ],
  }),
  objects: () => [
    {
      apiVersion: "telemetry.istio.io/v1",
      kind: "Telemetry",
      metadata: { name: "traces", namespace: ISTIO_NAMESPACE.name },
      spec: {
        tracing: [
          {
            providers: [{ name: TRACES.provider }],
            randomSamplingPercentage: SAMPLED_PERCENT,
          },
        ],
      },
    },
  ],
};
