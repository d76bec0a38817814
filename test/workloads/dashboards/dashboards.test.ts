import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { dashboardObjects } from "../../../workloads/dashboards/objects";
import { regionAlerts, type RuleGroup } from "../../../workloads/alerts/objects";
import { promtool, promtoolOrSkip } from "../../support/promtool";

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string; datasource: { uid: string } }[];
}

interface Read {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; type: string }[] };
}

/** As Grafana's sidecar gets them: the text of each ConfigMap. */
const dashboards = dashboardObjects().map(({ data }) => {
  const [text = ""] = Object.values(data as Record<string, string>);
  return JSON.parse(text) as Read;
});

/** With every choice made: Grafana puts text in place of its variables before Prometheus sees the query. */
const chosen = (expr: string): string => expr.replaceAll(/\$(region|service)\b/g, "one|other");

describe("Dashboards", () => {
  it("are the overview, the failover and the service, found by Grafana's label", () => {
    assert.deepEqual(
      dashboards.map(({ uid }) => uid),
      ["regions-overview", "regions-failover", "regions-service"],
    );
    for (const { kind, metadata } of dashboardObjects()) {
      assert.equal(kind, "ConfigMap");
      assert.equal(metadata.namespace, "monitoring");
      assert.deepEqual(metadata.labels, { grafana_dashboard: "1" });
    }
  });

  it("show traffic, errors, latency and saturation, and gates, data and capacity", () => {
    const rows = dashboards.map(({ panels }) =>
      panels.filter(({ type }) => type === "row").map(({ title }) => title),
    );
    assert.deepEqual(rows, [
      ["Traffic", "Errors", "Latency", "Saturation"],
      ["Gates (measured in the global region)", "Data", "Capacity", "Work of homed services"],
      ["Requests", "Pods"],
    ]);
  });

  for (const { title, panels, templating } of dashboards) {
    it(`${title}: panels have ids of their own, lie apart and inside the width`, () => {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        assert.ok(x >= 0 && x + w <= 24);
        return Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`);
      });
      assert.equal(new Set(cells).size, cells.length);
    });

    it(`${title}: queries know their variables, and ask the chosen source`, () => {
      const known = new Set(templating.list.map(({ name }) => name));
      for (const { targets = [], description, type } of panels) {
        if (type !== "row") assert.ok(targets.length > 0 && description !== undefined);
        for (const { expr, datasource } of targets) {
          assert.equal(datasource.uid, "${source}");
          for (const [, name = ""] of expr.matchAll(/\$(\w+)/g)) assert.ok(known.has(name), name);
        }
      }
    });
  }

  it("have queries that parse", function () {
    const tool = promtoolOrSkip(this);
    const rules = dashboards
      .flatMap(({ panels }) => panels.flatMap(({ targets = [] }) => targets))
      .map(({ expr }, index) => ({ record: `query_${index}`, expr: chosen(expr) }));
    const folder = mkdtempSync(join(tmpdir(), "queries-"));
    try {
      const check = (name: string, own: object[]): void => {
        const file = join(folder, name);
        writeFileSync(file, stringify({ groups: [{ name: "queries", rules: own }] }));
        promtool(tool, "check", "rules", file);
      };
      check("ours.yaml", rules);
      assert.throws(() => check("wrong.yaml", [{ record: "wrong", expr: "sum by (region" }]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("use recorded series that a rule records", () => {
    const recorded = new Set(
      regionAlerts()
        .flatMap(({ spec }) => (spec as { groups: RuleGroup[] }).groups)
        .flatMap(({ rules }) => rules.map(({ record }) => record)),
    );
    const used = dashboards
      .flatMap(({ panels }) => panels.flatMap(({ targets = [] }) => targets))
      .flatMap(({ expr }) => expr.match(/\bregion:\w+(:\w+)?/g) ?? []);
    assert.ok(used.length > 0);
    for (const name of used) assert.ok(recorded.has(name), name);
  });
});
