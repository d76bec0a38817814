import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloud } from "../../../doubles";
import type { KubeObject } from "../../../rehearsal/clusters/api";
import { Clusters, type RunningCluster } from "../../../rehearsal/clusters/clusters";
import type { ReleaseInputs } from "../../../rehearsal/clusters/helm";
import { nodesOf } from "../../../rehearsal/clusters/nodes";
import { countPods, settle } from "../../../rehearsal/clusters/settle";
import { controlPlaneOrSkip } from "../../support/controlPlane";
import { helmOrSkip } from "../../support/helm";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const NAMESPACE = "services";

describe("a real control plane behind the Kubernetes double", function () {
  this.timeout(180_000);
  let directory: string;
  let clusters: Clusters;
  let one: RunningCluster;

  before(async function () {
    const binaries = await controlPlaneOrSkip(this);
    const helm = await helmOrSkip(this);
    directory = mkdtempSync(join(tmpdir(), "clusters-test-"));
    writeCharts(directory);
    clusters = await Clusters.start({
      ...{ binaries, helm, cloud: createCloud() },
      regions: { "eu-west-1": { zones: ["eu-west-1a", "eu-west-1b"] } },
      chartData: join(directory, "data"),
      cache: join(directory, "cache"),
      releaseTimeoutSeconds: 20,
    });
    clusters.projectRoot = directory;
    one = clusters.in("eu-west-1");
    for (const node of nodesOf(GROUP, "eu-west-1")) await one.api.apply(node);
    await one.api.apply(namespace());
  });

  after(async () => {
    const endpoint = one?.plane.kubeconfig ?? "";
    await clusters?.stop();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    if (endpoint === "") return;
    assert.equal(existsSync(endpoint), false);
    const processes = execFileSync("ps", ["-eo", "args"]).toString();
    assert.equal(processes.includes(join(endpoint, "..")), false, "a process is left");
  });

  it("refuses an unknown field of an object, in a preview and in an up", async () => {
    const object = { ...configMap("odd"), dat: { a: "b" } };
    const words = /\.dat: field not declared in schema/;
    await assert.rejects(one.real.preview(CONFIG_MAP, object), words);
    await assert.rejects(one.real.put(CONFIG_MAP, object), words);
  });

  it("refuses an unknown field in a release's manifest", async () => {
    const odd = { ...configMap("odd"), metadata: { name: "odd", label: {} } };
    const release = releaseOf("odd", odd);
    await assert.rejects(one.real.put(RELEASE, release), /\.metadata\.label: field not declared/);
    assert.deepEqual(await one.helm.list(), []);
  });

  it("refuses a pod below the restricted standard before its Deployment is installed", async () => {
    const bare = deployment("bare", { replicas: 1, securityContext: {} });
    await assert.rejects(
      one.real.put(RELEASE, releaseOf("bare", bare)),
      /pods "bare-trial" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation/,
    );
    assert.deepEqual(await one.helm.list(), []);
  });

  it("refuses an autoscaler whose floor is above its ceiling", async () => {
    const scaler: KubeObject = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "upside-down" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        minReplicas: 3,
        maxReplicas: 2,
      },
    };
    await assert.rejects(
      one.real.preview(RELEASE, releaseOf("upside-down", scaler)),
      /spec\.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`/,
    );
  });

  it("takes the CRD of a kind from the chart data, says so, and lets it refuse", async () => {
    const scaled: KubeObject = {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: "worker" },
      spec: { scaleTargetRef: { name: "web" }, maxReplicaCount: "many", triggers: [] },
    };
    await assert.rejects(
      one.real.put(RELEASE, releaseOf("worker", scaled)),
      /spec\.maxReplicaCount: Invalid value: "string": spec\.maxReplicaCount .* must be of type integer|expected numeric.*got string/,
    );
    assert.deepEqual(one.real.notes.borrowed, ["scaledobjects.keda.sh (keda)"]);
  });

  it("says that a third-party chart that cannot be reached gave its CRDs only", async () => {
    const inputs: ReleaseInputs = {
      ...{ name: "keda", namespace: NAMESPACE, chart: "keda", version: "2.20.2" },
      repositoryOpts: { repo: "http://127.0.0.1:9" },
    };
    await one.real.put(RELEASE, inputs);
    const [addon, ...others] = one.real.notes.addons;
    assert.equal(others.length, 0);
    assert.deepEqual(addon, {
      ...{ release: "keda", chart: "keda 2.20.2", installed: "CRDs only" },
      why: "its chart could not be reached (127.0.0.1:9)",
    });
  });

  it("installs a release whose pods are all Running and Ready, in every zone", async () => {
    await one.real.put(
      RELEASE,
      releaseOf("web", deployment("web", { replicas: 4 }), budget("web", 3)),
    );
    assert.deepEqual(await settle(one.api), []);
    assert.deepEqual(await countPods(one.api), { ready: 4, waiting: 0 });
  });

  it("finds a disruption budget that can never be met", async () => {
    await one.api.apply(budget("web", 4), { namespace: NAMESPACE });
    const [found = "", ...others] = await settle(one.api, 2000);
    assert.equal(others.length, 0);
    assert.match(found, /^disruption budget services\/web: Cannot evict pod as it would violate/);
    assert.match(found, /needs 4 healthy pods and has 4 currently/);
    await one.api.apply(budget("web", 3), { namespace: NAMESPACE });
  });

  it("says why pods do not come up, and rolls back", async () => {
    const lost = deployment("lost", { replicas: 1, nodeSelector: { zone: "nowhere" } });
    await assert.rejects(
      one.real.put(RELEASE, { ...releaseOf("lost", lost), timeout: 3 }),
      /nodes are available: .* didn't match Pod's node affinity\/selector/,
    );
    assert.deepEqual(
      (await one.helm.list()).map(({ name }) => name),
      ["web"],
    );
  });

  it("repairs a release that was interrupted mid-upgrade by the runbook's rollback", async () => {
    const interrupted = new AbortController();
    const stuck = deployment("web", { replicas: 4, nodeSelector: { zone: "nowhere" } });
    const upgrade = one.helm.install(
      { ...releaseOf("web", stuck), atomic: false },
      interrupted.signal,
    );
    upgrade.catch(() => undefined);
    await until(async () => (await statusOf(one, "web")) === "pending-upgrade");
    interrupted.abort(new Error("interrupted"));
    await assert.rejects(upgrade, /interrupted/);

    const next = releaseOf("web", deployment("web", { replicas: 4 }), budget("web", 2));
    await assert.rejects(one.real.put(RELEASE, next), /another operation .* is in progress/);
    await one.helm.rollback({ name: "web", namespace: NAMESPACE });
    await one.real.put(RELEASE, next);
    assert.equal(await statusOf(one, "web"), "deployed");
    assert.deepEqual(await settle(one.api), []);
    assert.deepEqual(await countPods(one.api), { ready: 4, waiting: 0 });
  });

  it("loses nothing when etcd is killed and started again", async () => {
    const before = await identities(one);
    await one.plane.restartEtcd();
    assert.deepEqual(await identities(one), before);
  });

  it("fails while the API server is away, and goes on when it is back", async () => {
    const before = await identities(one);
    await one.plane.killApiServer();
    await assert.rejects(one.real.put(CONFIG_MAP, configMap("later")), /ECONNREFUSED/);
    await one.plane.startApiServer();
    await one.real.put(CONFIG_MAP, configMap("later"));
    assert.deepEqual(await identities(one), before);
  });

  it("uninstalls a release with all that it made", async () => {
    await one.real.remove(RELEASE, releaseOf("web"));
    await one.real.remove(RELEASE, releaseOf("web"));
    assert.deepEqual(await one.helm.list(), []);
    await until(async () => (await countPods(one.api)).ready === 0);
  });
});

const GROUP = {
  ...{ name: "system", instanceType: "m7g.2xlarge", arch: "arm64" as const, count: 4 },
  ...{ zones: ["eu-west-1a", "eu-west-1b"], labels: {}, taints: [] },
};

const RESTRICTED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

function namespace(): KubeObject {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } };
}

function configMap(name: string): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE } };
}

interface Shape {
  replicas: number;
  securityContext?: object;
  nodeSelector?: Record<string, string>;
}

function deployment(
  name: string,
  { replicas, securityContext = RESTRICTED, nodeSelector }: Shape,
): KubeObject {
  const labels = { app: name };
  const container = { name: "main", image: "nginx", securityContext };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container], nodeSelector } },
    },
  };
}

function budget(name: string, minAvailable: number): KubeObject {
  const selector = { matchLabels: { app: name } };
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name },
    spec: { minAvailable, selector },
  };
}

function releaseOf(name: string, ...objects: KubeObject[]): ReleaseInputs {
  return {
    ...{ name, namespace: NAMESPACE, chart: "./chart", values: { objects } },
    ...{ atomic: true, timeout: 20 },
  };
}

/** A chart that is its values, and the data of one that brings a CRD. */
function writeCharts(directory: string): void {
  mkdirSync(join(directory, "chart", "templates"), { recursive: true });
  const chart = "apiVersion: v2\nname: chart\nversion: 1.0.0\n";
  writeFileSync(join(directory, "chart", "Chart.yaml"), chart);
  const template = "{{ range .Values.objects }}\n---\n{{ toYaml . }}\n{{ end }}\n";
  writeFileSync(join(directory, "chart", "templates", "objects.yaml"), template);
  mkdirSync(join(directory, "data", "keda", "crds"), { recursive: true });
  writeFileSync(join(directory, "data", "keda", "crds", "crd.yaml"), SCALED_OBJECT);
}

const SCALED_OBJECT = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: scaledobjects.keda.sh }
spec:
  group: keda.sh
  names: { kind: ScaledObject, plural: scaledobjects }
  scope: Namespaced
  versions:
    - name: v1alpha1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          description: A scaled object.
          type: object
          properties:
            spec:
              type: object
              properties:
                maxReplicaCount: { type: integer }
              x-kubernetes-preserve-unknown-fields: true
`;

async function statusOf({ helm }: RunningCluster, release: string): Promise<string | undefined> {
  return (await helm.list()).find(({ name }) => name === release)?.status;
}

/** What is there, by kind, name and identity. */
async function identities({ api }: RunningCluster): Promise<string[]> {
  const kinds = [
    { apiVersion: "v1", kind: "Namespace" },
    { apiVersion: "v1", kind: "Node" },
    { apiVersion: "v1", kind: "Secret" },
    { apiVersion: "apps/v1", kind: "Deployment" },
    { apiVersion: "v1", kind: "Pod" },
  ];
  const objects = (await Promise.all(kinds.map((kind) => api.list(kind)))).flat();
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid}`).sort();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("it did not come true in 30 s");
}
