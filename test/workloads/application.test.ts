import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as k8s from "@pulumi/kubernetes";
import { parseAllDocuments } from "yaml";
import { MockEngine } from "../../doubles/mocks";
import { loadFleet } from "../../infra/config/load";
import type { Application } from "../../workloads/application";
import { SERVICES, SERVICES_NAMESPACE } from "../../workloads/catalogue";
import { sampleWiring } from "../../workloads/sampleWiring";
import { readReleases } from "../../workloads/releasePlan";
import { Services, type ServicesArgs } from "../../workloads/services";
import { helmOrSkip } from "../support/helm";
import { crdSchemas } from "./addons/chartData";
import { problemsOf, type SchemaSet } from "./chart/structural";

const CHECKOUT = join(__dirname, "..", "..");
const RELEASE = "kubernetes:helm.sh/v3:Release";
const APPLICATION = "kubernetes:argoproj.io/v1alpha1:Application";
const SOURCE = { repository: "https://github.com/acme/platform.git", revision: "main" };

const fleet = loadFleet(CHECKOUT, "production");

function install(region: string, argoCd?: ServicesArgs["argoCd"]) {
  const releases = readReleases({
    projectRoot: CHECKOUT,
    environment: "production",
    region,
    regions: Object.keys(fleet.regions),
    services: SERVICES,
    homes: fleet.homes,
    takeover: [],
  });
  const wiring = sampleWiring(fleet, region, 1.5, SERVICES);
  return MockEngine.run({ region }, () => {
    const provider = new k8s.Provider("cluster", { kubeconfig: "{}" });
    return new Services("services", { releases, wiring, argoCd }, { provider });
  });
}

/** Objects of the chart as Helm renders them from values in files; all in one list, by kind and name. */
async function render(helm: string, release: string, chart: string, files: string[]) {
  const flags = files.flatMap((file) => ["--values", file]);
  const args = ["template", release, chart, "--namespace", SERVICES_NAMESPACE, ...flags];
  const { stdout } = await promisify(execFile)(helm, args, { maxBuffer: 1e8 });
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as unknown)
    .filter((object) => object !== null);
}

describe("delivery by Argo CD", () => {
  it("makes an Application where Pulumi would make a release, after the namespace", async () => {
    const byPulumi = await install("us-east-1");
    const byArgoCd = await install("us-east-1", SOURCE);
    const namesOf = (run: typeof byPulumi, type: string) =>
      run
        .of(type)
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(namesOf(byArgoCd, APPLICATION), namesOf(byPulumi, RELEASE));
    assert.equal(byArgoCd.of(RELEASE).length, 0);
    assert.equal(byPulumi.of(APPLICATION).length, 0);
    const namespace = byArgoCd.one("kubernetes:core/v1:Namespace");
    for (const { options } of byArgoCd.of(APPLICATION)) {
      assert.ok(options.dependsOn.includes(namespace.urn));
    }
  });

  it("syncs, prunes and heals from the repository, and is awaited", async () => {
    const run = await install("eu-west-1", SOURCE);
    const application = run.one(APPLICATION, "services-api").inputs as unknown as Application;
    assert.deepEqual(application.metadata, {
      name: "api",
      namespace: "argocd",
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
      annotations: {
        "pulumi.com/waitFor":
          '["jsonpath={.status.sync.status}=Synced","jsonpath={.status.health.status}=Healthy"]',
      },
    });
    const { source, ...spec } = application.spec;
    assert.deepEqual(spec, {
      project: "default",
      destination: { server: "https://kubernetes.default.svc", namespace: "services" },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["ServerSideApply=true"],
        retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
      },
    });
    const { helm, ...from } = source;
    assert.deepEqual(from, {
      repoURL: SOURCE.repository,
      targetRevision: "main",
      path: "workloads/charts/service",
    });
    assert.equal(helm.releaseName, "api");
    assert.deepEqual(helm.valueFiles, [
      "../../values/_shared/base.yaml",
      "../../values/api/base.yaml",
      "../../values/api/production/eu-west-1.yaml",
    ]);
    assert.ok(!Object.hasOwn(helm.valuesObject, "replicas"), "only the stack's own keys");
  });

  it("fits the schema of Argo CD's CRD", async function () {
    const schema = crdSchemas().get("argoproj.io/v1alpha1/Application");
    if (schema === undefined) return this.skip();
    const run = await install("eu-west-1", SOURCE);
    for (const { inputs } of run.of(APPLICATION)) {
      const application = inputs as unknown as Application;
      const set: SchemaSet = {
        kinds: { "argoproj.io/v1alpha1/Application": schema },
        definitions: {},
      };
      assert.deepEqual(problemsOf(application, set), []);
    }
  });

  for (const region of Object.keys(fleet.regions)) {
    it(`gives the same manifests as Pulumi's releases in ${region}`, async function () {
      const helm = await helmOrSkip(this);
      this.timeout(120_000);
      const folder = mkdtempSync(join(tmpdir(), "delivery-"));
      try {
        const releases = (await install(region)).of(RELEASE);
        const applications = (await install(region, SOURCE)).of(APPLICATION);
        for (const { name, inputs } of releases) {
          const application = applications.find((each) => each.name === name);
          assert.ok(application !== undefined, name);
          const { source } = (application.inputs as unknown as Application).spec;
          const chart = join(CHECKOUT, source.path);
          const wired = join(folder, `${name}-wired.json`);
          writeFileSync(wired, JSON.stringify(source.helm.valuesObject));
          const values = join(folder, `${name}.json`);
          writeFileSync(values, JSON.stringify(inputs.values));
          const layers = source.helm.valueFiles.map((file) => join(chart, file));
          const [byArgoCd, byPulumi] = await Promise.all([
            render(helm, source.helm.releaseName, chart, [...layers, wired]),
            render(helm, String(inputs.name), join(CHECKOUT, String(inputs.chart)), [values]),
          ]);
          assert.ok(byPulumi.length > 3, name);
          assert.deepEqual(byArgoCd, byPulumi, name);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
