import assert from "node:assert/strict";
import { MockEngine, type MockRun, type Registered } from "../../doubles/mocks";
import { runProgram } from "../../infra/program";
import { ADDON_NAMES, type AddonName } from "../../workloads/addons/names";
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
    const config = engineConfig(copy.root, stack);
    return await MockEngine.run({ stack, config }, () =>
      runProgram({ projectRoot: copy.root, allowPlaceholders: true }),
    );
  } finally {
    copy.remove();
  }
}

const turnedOff = (...names: AddonName[]): { stack: string } => ({
  stack: `  multi-region-eks:addons: { ${names.map((name) => `${name}: { enabled: false }`).join(", ")} }\n`,
});

const addonReleases = (run: MockRun<unknown>): string[] =>
  run
    .of(RELEASE)
    .filter(({ name }) => name.startsWith("addons-"))
    .map(({ name }) => name.slice("addons-".length))
    .sort();

const all = ADDON_NAMES.filter((name) => name !== "argo-cd").sort();

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
    assert.deepEqual(addonReleases(run), all);
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
    assert.deepEqual(
      addonReleases(run),
      all.filter((name) => name !== "vertical-pod-autoscaler"),
    );
  });
});
