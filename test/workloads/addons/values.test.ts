import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AddonName } from "../../../workloads/addons/names";
import { ADDONS } from "../../../workloads/addons/catalogue";
import { helmPath } from "../../support/helm";
import { chartData, folderOf, pinnedChart, sharedVersions } from "./chartData";
import { context, resolved } from "./sample";
import { unknownByBoth, unknownByDefaults, unknownBySchema } from "./valueKeys";

/** Maps that take keys of the user's beside those that the chart's file names, by the chart's own comments. */
const OPEN_MAPS: Partial<Record<AddonName, readonly string[]>> = {
  // argocd-cm.yaml: whatever Argo CD reads from its ConfigMap.
  "argo-cd": ["configs.cm"],
  // The mesh's config: whatever Istio reads from it.
  istiod: ["meshConfig"],
  // Grafana's own ini file.
  "kube-prometheus-stack": ["grafana.grafana.ini.analytics"],
  // minAvailable or maxUnavailable, which the values file has commented out.
  "opentelemetry-collector": ["podDisruptionBudget"],
  // minAvailable or maxUnavailable, which the values file has commented out.
  reloader: ["reloader.podDisruptionBudget"],
};

describe("values of the add-ons", () => {
  for (const addon of ADDONS) {
    const pinned = pinnedChart(addon);
    if (pinned === undefined) continue;

    it(`${addon.name}: every key is the chart's`, async function () {
      const { values, schema } = await chartData(this, pinned);
      const ours = await resolved(() => addon.values(context));
      const open = OPEN_MAPS[addon.name] ?? [];
      const unknown =
        schema === undefined
          ? unknownByDefaults(ours, values, open)
          : unknownByBoth(ours, values, schema, open);
      assert.deepEqual(unknown, []);
    });

    it(`${addon.name}: the chart's schema takes the values`, async function () {
      const { folder, schema } = await chartData(this, pinned);
      if (schema === undefined) return;
      const helm = await helmPath();
      if (helm === undefined) return this.skip();
      await judgeBySchema(helm, folder, await resolved(() => addon.values(context)));
    });
  }

  it("are for the versions whose data they are checked against", function () {
    const versions = sharedVersions();
    if (versions.size === 0) return this.skip();
    for (const addon of ADDONS) {
      const pinned = pinnedChart(addon);
      if (pinned === undefined) continue;
      assert.equal(pinned.version, versions.get(folderOf(pinned)), addon.name);
    }
  });

  it("that are misspelt or misshapen are found, by defaults and by schema", () => {
    const defaults = { a: { b: 1, c: {} }, list: [], none: null };
    const wrong = { a: { b: [1], c: { free: 1 }, d: 2 }, list: {}, none: { free: 1 }, e: 1 };
    assert.deepEqual(unknownByDefaults(wrong, defaults, []), [
      "a.b: list, not scalar",
      "a.d",
      "list: map, not list",
      "e",
    ]);
    assert.deepEqual(unknownByDefaults({ a: { d: 1 } }, defaults, ["a"]), []);
    const schema = {
      properties: {
        a: { $ref: "#/$defs/a" },
        free: { type: "object" },
        open: { properties: { x: {} }, additionalProperties: true },
      },
      $defs: { a: { properties: { b: {} } } },
    };
    assert.deepEqual(
      unknownBySchema({ a: { b: 1, c: 2 }, free: { d: 1 }, open: { y: 1 }, e: 1 }, schema, []),
      ["a.c", "e"],
    );
  });
});

/** Helm judges values by a chart's schema before it renders; the templates are not needed for that. */
async function judgeBySchema(helm: string, folder: string, values: object): Promise<void> {
  const chart = mkdtempSync(join(tmpdir(), "schema-"));
  try {
    for (const file of ["values.yaml", "values.schema.json"]) {
      cpSync(join(folder, file), join(chart, file));
    }
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: judged\nversion: 1.0.0\n");
    mkdirSync(join(chart, "templates"));
    writeFileSync(join(chart, "ours.json"), JSON.stringify(values));
    await promisify(execFile)(helm, ["template", "x", chart, "-f", join(chart, "ours.json")]);
  } finally {
    rmSync(chart, { recursive: true });
  }
}
