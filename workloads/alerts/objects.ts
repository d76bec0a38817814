import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AddonObject } from "../addons/addon";
import { MONITORING } from "../addons/monitoringNamespace";

/** A group of rules as Prometheus' files have it; `promtool check rules` judges what is inside. */
export interface RuleGroup {
  name: string;
  rules: Record<string, unknown>[];
}

/** Folders of rule files: by Prometheus in each region, or by Thanos Rule over all of them. */
type Scope = "region" | "fleet";

/** The regional rule files, a PrometheusRule each. */
export function regionAlerts(): AddonObject[] {
  return ruleFiles("region").map(({ name, groups }) => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: `alerts-${name}`, namespace: MONITORING.name },
    spec: { groups },
  }));
}

/** The rules over the whole fleet. */
export function fleetAlertGroups(): RuleGroup[] {
  return ruleFiles("fleet").flatMap(({ groups }) => groups);
}

function ruleFiles(scope: Scope): { name: string; groups: RuleGroup[] }[] {
  const folder = join(__dirname, scope);
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const { groups } = parse(readFileSync(join(folder, file), "utf8")) as { groups: RuleGroup[] };
      return { name: file.replace(/\.yaml$/, ""), groups };
    });
}
