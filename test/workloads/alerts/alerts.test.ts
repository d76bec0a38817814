import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fleetAlertGroups, regionAlerts, type RuleGroup } from "../../../workloads/alerts/objects";
import { promtool, promtoolOrSkip } from "../../support/promtool";

const RULES = join(__dirname, "../../../workloads/alerts");

const testFiles = readdirSync(__dirname).filter((file) => file.endsWith(".test.yaml"));
const ruleFiles = ["region", "fleet"].flatMap((scope) =>
  readdirSync(join(RULES, scope)).map((file) => join(RULES, scope, file)),
);

const groups: RuleGroup[] = [
  ...regionAlerts().flatMap(({ spec }) => (spec as { groups: RuleGroup[] }).groups),
  ...fleetAlertGroups(),
];
const alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);

interface Expectation {
  alertname: string;
  exp_alerts: unknown[];
}

describe("Alert rules", () => {
  describe("by promtool", () => {
    let tool = "";
    before(function () {
      tool = promtoolOrSkip(this);
    });
    for (const file of ruleFiles) {
      it(`${file.slice(RULES.length + 1)} is well formed`, () =>
        promtool(tool, "check", "rules", file));
    }
    for (const file of testFiles) {
      it(`passes ${file}`, () => promtool(tool, "test", "rules", join(__dirname, file)));
    }
  });

  it("have a case that fires each and one that does not", () => {
    const expectations = testFiles
      .map((file) => parse(readFileSync(join(__dirname, file), "utf8")) as { tests: object[] })
      .flatMap(({ tests }) => tests as { alert_rule_test?: Expectation[] }[])
      .flatMap(({ alert_rule_test: cases = [] }) => cases);
    for (const { alert } of alerts) {
      const own = expectations.filter(({ alertname }) => alertname === alert);
      assert.ok(
        own.some(({ exp_alerts: fired }) => fired.length > 0),
        `nothing fires ${String(alert)}`,
      );
      assert.ok(
        own.some(({ exp_alerts: fired }) => fired.length === 0),
        `nothing silences ${String(alert)}`,
      );
    }
  });

  it("cover a region's health, replication, capacity, certificates and queues", () => {
    assert.deepEqual(alerts.map(({ alert }) => alert).sort(), [
      "CapacityBelowNMinus1",
      "CertificateExpiry",
      "DeadLetters",
      "InternalCertificateExpiry",
      "LongJobQueueAge",
      "QueueAge",
      "RegionAtCeiling",
      "RegionBelowFloor",
      "RegionEndpointUnhealthy",
      "RegionErrors",
      "RegionGatewayDown",
      "RegionSilent",
      "RegionUnhealthy",
      "ReplicationLag",
      "ReplicationLagBlocksPromotion",
    ]);
  });

  it("say how grave each is, what happened and what to do", () => {
    for (const { alert, labels, annotations } of alerts) {
      assert.match(
        (labels as { severity: string }).severity,
        /^(warning|critical)$/,
        String(alert),
      );
      assert.deepEqual(Object.keys(annotations as object).sort(), ["description", "summary"]);
    }
  });
});
