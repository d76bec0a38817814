import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { MockEngine } from "../../doubles/mocks";
import { RELEASE_TIMEOUT_SECONDS, ServiceRelease } from "../../workloads/release";
import type { ServiceReleaseArgs } from "../../workloads/release";

const RELEASE = "kubernetes:helm.sh/v3:Release";

class Marker extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Marker", name);
    this.registerOutputs({});
  }
}

const install = (args: Partial<ServiceReleaseArgs>) =>
  MockEngine.run(
    {},
    () =>
      new ServiceRelease("services-api", {
        releaseName: "api",
        namespace: "services",
        chart: { path: "./workloads/charts/service" },
        values: { a: 1 },
        ...args,
      }),
  );

describe("ServiceRelease", () => {
  it("installs a local chart as one atomic release under its own name, waited for", async () => {
    const run = await install({});
    assert.equal(run.resources.length, 2);
    const release = run.one(RELEASE);
    assert.equal(release.name, "services-api");
    assert.equal(release.parent, run.one("multi-region-eks:workloads:ServiceRelease").urn);
    assert.deepEqual(release.inputs, {
      chart: "./workloads/charts/service",
      name: "api",
      namespace: "services",
      values: { a: 1 },
      atomic: true,
      cleanupOnFail: true,
      skipAwait: false,
      timeout: RELEASE_TIMEOUT_SECONDS,
      maxHistory: 5,
      compat: "true", // set by the SDK on every Release
    });
    assert.equal(await run.value(run.result.releaseName), "api");
  });

  it("keeps a null among the values: it removes the chart's default", async () => {
    const values = { a: { b: null }, c: [null] };
    const seen: unknown[] = [];
    // The double drops nulls, as most providers do, so this looks at what the SDK sends.
    await MockEngine.run({}, () => {
      const watch: pulumi.ResourceTransformation = ({ type, props }) => {
        if (type === RELEASE) seen.push((props as { values: unknown }).values);
        return undefined;
      };
      const args = { releaseName: "api", namespace: "services", chart: { path: "./c" }, values };
      return new ServiceRelease("services-api", args, { transformations: [watch] });
    });
    assert.deepEqual(seen, [values]);
    assert.deepEqual(await pulumi.runtime.serializeProperties("release", { values }), { values });
  });

  it("pins a chart of a repository, and one of a registry without a repository", async () => {
    const repository = {
      chart: "keda",
      version: "2.18.0",
      repository: "https://charts.example.com",
    };
    const classic = (await install({ chart: repository, timeoutSeconds: 60 })).one(RELEASE).inputs;
    assert.equal(classic.chart, "keda");
    assert.equal(classic.version, "2.18.0");
    assert.deepEqual(classic.repositoryOpts, { repo: "https://charts.example.com" });
    assert.equal(classic.timeout, 60);

    const oci = (
      await install({ chart: { chart: "oci://charts.example.com/keda", version: "2.18.0" } })
    ).one(RELEASE).inputs;
    assert.equal(oci.chart, "oci://charts.example.com/keda");
    assert.equal("repositoryOpts" in oci, false);
  });

  it("lets the release itself wait for what it depends on", async () => {
    const run = await MockEngine.run({}, () => {
      const controller = new ServiceRelease("controller", {
        releaseName: "controller",
        namespace: "kube-system",
        chart: { chart: "controller", version: "1.0.0", repository: "https://charts.example.com" },
        values: {},
      });
      const args = {
        releaseName: "api",
        namespace: "services",
        chart: { path: "./c" },
        values: {},
      };
      const dependsOn = [controller, new Marker("marker")];
      return new ServiceRelease("services-api", args, { dependsOn });
    });
    const { dependsOn } = run.one(RELEASE, "services-api").options;
    assert.ok(dependsOn.includes(run.one(RELEASE, "controller").urn));
    assert.deepEqual(run.one(RELEASE, "controller").options.dependsOn, []);
  });
});
