import assert from "node:assert/strict";
import { helmOrSkip } from "../../support/helm";
import { podTemplates } from "./podSecurity";
import { only, render } from "./committed";
import type { Rendered } from "./committed";

/** Labels that select a service's pods. */
const selector = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/instance": name,
});

const SECURITY = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};

const CONTAINER_SECURITY = {
  ...SECURITY,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  privileged: false,
  capabilities: { drop: ["ALL"] },
};

const BEHAVIOR = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Min",
    policies: [
      { type: "Percent", value: 50, periodSeconds: 60 },
      { type: "Pods", value: 10, periodSeconds: 60 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
  },
};

const to = (peer: object, ...ports: [number, string][]) => ({
  to: [peer].flat(),
  ports: ports.map(([port, protocol]) => ({ port, protocol })),
});
const from = (peer: object, ...ports: number[]) => ({
  from: [peer],
  ports: ports.map((port) => ({ port, protocol: "TCP" })),
});
const block = (...cidrs: string[]) => cidrs.map((cidr) => ({ ipBlock: { cidr } }));
const pods = (labels: object, namespace?: string) => ({
  podSelector: { matchLabels: labels },
  ...(namespace && {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  }),
});
const named = (name: string) => pods({ "app.kubernetes.io/name": name });

const FLEET = block("10.16.0.0/16", "10.17.0.0/16", "10.18.0.0/16");
const AWS = to(block("0.0.0.0/0"), [443, "TCP"]);
const DATABASE = to(FLEET, [5432, "TCP"]);
const DNS = to(pods({ "k8s-app": "kube-dns" }, "kube-system"), [53, "TCP"], [53, "UDP"]);
const ISTIOD = to(pods({ app: "istiod" }, "istio-system"), [15012, "TCP"]);
const POD_IDENTITY = to(block("169.254.170.23/32", "fd00:ec2::23/128"), [80, "TCP"]);
const GATEWAY = pods({ istio: "ingress" }, "istio-ingress");
const PROMETHEUS = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
};

/** `<kind>/<name>` of each object. */
const ids = (objects: readonly Rendered[]) =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();

