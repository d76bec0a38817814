import assert from "node:assert/strict";
import { MockEngine, type MockRun, type Registered } from "../../doubles/mocks";
import { runProgram } from "../../infra/program";
import type { AddonName } from "../../workloads/addons/names";
import { SERVICES } from "../../workloads/catalogue";
import { engineConfig } from "../config/checkout";
import { ProjectCopy } from "../support/project";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const APPLICATION = "kubernetes:argoproj.io/v1alpha1:Application";

/** Runs a regional stack of the checkout with more lines in its file, or in its fleet's. */
async function runRegion(
  stack: string,
  lines: { stack?: string; fleet?: string } = {},
): Promise<MockRun<unknown>> {
  const copy = new ProjectCopy();
  try {
    if (lines.stack !== undefined) copy.append(`Pulumi.${stack}.yaml`, lines.stack);
    if (lines.fleet !== undefined) copy.append("fleet/production.yaml", lines.fleet);
    return await runCopy(stack, copy);
  } finally {
    copy.remove();
  }
}

function runCopy(stack: string, { root }: ProjectCopy): Promise<MockRun<unknown>> {
  const config = engineConfig(root, stack);
  return MockEngine.run({ stack, config }, () =>
    runProgram({ projectRoot: root, allowPlaceholders: true }),
  );
}

/** Argo CD has no switch: `delivery` is. */
type Switched = Exclude<AddonName, "argo-cd">;

const turnedOff = (...names: Switched[]): { stack: string } => ({
  stack: `  multi-region-eks:addons: { ${names.map((name) => `${name}: { enabled: false }`).join(", ")} }\n`,
});

const addonReleases = (run: MockRun<unknown>): string[] =>
  run
    .of(RELEASE)
    .filter(({ name }) => name.startsWith("addons-"))
    .map(({ name }) => name.slice("addons-".length))
    .sort();

/** Without these no service of production runs; which others a region has is its config's matter. */
const CORE: AddonName[] = [
  "aws-load-balancer-controller-crds",
  "aws-load-balancer-controller",
  "metrics-server",
  "cert-manager",
  "external-secrets",
  "karpenter-crd",
  "karpenter",
  "keda",
  "vertical-pod-autoscaler-crds",
  "vertical-pod-autoscaler",
  "nvidia-device-plugin",
  "kuberay-operator-crds",
  "kuberay-operator",
];

const missingFrom = (run: MockRun<unknown>): string[] =>
  CORE.filter((name) => !addonReleases(run).includes(name));

/** URNs that a resource waits for, directly or through others. */
function waitsFor(run: MockRun<unknown>, { options }: Registered): Set<string> {
  const seen = new Set<string>();
  const visit = (urns: readonly string[]): void => {
    for (const urn of urns) {
      if (seen.has(urn)) continue;
      seen.add(urn);
      const found = run.resources.find((each) => each.urn === urn);
      if (found !== undefined) visit(found.options.dependsOn);
    }
  };
  visit(options.dependsOn);
  return seen;
}

describe("add-ons of a regional stack", () => {
  it("come up in production, all but Argo CD, before any service", async () => {
    const run = await runRegion("us-east-1");
    assert.deepEqual(missingFrom(run), []);
    assert.ok(!addonReleases(run).includes("argo-cd"));
    const addons = run.of(RELEASE).filter(({ name }) => name.startsWith("addons-"));
    for (const service of run.of(RELEASE).filter(({ name }) => name.startsWith("services-"))) {
      const before = waitsFor(run, service);
      const missing = addons.filter(({ urn }) => !before.has(urn)).map(({ name }) => name);
      assert.deepEqual(missing, [], service.name);
    }
    assert.equal(run.of(APPLICATION).length, 0);
  });

  it("leave out what the environment's profile turns off", async () => {
    const run = await runRegion("development-us-east-1");
    assert.deepEqual(missingFrom(run), ["vertical-pod-autoscaler"]);
  });

  it("come up or are refused where config turns one off, and only that one is left out", async () => {
    const whole = addonReleases(await runRegion("us-east-1"));
    const spare: string[] = [];
    for (const name of whole as Switched[]) {
      const run = await runRegion("us-east-1", turnedOff(name)).catch((error: unknown) => error);
      if (run instanceof Error) {
        const key = `Pulumi.us-east-1.yaml: addons.${name}.enabled is false\n`;
        assert.ok(run.message.startsWith(key), `${name}: ${run.message}`);
        assert.match(run.message, / needs it/, name);
        continue;
      }
      const rest = addonReleases(run as MockRun<unknown>);
      assert.deepEqual(
        rest,
        whole.filter((other) => other !== name),
      );
      spare.push(name);
    }
    assert.ok(spare.includes("reloader"));
    assert.deepEqual(
      CORE.filter((name) => spare.includes(name)),
      [],
    );
  }).timeout(180_000);

  it("take their roles away with them", async () => {
    const roles = (run: MockRun<unknown>): string[] =>
      run
        .of("aws:iam/role:Role")
        .map(({ name }) => name)
        .filter((name) => name.startsWith("addons-"));
    const copy = new ProjectCopy();
    try {
      const before = roles(await runCopy("us-east-1", copy));
      for (const { name } of SERVICES.filter(({ queue }) => queue !== undefined)) {
        const base = `workloads/values/${name}/base.yaml`;
        copy.edit(base, (text) => text.replace("mode: queue", "mode: none"));
      }
      copy.append("Pulumi.us-east-1.yaml", turnedOff("keda").stack);
      const after = roles(await runCopy("us-east-1", copy));
      assert.ok(before.includes("addons-keda-role"));
      assert.deepEqual(
        after,
        before.filter((name) => name !== "addons-keda-role"),
      );
    } finally {
      copy.remove();
    }
  });

  it("say which value of which service needs the one that is off", async () => {
    await assert.rejects(runRegion("us-east-1", turnedOff("keda")), (error: Error) =>
      error.message.includes(
        'the service media-processor needs it for autoscaling.mode: "queue" (workloads/values/media-processor/base.yaml:',
      ),
    );
  });

  it("bring Argo CD, and an Application per service, where delivery is argocd", async () => {
    const run = await runRegion("us-east-1", {
      stack: "  multi-region-eks:delivery: argocd\n",
      fleet: "delivery: { repository: https://github.com/acme/platform.git, revision: main }\n",
    });
    assert.deepEqual(missingFrom(run), []);
    assert.equal(run.of(RELEASE).filter(({ name }) => name.startsWith("services-")).length, 0);
    const argoCd = run.one(RELEASE, "addons-argo-cd");
    const applications = run.of(APPLICATION);
    assert.ok(applications.length > 0);
    for (const application of applications) {
      assert.ok(waitsFor(run, application).has(argoCd.urn), application.name);
    }
  });
});
