import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { KUBERNETES_VERSION } from "../../../infra/components/cluster/versions";
import { ADDONS } from "../../../workloads/addons/catalogue";
import type { Values } from "../../../workloads/layers";
import { helmOrSkip } from "../../support/helm";
import { chartData, pinnedChart, readCrds } from "./chartData";
import { context, resolved, ROOT } from "./sample";

/** Charts of ours that hold another chart's CRDs, and that chart's add-on. */
const KEPT = ADDONS.flatMap(({ name, crds }) =>
  crds.by === "addon"
    ? ADDONS.filter((other) => other.name === crds.addon)
        .filter(({ chart }) => "path" in chart && chart.path.includes("/crds/"))
        .map((other) => ({ name, path: "path" in other.chart ? other.chart.path : "" }))
    : [],
);

const valueAt = (values: unknown, path: string): unknown =>
  path.split(".").reduce((at, key) => (at as Values | undefined)?.[key], values);

describe("CRDs of the add-ons", () => {
  it("are never left to a chart's crds folder, which Helm does not upgrade", async function () {
    for (const addon of ADDONS) {
      const pinned = pinnedChart(addon);
      if (pinned === undefined) continue;
      const { folder, values } = await chartData(this, pinned);
      const { crds } = addon;
      if (crds.by === "addon") assert.ok(addon.dependsOn.includes(crds.addon), addon.name);
      if ((crds.by === "templates" || crds.by === "job") && crds.value !== undefined) {
        const ours = valueAt(await resolved(() => addon.values(context)), crds.value);
        assert.equal(ours ?? valueAt(values, crds.value), true, `${addon.name}: ${crds.value}`);
      }
      if (crds.by === "none" && existsSync(join(folder, "crds"))) {
        // Of a subchart that our values leave out: node feature discovery's, Alloy's pod logs.
        assert.match(addon.name, /^(nvidia-device-plugin|cloudwatch-metrics)$/);
      }
    }
  });

  for (const { name, path } of KEPT) {
    const addon = ADDONS.find((each) => each.name === name);
    const pinned = addon && pinnedChart(addon);
    if (pinned === undefined) continue;

    it(`of ${name} are the pinned chart's, byte for byte, at its version`, async function () {
      const { folder } = await chartData(this, pinned);
      const ours = join(ROOT, path);
      const { version } = parse(readFileSync(join(ours, "Chart.yaml"), "utf8")) as {
        version: string;
      };
      assert.equal(version, pinned.version, "raise both, with the files");
      const files = readdirSync(join(folder, "crds")).sort();
      assert.deepEqual(readdirSync(join(ours, "files")).sort(), files);
      for (const file of files) {
        const [kept, theirs] = [join(ours, "files", file), join(folder, "crds", file)];
        assert.equal(readFileSync(kept, "utf8"), readFileSync(theirs, "utf8"), file);
      }
    });

    it(`of ${name} render as they are, and stay when the release goes`, async function () {
      const helm = await helmOrSkip(this);
      const ours = join(ROOT, path);
      const { stdout } = await promisify(execFile)(helm, ["template", "crds", ours], {
        maxBuffer: 1e8,
      });
      const expected = readdirSync(join(ours, "files"))
        .flatMap((file) => readCrds(join(ours, "files", file)))
        .map(withKeep);
      const rendered = parseAllDocuments(stdout).map((document) => document.toJS() as Named);
      assert.deepEqual(sorted(rendered), sorted(expected));
    });
  }

  it("of KubeRay are applied by a job that may touch no others, with kubectl of the cluster's version", async function () {
    const helm = await helmOrSkip(this);
    const addon = ADDONS.find(({ name }) => name === "kuberay-operator-crds");
    assert.ok(addon !== undefined && "path" in addon.chart);
    const values = JSON.stringify(addon.values(context));
    const chart = join(ROOT, addon.chart.path);
    const rendering = promisify(execFile)(helm, ["template", addon.name, chart, "-f", "-"]);
    rendering.child.stdin?.end(values);
    const objects = parseAllDocuments((await rendering).stdout).map(
      (document) => document.toJS() as Rendered,
    );
    const kinds = ["rayclusters", "raycronjobs", "rayjobs", "rayservices"];
    const role = objects.find(({ kind }) => kind === "ClusterRole");
    assert.deepEqual(role?.rules, [
      { apiGroups: ["apiextensions.k8s.io"], resources: CRD, verbs: ["create"] },
      {
        apiGroups: ["apiextensions.k8s.io"],
        resources: CRD,
        resourceNames: kinds.map((kind) => `${kind}.ray.io`),
        verbs: ["get", "patch"],
      },
    ]);
    const job = objects.find(({ kind }) => kind === "Job");
    const [container] = job?.spec?.template.spec.containers ?? [];
    assert.ok(container?.image.startsWith(`registry.k8s.io/kubectl:v${KUBERNETES_VERSION}.`));
    const operator = ADDONS.find(({ name }) => name === "kuberay-operator");
    const version = operator && pinnedChart(operator)?.version;
    const base = `https://raw.githubusercontent.com/ray-project/kuberay/v${version}/helm-chart/kuberay-operator/crds`;
    assert.deepEqual(container?.args, [
      ...["apply", "--server-side", "--force-conflicts"],
      ...kinds.map((kind) => `--filename=${base}/ray.io_${kind}.yaml`),
    ]);
  });
});

const CRD = ["customresourcedefinitions"];

interface Named {
  metadata: { name: string; annotations?: Record<string, string> };
}

interface Rendered extends Named {
  kind: string;
  rules?: unknown;
  spec?: { template: { spec: { containers: { image: string; args: string[] }[] } } };
}

function withKeep<T extends Named>(crd: T): T {
  const annotations = { ...crd.metadata.annotations, "helm.sh/resource-policy": "keep" };
  return { ...crd, metadata: { ...crd.metadata, annotations } };
}

function sorted(crds: readonly Named[]): Named[] {
  return [...crds].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
