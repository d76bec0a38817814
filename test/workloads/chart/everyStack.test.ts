import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { helmOrSkip } from "../../support/helm";
import { kubeScoreOrSkip } from "../../support/kubeScore";
import { podTemplates, restrictedProblems } from "./podSecurity";
import type { PodSpec, PodTemplate } from "./podSecurity";
import { only, REGIONAL_STACKS, render, ROOT, servicesOf } from "./committed";
import type { Rendered } from "./committed";
import { problemsOf } from "./structural";
import type { SchemaSet } from "./structural";
import { customSchemas } from "./trimSchemas";

const schemas = JSON.parse(readFileSync(join(__dirname, "schemas.json"), "utf8")) as SchemaSet;

/** Data of third-party charts; not part of the checkout. */
const CHARTS = process.env.SHARED_CHARTS ?? join(ROOT, "..", "shared", "charts");

/** Every object of every committed stack, rendered once. */
const everything = new Map<string, Rendered[]>();

describe("Manifests of every stack", () => {
  before("needs Helm", async function () {
    const helm = await helmOrSkip(this);
    for (const stack of REGIONAL_STACKS) {
      await Promise.all(
        servicesOf(stack).map(async (service) =>
          everything.set(`${stack}/${service}`, await render(helm, stack, service)),
        ),
      );
    }
  });

  it("are those of every service that runs there", () => {
    const count = (stack: string) =>
      [...everything.keys()].filter((release) => release.startsWith(`${stack}/`)).length;
    assert.deepEqual(REGIONAL_STACKS.map(count), [9, 6, 8, 9, 8, 11]);
  });

  describe("fit the schemas of Kubernetes 1.34 and of the pinned custom resources", () => {
    it("each object, unknown fields refused", () => {
      const problems = [...everything].flatMap(([release, objects]) =>
        objects.flatMap((object) =>
          problemsOf(object, schemas).map((problem) => `${release} ${object.kind}${problem}`),
        ),
      );
      assert.deepEqual(problems, []);
    });

    const mistakes: [string, string, (object: Rendered) => void, string][] = [
      ["us-east-1/api", "Deployment", (o) => edit(o, "spec.replica", 3), ".spec.replica: unknown"],
      [
        "us-east-1/api",
        "Deployment",
        (o) => edit(o, "spec.template.spec.containers.0.imagePullPolice", "Always"),
        ".spec.template.spec.containers[0].imagePullPolice: unknown field",
      ],
      [
        "us-east-1/api",
        "HorizontalPodAutoscaler",
        (o) => edit(o, "spec.maxReplicas", "100"),
        ".spec.maxReplicas: is string, not integer",
      ],
      [
        "us-east-1/outbox",
        "ScaledObject",
        (o) => edit(o, "spec.fallback", { replicas: 2 }),
        ".spec.fallback.failureThreshold: is missing",
      ],
      [
        "us-east-1/outbox",
        "TriggerAuthentication",
        (o) => edit(o, "spec.podIdentity.provider", "irsa"),
        '.spec.podIdentity.provider: "irsa" breaks enum',
      ],
      [
        "us-east-1/media",
        "VirtualService",
        (o) => edit(o, "spec.http.0.retry", {}),
        ".spec.http[0].retry: unknown field",
      ],
      [
        "us-east-1/media",
        "DestinationRule",
        (o) => edit(o, "spec.trafficPolicy.loadBalancer.consistentHash", { useSourceIp: true }),
        ".spec.trafficPolicy.loadBalancer: does not fit oneOf",
      ],
      [
        "us-east-1/ray",
        "RayCluster",
        (o) => edit(o, "spec.headGroupSpec.template.spec.tolerance", []),
        ".spec.headGroupSpec.template.spec.tolerance: unknown field",
      ],
    ];
    for (const [release, kind, spoil, problem] of mistakes) {
      it(`a spoilt ${kind} is caught: ${problem}`, () => {
        const object = structuredClone(only(everything.get(release) ?? [], kind));
        spoil(object);
        const [first] = problemsOf(object, schemas);
        assert.ok(first?.startsWith(problem), first);
      });
    }

    // Only where the charts' data is; a checkout alone is judged by the committed schemas.
    if (existsSync(CHARTS)) {
      it("which are those of the charts' CRDs as they are now", () => {
        const current = customSchemas(CHARTS);
        assert.deepEqual(
          Object.fromEntries(Object.keys(current).map((id) => [id, schemas.kinds[id]])),
          current,
        );
      });
    }
  });

  describe("agree on who calls whom", () => {
    const calls = (direction: Direction) =>
      [
        ...new Set(
          [...everything].flatMap(([release, objects]) => edges(release, objects, direction)),
        ),
      ].sort();

    it("what a service may reach lets it in, and nobody is let in who may not go there", () => {
      const reached = calls("egress");
      assert.ok(reached.includes("api -> media:8080"), reached.join());
      assert.deepEqual(calls("ingress"), reached);
    });
  });

  describe("meet the restricted Pod Security Standard", () => {
    it("each pod, as UID 1000 with a read-only root", () => {
      const pods = [...everything].flatMap(([release, objects]) =>
        objects
          .flatMap(podTemplates)
          .map(([word, { spec }]) => ({ name: `${release} ${word}`, spec })),
      );
      assert.equal(pods.length, everything.size + REGIONAL_STACKS.length); // Ray has a head and workers
      assert.deepEqual(
        pods.flatMap(({ name, spec }) =>
          restrictedProblems(spec).map((each) => `${name}: ${each}`),
        ),
        [],
      );
    });

    it("beside Ray's head the autoscaler as well", () => {
      const { autoscalerOptions } = only(everything.get("us-east-1/ray") ?? [], "RayCluster")
        .spec as { autoscalerOptions: { securityContext: object } };
      const container = { name: "autoscaler", image: "", ...autoscalerOptions };
      assert.deepEqual(restrictedProblems({ containers: [container] }), []);
    });

    const spoilt: [string, (spec: PodSpec) => void, string][] = [
      [
        "root",
        (spec) => edit(spec, "containers.0.securityContext.runAsUser", 0),
        "api: runAsUser 0",
      ],
      [
        "a kept capability",
        (spec) => edit(spec, "containers.0.securityContext.capabilities.drop", ["NET_RAW"]),
        "api: capabilities not dropped",
      ],
      [
        "a writable root",
        (spec) => edit(spec, "containers.0.securityContext.readOnlyRootFilesystem", false),
        "api: readOnlyRootFilesystem",
      ],
      ["the host's network", (spec) => edit(spec, "hostNetwork", true), "a host namespace"],
      ["a host path", (spec) => edit(spec, "volumes.0", { name: "x", hostPath: {} }), "volume x"],
    ];
    for (const [word, spoil, problem] of spoilt) {
      it(`${word} is caught`, () => {
        const deployment = structuredClone(
          only(everything.get("us-east-1/api") ?? [], "Deployment"),
        );
        const [[, pod] = []] = podTemplates(deployment);
        assert.ok(pod !== undefined);
        spoil(pod.spec);
        assert.deepEqual(restrictedProblems(pod.spec), [problem]);
      });
    }
  });

  describe("have no critical finding of kube-score", () => {
    let kubeScore: string;
    before("needs kube-score", async function () {
      kubeScore = await kubeScoreOrSkip(this);
    });

    for (const stack of REGIONAL_STACKS) {
      it(stack, () => {
        const objects = [...everything].flatMap(([release, each]) =>
          release.startsWith(`${stack}/`) ? each : [],
        );
        assert.deepEqual(criticals(kubeScore, objects), []);
      });
    }

    it("which a container without limits is", () => {
      const objects = structuredClone(everything.get("us-east-1/api") ?? []);
      edit(only(objects, "Deployment"), "spec.template.spec.containers.0.resources", {});
      assert.ok(
        criticals(kubeScore, objects).some((line) => line.includes("CPU limit is not set")),
      );
    });

    it("and a NetworkPolicy for nobody", () => {
      const objects = structuredClone(everything.get("us-east-1/ray") ?? []);
      edit(only(objects, "NetworkPolicy"), "spec.podSelector.matchLabels", { app: "rey" });
      assert.ok(criticals(kubeScore, objects).some((line) => line.includes("match any pods")));
    });
  });
});