const specOf = (objects: readonly Rendered[], kind: string, name?: string) =>
  only(objects, kind, name).spec;

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
      ingress: [from(GATEWAY, 8080), from(PROMETHEUS, 9090)],
      egress: [
        AWS,
        to(block("10.16.0.0/16"), [6379, "TCP"]),
        DATABASE,
        DNS,
        ISTIOD,
        to(named("media"), [8080, "TCP"]),
        POD_IDENTITY,
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

describe("The media service in production", () => {
  for (const region of ["us-east-1", "eu-west-1", "ap-southeast-1"]) {
    it(`runs on media nodes in ${region}, 1000m and 2Gi, with time for 300 s requests`, async function () {
      const media = await render(await helmOrSkip(this), region, "media");
      const [[, pod] = []] = podTemplates(only(media, "Deployment"));
      assert.deepEqual(pod?.spec.nodeSelector, { "karpenter.sh/nodepool": "media" });
      assert.deepEqual(pod?.spec.tolerations, [
        { key: "workload", operator: "Equal", value: "media-processing", effect: "NoSchedule" },
      ]);
      assert.equal(pod?.spec.terminationGracePeriodSeconds, 330);
      assert.deepEqual(pod?.spec.containers[0]?.resources, {
        requests: { cpu: "1000m", memory: "2Gi", "ephemeral-storage": "1Gi" },
        limits: { cpu: "2", memory: "4Gi", "ephemeral-storage": "6Gi" },
      });
      const { hosts, http } = specOf(media, "VirtualService") as {
        hosts: string[];
        http: { timeout: string; retries: { attempts: number } }[];
      };
      assert.deepEqual(hosts, ["media.example.com", "media.services.svc.cluster.local"]);
      assert.deepEqual([http[0]?.timeout, http[0]?.retries.attempts], ["300s", 3]);
      const { rules } = specOf(media, "AuthorizationPolicy") as {
        rules: { from: { source: { principals: string[] } }[] }[];
      };
      assert.deepEqual(rules[0]?.from[0]?.source.principals, [
        "cluster.local/ns/services/sa/api",
        "cluster.local/ns/istio-ingress/sa/istio-ingress",
      ]);
      const { ingress } = specOf(media, "NetworkPolicy") as { ingress: object[] };
      assert.deepEqual(ingress, [
        from(named("api"), 8080),
        from(GATEWAY, 8080),
        from(PROMETHEUS, 9090),
      ]);
    });
  }
});

/** Workers and consumers: where they run, floor and ceiling, messages a pod, secrets beside the common ones. */
const WORKERS: [string, string, number, number, string, string[], object[]][] = [
  ["us-east-1", "media-processor", 2, 100, "5", ["database"], [DATABASE]],
  ["eu-west-1", "outbox", 2, 20, "100", ["database"], [DATABASE]],
  ["ap-southeast-1", "data-export", 1, 10, "1", ["database"], [DATABASE]],
  [
    "us-east-1",
    "chat-generation",
    2,
    20,
    "10",
    ["cache", "database"],
    [to(block("10.16.0.0/16"), [6379, "TCP"]), DATABASE],
  ],
  [
    "us-east-1",
    "text-editor-chat",
    2,
    20,
    "10",
    ["cache", "database"],
    [to(block("10.16.0.0/16"), [6379, "TCP"]), DATABASE],
  ],
  [
    "us-east-1",
    "feed-copy-generation",
    2,
    20,
    "10",
    ["cache", "database"],
    [to(block("10.16.0.0/16"), [6379, "TCP"]), DATABASE],
  ],
  ["ap-southeast-1", "ai-inference", 2, 20, "10", [], []],
  ["ap-southeast-1", "ai-training", 1, 5, "1", [], []],
];

describe("Workers", () => {
  for (const [region, name, floor, ceiling, queueLength, secrets, peers] of WORKERS) {
    describe(`${name} in ${region}`, () => {
      let worker: Rendered[];
      before("needs Helm", async function () {
        worker = await render(await helmOrSkip(this), region, name);
      });

      it("scales on the depth of its queue, asked by KEDA's own identity", () => {
        const url = `https://sqs.${region}.amazonaws.com/000000000000/production-${region}-${name}`;
        assert.deepEqual(specOf(worker, "ScaledObject"), {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          pollingInterval: 30,
          minReplicaCount: floor,
          maxReplicaCount: ceiling,
          fallback: { failureThreshold: 3, replicas: floor, behavior: "currentReplicasIfHigher" },
          advanced: { horizontalPodAutoscalerConfig: { behavior: BEHAVIOR } },
          triggers: [
            {
              type: "aws-sqs-queue",
              metadata: { queueURL: url, queueLength, awsRegion: region },
              authenticationRef: { name },
            },
          ],
        });
        assert.deepEqual(specOf(worker, "TriggerAuthentication"), {
          podIdentity: { provider: "aws", identityOwner: "keda" },
        });
        const { data } = only(worker, "ConfigMap", `${name}-env`) as unknown as {
          data: Record<string, string>;
        };
        assert.equal(data.QUEUE_URL, url);
      });

      it("is called by nobody, and not routed", () => {
        const spec = specOf(worker, "AuthorizationPolicy");
        assert.deepEqual(spec, { selector: { matchLabels: selector(name) }, action: "ALLOW" });
        const { ingress, egress } = specOf(worker, "NetworkPolicy") as {
          ingress: object[];
          egress: object[];
        };
        assert.deepEqual(ingress, [from(PROMETHEUS, 9090)]);
        const ray = name.startsWith("ai-") ? [to(named("ray"), [8265, "TCP"], [10001, "TCP"])] : [];
        assert.deepEqual(egress, [AWS, ...peers, DNS, ISTIOD, POD_IDENTITY, ...ray]);
        for (const absent of ["VirtualService", "DestinationRule", "HorizontalPodAutoscaler"]) {
          assert.ok(!worker.some(({ kind }) => kind === absent), absent);
        }
      });

      it("gets the secrets that it needs alone", () => {
        const found = ids(worker).filter((id) => id.startsWith("ExternalSecret/"));
        const wanted = ["common-secrets", ...secrets].sort();
        assert.deepEqual(
          found,
          wanted.map((secret) => `ExternalSecret/${name}-${secret}`),
        );
      });
    });
  }
});

describe("The AI consumers", () => {
  it("know the region's Ray cluster and its token", async function () {
    const consumer = await render(await helmOrSkip(this), "ap-southeast-1", "ai-inference");
    const [[, pod] = []] = podTemplates(only(consumer, "Deployment"));
    assert.deepEqual(pod?.spec.containers[0]?.env, [
      {
        name: "RAY_AUTH_TOKEN",
        valueFrom: { secretKeyRef: { name: "ray", key: "auth_token", optional: true } },
      },
    ]);
    const { data } = only(consumer, "ConfigMap", "ai-inference-env") as unknown as {
      data: Record<string, string>;
    };
    assert.equal(data.RAY_ADDRESS, "http://ray-head-svc:8265");
  });
});

describe("The Ray cluster", () => {
  for (const [region, floor, cidr] of [
    ["us-east-1", 6, "10.16.0.0/16"],
    ["eu-west-1", 4, "10.17.0.0/16"],
    ["ap-southeast-1", 2, "10.18.0.0/16"],
  ] as const) {
    describe(`in ${region}`, () => {
      let ray: Rendered[];
      before("needs Helm", async function () {
        ray = await render(await helmOrSkip(this), region, "ray");
      });

      it("is these objects and no other", () => {
        assert.deepEqual(ids(ray), [
          "ConfigMap/ray-env",
          "ExternalSecret/ray-common-secrets",
          "NetworkPolicy/ray",
          "PodDisruptionBudget/ray",
          "PodMonitor/ray",
          "RayCluster/ray",
          "ServiceAccount/ray",
        ]);
      });

      it(`has a head without GPU work and ${floor} to 20 GPU workers`, () => {
        const { headGroupSpec, workerGroupSpecs, autoscalerOptions, ...rest } = specOf(
          ray,
          "RayCluster",
        ) as Record<string, Record<string, unknown>> & {
          workerGroupSpecs: Record<string, unknown>[];
        };
        assert.deepEqual(rest, {
          rayVersion: "2.52.0",
          authOptions: { mode: "token" },
          upgradeStrategy: { type: "Recreate" },
          enableInTreeAutoscaling: true,
        });
        assert.equal(autoscalerOptions?.version, "v2");
        assert.deepEqual(headGroupSpec?.rayStartParams, {
          "dashboard-host": "0.0.0.0",
          "num-cpus": "0",
          "metrics-export-port": "8080",
        });
        const groups = workerGroupSpecs.map((group) => ({ ...group, template: undefined }));
        assert.deepEqual(groups, [
          {
            groupName: "gpu",
            minReplicas: floor,
            maxReplicas: 20,
            rayStartParams: { "metrics-export-port": "8080" },
            template: undefined,
          },
        ]);
      });

      it("puts workers on gpu nodes with a GPU each, the head on amd64, no sidecar in either", () => {
        const [head, gpu] = podTemplates(only(ray, "RayCluster")).map(([, pod]) => pod);
        assert.deepEqual(head?.spec.nodeSelector, { "kubernetes.io/arch": "amd64" });
        assert.deepEqual(head?.spec.tolerations, undefined);
        assert.equal(head?.spec.automountServiceAccountToken, true);
        assert.equal(head?.metadata.annotations["karpenter.sh/do-not-disrupt"], "true");
        assert.deepEqual(gpu?.spec.nodeSelector, { "karpenter.sh/nodepool": "gpu" });
        assert.deepEqual(gpu?.spec.tolerations, [
          { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
        ]);
        assert.equal(gpu?.spec.automountServiceAccountToken, false);
        assert.deepEqual(gpu?.spec.containers[0]?.resources, {
          requests: { cpu: "4", memory: "16Gi", "ephemeral-storage": "4Gi", "nvidia.com/gpu": 1 },
          limits: { cpu: "7", memory: "24Gi", "ephemeral-storage": "20Gi", "nvidia.com/gpu": 1 },
        });
        for (const pod of [head, gpu]) {
          assert.equal(pod?.metadata.labels["sidecar.istio.io/inject"], "false");
          assert.equal(pod?.spec.containers[0]?.image, "rayproject/ray:2.52.0-gpu");
          assert.deepEqual(pod?.spec.containers[0]?.securityContext, CONTAINER_SECURITY);
        }
      });

      it("is reached by the AI consumers alone, and among itself", () => {
        const self = { podSelector: { matchLabels: selector("ray") } };
        assert.deepEqual(specOf(ray, "NetworkPolicy"), {
          podSelector: { matchLabels: selector("ray") },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            from(named("ai-inference"), 8265, 10001),
            from(named("ai-training"), 8265, 10001),
            from(PROMETHEUS, 8080),
            { from: [self] },
          ],
          egress: [AWS, DNS, ISTIOD, to(block(cidr), [443, "TCP"]), POD_IDENTITY, { to: [self] }],
        });
      });
    });
  }
});
