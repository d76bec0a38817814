import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ADDONS } from "../../../workloads/addons/catalogue";
import { pinnedChart } from "./chartData";
import { ROOT } from "./sample";

interface Renovate {
  customManagers: { managerFilePatterns: string[]; matchStrings: string[] }[];
  packageRules: { groupName?: string; matchPackageNames: string[] }[];
}

const renovate = JSON.parse(readFileSync(join(ROOT, "renovate.json"), "utf8")) as Renovate;

/** Versions that the regex managers find in the files of a folder. */
function found(folder: string): Map<string, string> {
  const versions = new Map<string, string>();
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /\.(ts|yaml)$/.test(name))) {
    const path = `${folder}/${file}`;
    const text = readFileSync(join(ROOT, path), "utf8");
    for (const { managerFilePatterns, matchStrings } of renovate.customManagers) {
      const applies = managerFilePatterns.some((each) => new RegExp(each.slice(1, -1)).test(path));
      if (!applies) continue;
      for (const { groups } of matchStrings.flatMap((each) => [
        ...text.matchAll(new RegExp(each, "g")),
      ])) {
        versions.set(groups?.["depName"] ?? "", groups?.["currentValue"] ?? "");
      }
    }
  }
  return versions;
}

describe("Renovate", () => {
  it("finds the version of every add-on's chart", () => {
    const versions = new Set(found("workloads/addons").values());
    for (const addon of ADDONS) {
      const pinned = pinnedChart(addon);
      if (pinned !== undefined)
        assert.ok(versions.has(pinned.version), `${addon.name} ${pinned.version}`);
    }
  });

  it("tells classic repositories from registries", () => {
    const versions = found("workloads/addons");
    assert.equal(versions.get("keda"), "2.20.2");
    assert.equal(versions.get("quay.io/jetstack/charts/cert-manager"), "v1.21.1");
    assert.equal(versions.get("public.ecr.aws/karpenter/karpenter"), "1.14.1");
    assert.equal(found("workloads/charts/crd-apply").get("registry.k8s.io/kubectl"), "v1.34.2");
  });

  it("raises SDK, launcher and the engine's Go module together", () => {
    const group = renovate.packageRules.find(({ groupName }) => groupName === "Pulumi SDK and CLI");
    assert.deepEqual(group?.matchPackageNames, [
      "@pulumi/pulumi",
      "pulumi",
      "github.com/pulumi/pulumi/**",
    ]);
  });
});
