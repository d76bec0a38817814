import assert from "node:assert/strict";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { prepareStack } from "../../cli/stackPlan";
import { MockEngine } from "../../doubles/mocks";
import type { Registered } from "../../doubles/mocks";
import { OperatorError } from "../../infra/config/errors";
import { loadFleet } from "../../infra/config/load";
import { regionalStack } from "../../infra/stacks/regional";
import { SERVICES } from "../../workloads/catalogue";
import { chartDigest, SERVICE_CHART } from "../../workloads/chart";
import { sampleWiring } from "../../workloads/sampleWiring";
import { readReleases, type ReleasePlanArgs } from "../../workloads/releasePlan";
import { Services } from "../../workloads/services";
import { ProjectCopy } from "../support/project";

const CHECKOUT = join(__dirname, "..", "..");
const RELEASE = "kubernetes:helm.sh/v3:Release";
const fleet = loadFleet(CHECKOUT, "production");

/** What of a release's values the stack wires. */
interface Wired {
  chartDigest: string;
  global: { region: string };
  env: Record<string, string>;
}
const wiredIn = (release: Registered) => release.inputs.values as Wired;

const argsOf = (region: string, takeover: string[] = []): ReleasePlanArgs => ({
  projectRoot: CHECKOUT,
  environment: "production",
  region,
  regions: Object.keys(fleet.regions),
  services: SERVICES,
  homes: fleet.homes,
  takeover,
  wiring: sampleWiring(fleet, region, 1, SERVICES),
});

const install = (args: ReleasePlanArgs) =>
  MockEngine.run({ region: args.region }, () => {
    const provider = new k8s.Provider("cluster", { kubeconfig: "{}" });
    const nodes = new k8s.core.v1.ConfigMap("nodes", {}, { provider });
    const releases = readReleases(args);
    return new Services(
      "services",
      { releases, wiring: args.wiring },
      { provider, dependsOn: [nodes] },
    );
  });

/** A region that has neither homed services of its own nor the data. */
const region = Object.keys(fleet.regions).find(
  (each) => !Object.values(fleet.homes).includes(each),
);

describe("Services", () => {
  it("installs one release of the shared chart for each placed service, after the namespace", async () => {
    assert.ok(region);
    const run = await install(argsOf(region));
    const everywhere = SERVICES.filter(({ placement }) => placement === "everywhere");
    const expected = everywhere.map(({ name }) => name);
    assert.deepEqual([...run.result.running], expected);
    const releases = run.of(RELEASE);
    assert.deepEqual(
      releases.map(({ name }) => name).sort(),
      expected.map((name) => `services-${name}`).sort(),
    );

    const namespace = run.one("kubernetes:core/v1:Namespace");
    assert.deepEqual(namespace.inputs.metadata, {
      name: "services",
      labels: {
        "istio-injection": "enabled",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    });
    const nodes = run.one("kubernetes:core/v1:ConfigMap");
    assert.ok(namespace.options.dependsOn.includes(nodes.urn));
    for (const release of releases) {
      const { inputs, options } = release;
      assert.equal(inputs.chart, "./workloads/charts/service");
      assert.equal(inputs.namespace, "services");
      assert.equal(wiredIn(release).chartDigest, chartDigest(join(CHECKOUT, SERVICE_CHART)));
      assert.equal(wiredIn(release).global.region, region);
      assert.ok(options.dependsOn.includes(namespace.urn));
    }
    const providers = new Set(releases.map(({ options }) => options.provider));
    assert.equal(providers.size, 1);
    assert.match([...providers][0] ?? "", /pulumi:providers:kubernetes::cluster::/);
  });

  it("adds what another region was home to when it is taken over", async () => {
    assert.ok(region);
    const home = Object.values(fleet.homes)[0] ?? "";
    const homed = Object.keys(fleet.homes).filter((name) => fleet.homes[name] === home);
    const before = await install(argsOf(region));
    const after = await install(argsOf(region, [home]));
    const added = after.result.running.filter((name) => !before.result.running.includes(name));
    assert.deepEqual(added.sort(), homed.sort());
  });

  it("passes what only the stack knows through as outputs", async () => {
    assert.ok(region);
    const args = argsOf(region);
    const late = pulumi.output("late.example.com");
    args.wiring = { ...args.wiring, database: { ...args.wiring.database, writerEndpoint: late } };
    const run = await install(args);
    assert.equal(
      wiredIn(run.one(RELEASE, "services-api")).env.DATABASE_WRITER_HOST,
      "late.example.com",
    );
  });

  it("stops the stack before it registers anything when a values file is wrong", async () => {
    const copy = new ProjectCopy();
    try {
      copy.write("workloads/values/api/production/eu-west-9.yaml", "{}\n");
      const prepared = prepareStack(copy.root, "us-east-1");
      assert.ok(prepared.kind === "regional");
      const run = await MockEngine.run({ stack: "us-east-1" }, () =>
        regionalStack(prepared.context, SERVICES).catch((error: unknown) => error),
      );
      assert.ok(run.result instanceof OperatorError);
      assert.equal(run.result.details.key, "workloads/values/api/production/eu-west-9.yaml");
      assert.deepEqual(run.resources, []);
    } finally {
      copy.remove();
    }
  });
});
