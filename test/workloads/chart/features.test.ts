import assert from "node:assert/strict";
import type { Values } from "../../../workloads/layers";
import { helmOrSkip } from "../../support/helm";
import { only, render } from "./committed";
import type { Rendered } from "./committed";
import { podTemplates, restrictedProblems } from "./podSecurity";

/** What no committed service asks for, shown on one that is. */
describe("On request the chart renders", () => {
  let helm: string;
  before("needs Helm", async function () {
    helm = await helmOrSkip(this);
  });

  const api = (overrides: Values) => render(helm, "us-east-1", "api", { overrides });
  const specOf = (objects: readonly Rendered[], kind: string, name?: string) =>
    only(objects, kind, name).spec as Record<string, unknown>;
  const podOf = (objects: readonly Rendered[], kind = "Deployment") => {
    const [[, pod] = []] = podTemplates(only(objects, kind));
    assert.ok(pod !== undefined);
    return pod;
  };

  it("a StatefulSet with a volume for each replica and a name for each pod", async () => {
    const objects = await api({
      kind: "StatefulSet",
      persistence: { size: "10Gi", storageClassName: "gp3" },
    });
    assert.ok(!objects.some(({ kind }) => kind === "Deployment"));
    const spec = specOf(objects, "StatefulSet");
    assert.equal(spec.serviceName, "api-headless");
    assert.equal(spec.replicas, undefined); // the HPA's
    assert.deepEqual(spec.volumeClaimTemplates, [
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "gp3",
          resources: { requests: { storage: "10Gi" } },
        },
      },
    ]);
    assert.equal(specOf(objects, "Service", "api-headless").clusterIP, "None");
    const { spec: pod } = podOf(objects, "StatefulSet");
    assert.deepEqual((pod.containers[0]?.volumeMounts as object[]).at(-1), {
      name: "data",
      mountPath: "/data",
    });
    assert.deepEqual(restrictedProblems(pod), []);
    const { scaleTargetRef } = specOf(objects, "HorizontalPodAutoscaler");
    assert.deepEqual(scaleTargetRef, { apiVersion: "apps/v1", kind: "StatefulSet", name: "api" });
  });

  it("a fixed number of pods, times capacity", async () => {
    const objects = await render(helm, "us-east-1", "api", {
      capacity: 1.5,
      overrides: { autoscaling: { mode: "none" } },
    });
    assert.equal(specOf(objects, "Deployment").replicas, 8);
    assert.ok(!objects.some(({ kind }) => kind === "HorizontalPodAutoscaler"));
  });

  it("session affinity by cookie", async () => {
    const objects = await api({ mesh: { sessionAffinity: { cookie: "pod" } } });
    const { trafficPolicy } = specOf(objects, "DestinationRule") as {
      trafficPolicy: { loadBalancer: object };
    };
    assert.deepEqual(trafficPolicy.loadBalancer, {
      consistentHash: { httpCookie: { name: "pod", path: "/", ttl: "3600s" } },
    });
  });

  it("a VPA that sets requests, where nothing else acts on CPU and memory", async () => {
    const objects = await render(helm, "us-east-1", "outbox", {
      overrides: { vpa: { mode: "auto" } },
    });
    const { updatePolicy } = specOf(objects, "VerticalPodAutoscaler");
    assert.deepEqual(updatePolicy, { updateMode: "InPlaceOrRecreate" });
  });

  it("probes by command, or none", async () => {
    const objects = await api({
      probes: {
        startup: { enabled: false },
        liveness: { command: ["/bin/alive"] },
        readiness: { command: ["/bin/ready", "-q"] },
      },
    });
    const [container] = podOf(objects).spec.containers;
    assert.equal(container?.startupProbe, undefined);
    assert.deepEqual((container?.livenessProbe as { exec: object }).exec, {
      command: ["/bin/alive"],
    });
    assert.deepEqual(container?.readinessProbe, {
      exec: { command: ["/bin/ready", "-q"] },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
  });

  it("an image of one's own by digest, without the placeholder", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const objects = await api({
      image: { repository: "example/api", tag: "v1", digest },
      placeholder: false,
      args: ["serve"],
    });
    const { containers, volumes } = podOf(objects).spec;
    assert.equal(containers[0]?.image, `example/api@${digest}`);
    assert.equal(containers[0]?.command, undefined);
    assert.deepEqual(containers[0]?.args, ["serve"]);
    assert.deepEqual(
      volumes?.map(({ name }) => name),
      ["tmp"],
    );
    assert.deepEqual(
      objects.flatMap(({ kind, metadata }) => (kind === "ConfigMap" ? [metadata.name] : [])),
      ["api-env"],
    );
  });

  it("a service outside the mesh: no Istio resource, no sidecar", async () => {
    const objects = await api({ mesh: { enabled: false } });
    assert.ok(!objects.some(({ apiVersion }) => apiVersion.includes("istio.io")));
    const { labels, annotations } = podOf(objects).metadata;
    assert.equal(labels["sidecar.istio.io/inject"], "false");
    assert.deepEqual(Object.keys(annotations), ["checksum/settings"]);
  });

  it("no monitor and no metrics port without metrics", async () => {
    const objects = await api({ metrics: { enabled: false } });
    assert.ok(!objects.some(({ kind }) => kind === "ServiceMonitor"));
    assert.equal((specOf(objects, "Service").ports as object[]).length, 1);
    assert.equal((specOf(objects, "NetworkPolicy").ingress as object[]).length, 1);
  });

  it("a priority, strict zones and a named service account", async () => {
    const objects = await api({
      priorityClassName: "high",
      spread: { zones: "DoNotSchedule" },
      serviceAccount: { name: "web", annotations: { owner: "platform" } },
    });
    const { spec } = podOf(objects);
    assert.equal(spec.priorityClassName, "high");
    assert.equal(spec.serviceAccountName, "web");
    const account = only(objects, "ServiceAccount");
    assert.equal(account.metadata.name, "web");
    assert.deepEqual(account.metadata.annotations, { owner: "platform" });
    const [spread] = spec.topologySpreadConstraints as { whenUnsatisfiable: string }[];
    assert.equal(spread?.whenUnsatisfiable, "DoNotSchedule");
  });

  it("changed settings as a rollout, a changed chart digest as none", async () => {
    const [plain, digest, settings] = await Promise.all([
      api({}),
      api({ chartDigest: "another" }),
      api({ env: { FLAG: "on" } }),
    ]);
    assert.deepEqual(digest, plain);
    const checksum = (objects: Rendered[]) =>
      podOf(objects).metadata.annotations["checksum/settings"];
    assert.notEqual(checksum(settings), checksum(plain));
  });

  it("a placeholder that answers the ports and the metrics path of the values", async () => {
    const objects = await api({ port: 3000, metrics: { port: 3001, path: "/stats" } });
    const { data } = only(objects, "ConfigMap", "api-placeholder") as unknown as {
      data: Record<string, string>;
    };
    const conf = data["nginx.conf"] ?? "";
    assert.match(conf, /listen 3000;[^}]*location \/ \{ return 200 /);
    assert.match(conf, /listen 3001;[^}]*location = \/stats \{\s*return 200 "# TYPE /);
    assert.doesNotMatch(conf, /8080|9090/);
  });
});