type Direction = "ingress" | "egress";

/** `<caller> -> <called>:<port>` between services of ours, as one service's NetworkPolicy states it. */
function edges(release: string, objects: readonly Rendered[], direction: Direction): string[] {
  const [, own = ""] = release.split("/");
  const rules = (only(objects, "NetworkPolicy").spec as Record<Direction, PolicyRule[]>)[direction];
  return rules.flatMap(({ from = [], to = [], ports = [] }) =>
    [...from, ...to].flatMap(({ namespaceSelector, podSelector }) => {
      const peer = podSelector?.matchLabels["app.kubernetes.io/name"];
      // Pods of another namespace are no service of ours.
      if (peer === undefined || namespaceSelector !== undefined) return [];
      const [caller, called] = direction === "ingress" ? [peer, own] : [own, peer];
      return ports.map(({ port }) => `${caller} -> ${called}:${port}`);
    }),
  );
}

interface PolicyRule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number }[];
}

interface Peer {
  namespaceSelector?: object;
  podSelector?: { matchLabels: Record<string, string> };
}

/** kube-score's critical findings. Ray's pods are shown to it as pods: it does not know a RayCluster. */
function criticals(kubeScore: string, objects: readonly Rendered[]): string[] {
  const pods = objects
    .filter(({ kind }) => kind === "RayCluster")
    .flatMap((cluster) =>
      podTemplates(cluster).map(([word, template]) => asPod(cluster, word, template)),
    );
  const { stdout, error } = spawnSync(
    kubeScore,
    [
      "score",
      "--kubernetes-version=v1.34",
      // The source documents fix UID 1000; this check wants 10,000 and more.
      "--ignore-test=container-security-context-user-group-id",
      "--output-format=ci",
      "-",
    ],
    {
      input: [...objects, ...pods].map((object) => stringify(object)).join("---\n"),
      encoding: "utf8",
    },
  );
  if (error !== undefined) throw error;
  assert.match(stdout, /^\[OK\]/m, "kube-score judged nothing");
  return stdout.split("\n").filter((line) => line.startsWith("[CRITICAL]"));
}

function asPod(cluster: Rendered, word: string, { metadata, spec }: PodTemplate): object {
  const { name, namespace } = cluster.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name: `${name}-${word}`, namespace },
    spec,
  };
}

/** Sets the field at a dotted path. */
function edit(target: object, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce(
    (node, key) => node[key] as Record<string, unknown>,
    target as Record<string, unknown>,
  );
  holder[last] = value;
}
