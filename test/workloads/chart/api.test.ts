import assert from "node:assert/strict";
import { helmOrSkip } from "../../support/helm";
import { only, render } from "./committed";
import type { Rendered } from "./committed";
import {
  AWS,
  BEHAVIOR,
  block,
  CONTAINER_SECURITY,
  DATABASE,
  DNS,
  from,
  GATEWAY,
  ids,
  ISTIOD,
  named,
  POD_IDENTITY,
  PROMETHEUS,
  SECURITY,
  selector,
  specOf,
  to,
  TRACES,
} from "./expected";

describe("The api in us-east-1", () => {
  let api: Rendered[];
  before("needs Helm", async function () {
    api = await render(await helmOrSkip(this), "us-east-1", "api");
  });

  it("is these objects and no other", () => {
    assert.deepEqual(ids(api), [
      "AuthorizationPolicy/api",
      "ConfigMap/api-env",
      "ConfigMap/api-placeholder",
      "Deployment/api",
      "DestinationRule/api",
      "ExternalSecret/api-cache",
      "ExternalSecret/api-common-secrets",
      "ExternalSecret/api-database",
      "HorizontalPodAutoscaler/api",
      "NetworkPolicy/api",
      "PodDisruptionBudget/api",
      "Service/api",
      "ServiceAccount/api",
      "ServiceMonitor/api",
      "VerticalPodAutoscaler/api",
      "VirtualService/api",
    ]);
  });

  it("carries the standard labels, environment and region on each", () => {
    for (const { metadata } of api) {
      assert.equal(metadata.namespace, "services");
      assert.deepEqual(metadata.labels, {
        ...selector("api"),
        "app.kubernetes.io/version": "1.28.0-alpine",
        "app.kubernetes.io/component": "api",
        "app.kubernetes.io/part-of": "multi-region-eks",
        "app.kubernetes.io/managed-by": "Helm",
        "helm.sh/chart": "service-0.1.0",
        environment: "production",
        region: "us-east-1",
      });
    }
  });

  it("rolls out without a gap, its pods restricted, spread, probed and drained", () => {
    const deployment = only(api, "Deployment");
    assert.deepEqual(deployment.metadata.annotations, { "reloader.stakater.com/auto": "true" });
    const spec = structuredClone(deployment.spec) as {
      template: { metadata: Rendered["metadata"] };
    };
    const { annotations = {} } = spec.template.metadata;
    assert.match(annotations["checksum/settings"] ?? "", /^[0-9a-f]{64}$/);
    annotations["checksum/settings"] = "…";
    const probe = { timeoutSeconds: 2, failureThreshold: 3 };
    const spread = { labelSelector: { matchLabels: selector("api") } };
    assert.deepEqual(spec, {
      revisionHistoryLimit: 5,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
      selector: { matchLabels: selector("api") },
      template: {
        metadata: {
          labels: {
            ...selector("api"),
            "app.kubernetes.io/version": "1.28.0-alpine",
            "app.kubernetes.io/component": "api",
            "app.kubernetes.io/part-of": "multi-region-eks",
            "sidecar.istio.io/inject": "true",
            environment: "production",
            region: "us-east-1",
          },
          annotations: {
            "checksum/settings": "…",
            "traffic.sidecar.istio.io/excludeInboundPorts": "9090",
          },
        },
        spec: {
          serviceAccountName: "api",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 60,
          securityContext: { ...SECURITY, fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" },
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: { topologyKey: "kubernetes.io/hostname", ...spread },
                },
              ],
            },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "topology.kubernetes.io/zone",
              whenUnsatisfiable: "ScheduleAnyway",
              ...spread,
              matchLabelKeys: ["pod-template-hash"],
            },
          ],
          containers: [
            {
              name: "api",
              image: "public.ecr.aws/docker/library/nginx:1.28.0-alpine",
              imagePullPolicy: "Always",
              command: [
                "nginx",
                "-e",
                "stderr",
                "-c",
                "/etc/placeholder/nginx.conf",
                "-g",
                "daemon off;",
              ],
              ports: [
                { name: "http", containerPort: 8080, protocol: "TCP" },
                { name: "metrics", containerPort: 9090, protocol: "TCP" },
              ],
              envFrom: [
                { configMapRef: { name: "api-env" } },
                { secretRef: { name: "api-cache" } },
                { secretRef: { name: "api-common-secrets" } },
                { secretRef: { name: "api-database" } },
              ],
              startupProbe: {
                httpGet: { path: "/health", port: "http" },
                periodSeconds: 5,
                timeoutSeconds: 2,
                failureThreshold: 60,
              },
              livenessProbe: {
                httpGet: { path: "/health", port: "http" },
                periodSeconds: 10,
                ...probe,
              },
              readinessProbe: {
                httpGet: { path: "/health/ready", port: "http" },
                periodSeconds: 5,
                ...probe,
              },
              lifecycle: { preStop: { sleep: { seconds: 15 } } },
              resources: {
                requests: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "64Mi" },
                limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "512Mi" },
              },
              securityContext: CONTAINER_SECURITY,
              volumeMounts: [
                { name: "tmp", mountPath: "/tmp" },
                { name: "placeholder", mountPath: "/etc/placeholder", readOnly: true },
              ],
            },
          ],
          volumes: [
            { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
            { name: "placeholder", configMap: { name: "api-placeholder" } },
          ],
        },
      },
    });
  });

  it("scales by CPU 70 % and memory 80 %, up by half or ten pods a minute, slowly down", () => {
    const resource = (name: string, averageUtilization: number) => ({
      type: "Resource",
      resource: { name, target: { type: "Utilization", averageUtilization } },
    });
    assert.deepEqual(specOf(api, "HorizontalPodAutoscaler"), {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
      minReplicas: 5,
      maxReplicas: 100,
      metrics: [resource("cpu", 70), resource("memory", 80)],
      behavior: BEHAVIOR,
    });
  });

  it("keeps two pods through disruption, and is only told about requests by the VPA", () => {
    assert.deepEqual(specOf(api, "PodDisruptionBudget"), {
      minAvailable: 2,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selector("api") },
    });
    const { updatePolicy } = specOf(api, "VerticalPodAutoscaler") as { updatePolicy: object };
    assert.deepEqual(updatePolicy, { updateMode: "Off" });
  });

  it("is reached by the gateway and Prometheus, and reaches named peers alone", () => {
    assert.deepEqual(specOf(api, "NetworkPolicy"), {
      podSelector: { matchLabels: selector("api") },
      policyTypes: ["Ingress", "Egress"],
      ingress: [from(GATEWAY, 8080), from(PROMETHEUS, 9090, 15090)],
      egress: [
        AWS,
        to(block("10.16.0.0/16"), [6379, "TCP"]),
        DATABASE,
        DNS,
        ISTIOD,
        to(named("media"), [8080, "TCP"]),
        POD_IDENTITY,
        TRACES,
      ],
    });
    assert.deepEqual(specOf(api, "AuthorizationPolicy"), {
      selector: { matchLabels: selector("api") },
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { principals: ["cluster.local/ns/istio-ingress/sa/istio-ingress"] } }],
          to: [{ operation: { ports: ["8080"] } }],
        },
      ],
    });
  });

  it("answers api.<domain> and <region>.<domain>, 30 s and 3 retries, behind a circuit breaker", () => {
    const host = "api.services.svc.cluster.local";
    assert.deepEqual(specOf(api, "VirtualService"), {
      gateways: ["istio-ingress/public", "mesh"],
      hosts: ["api.example.com", "us-east-1.example.com", host],
      http: [
        {
          name: "health",
          match: [{ uri: { exact: "/health" }, authority: { exact: "us-east-1.example.com" } }],
          rewrite: { uri: "/health/ready" },
          timeout: "3s",
          route: [{ destination: { host, port: { number: 80 } } }],
        },
        {
          name: "all",
          timeout: "30s",
          retries: {
            attempts: 3,
            retryOn: "connect-failure,refused-stream,unavailable,cancelled",
          },
          route: [{ destination: { host, port: { number: 80 } } }],
        },
      ],
    });
    assert.deepEqual(specOf(api, "DestinationRule"), {
      host,
      trafficPolicy: {
        tls: { mode: "ISTIO_MUTUAL" },
        loadBalancer: { simple: "LEAST_REQUEST" },
        connectionPool: {
          tcp: { maxConnections: 1000, connectTimeout: "5s" },
          http: { http1MaxPendingRequests: 1000, maxRequestsPerConnection: 0 },
        },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: "10s",
          baseEjectionTime: "30s",
          maxEjectionPercent: 50,
        },
      },
    });
  });

  it("gets its secrets from Secrets Manager, and no secret in the ConfigMap", () => {
    const secret = (name: string, what: object) => ({
      refreshInterval: "1h",
      secretStoreRef: { kind: "ClusterSecretStore", name: "aws-secrets-manager" },
      target: { name, creationPolicy: "Owner" },
      ...what,
    });
    const property = (secretKey: string, key: string, name: string) => ({
      secretKey,
      remoteRef: { key, property: name },
    });
    assert.deepEqual(
      specOf(api, "ExternalSecret", "api-common-secrets"),
      secret("api-common-secrets", { dataFrom: [{ extract: { key: "production/common" } }] }),
    );
    assert.deepEqual(
      specOf(api, "ExternalSecret", "api-database"),
      secret("api-database", {
        data: [
          property("DATABASE_NAME", "production/database", "dbname"),
          property("DATABASE_PASSWORD", "production/database", "password"),
          property("DATABASE_USERNAME", "production/database", "username"),
        ],
      }),
    );
    assert.deepEqual(
      specOf(api, "ExternalSecret", "api-cache"),
      secret("api-cache", {
        data: [property("CACHE_AUTH_TOKEN", "production/us-east-1/cache", "token")],
      }),
    );
    const { data } = only(api, "ConfigMap", "api-env") as unknown as {
      data: Record<string, string>;
    };
    assert.deepEqual(
      Object.keys(data).filter((name) => /PASSWORD|TOKEN|SECRET/.test(name)),
      [],
    );
    assert.equal(data.AWS_REGION, "us-east-1");
    assert.equal(data.DATABASE_PORT, "5432");
    assert.equal(data.QUEUE_URL, undefined);
  });

  it("is scraped by Prometheus on /metrics", () => {
    assert.deepEqual(specOf(api, "ServiceMonitor"), {
      selector: { matchLabels: selector("api") },
      endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
      targetLabels: ["environment", "region"],
    });
    assert.deepEqual(specOf(api, "Service"), {
      type: "ClusterIP",
      selector: selector("api"),
      ports: [
        { name: "http", port: 80, targetPort: "http", protocol: "TCP", appProtocol: "http" },
        {
          name: "metrics",
          port: 9090,
          targetPort: "metrics",
          protocol: "TCP",
          appProtocol: "http",
        },
      ],
    });
  });
});

describe("The api elsewhere", () => {
  it("keeps one pod of two through disruption in ap-southeast-1", async function () {
    const api = await render(await helmOrSkip(this), "ap-southeast-1", "api");
    assert.equal((specOf(api, "PodDisruptionBudget") as { minAvailable: number }).minAvailable, 1);
  });

  it("has a budget that fits one pod in development", async function () {
    const api = await render(await helmOrSkip(this), "development-us-east-1", "api");
    const { minAvailable, maxUnavailable } = specOf(api, "PodDisruptionBudget") as Record<
      string,
      unknown
    >;
    assert.deepEqual([minAvailable, maxUnavailable], [undefined, 1]);
    assert.deepEqual(
      api.filter(({ kind }) => kind === "VerticalPodAutoscaler"),
      [],
    );
  });
});
