import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { parse, parseAllDocuments } from "yaml";
import type { Addon } from "../../../workloads/addons/addon";
import { helmPath } from "../../support/helm";
import { leaveOut } from "../../support/leaveOut";
import type { Schema } from "../chart/structural";
import { isMap, type ChartSchema } from "./valueKeys";

const ROOT = join(__dirname, "..", "..", "..");

/** Data files of third-party charts beside the checkout, where there are any. */
const SHARED = join(ROOT, "..", "shared", "charts");
const PULLED = join(ROOT, ".cache", "charts");

/** Folders that are not named like the chart. */
const FOLDERS: Readonly<Record<string, string>> = {
  base: "istio-base",
  cni: "istio-cni",
  gateway: "istio-gateway",
  ztunnel: "istio-ztunnel",
  thanos: "thanos-stevehipwell",
};

export interface ChartData {
  folder: string;
  values: Record<string, unknown>;
  schema?: ChartSchema;
}

interface Pinned {
  chart: string;
  version: string;
  repository?: string;
}

/** The pinned chart of an add-on, undefined for one of ours. */
export function pinnedChart({ chart }: Addon): Pinned | undefined {
  return "path" in chart ? undefined : chart;
}

/**
 * Values, and schema where it has one, of a pinned chart: from the shared folder, else pulled by Helm
 * (once per version). Without either the test is left out by name, which CI does not accept.
 */
export async function chartData(context: Mocha.Context, pinned: Pinned): Promise<ChartData> {
  const name = basename(pinned.chart);
  const shared = join(SHARED, FOLDERS[name] ?? name);
  if (existsSync(shared)) return withSubcharts(name, read(shared));
  const helm = await helmPath();
  if (helm === undefined || unreachable) return leaveOut(context, NO_CHARTS);
  try {
    return withSubcharts(name, read(await pull(context, helm, name, pinned)));
  } catch (error) {
    // Where one repository cannot be reached the others are not asked: each takes Helm seconds to give up.
    unreachable = process.env["CI"] !== "true";
    return leaveOut(context, `${NO_CHARTS} (${String(error).split("\n")[0]})`);
  }
}

const NO_CHARTS =
  "there is neither ../shared/charts nor a Helm that reaches the chart repositories";
let unreachable = false;

/** Charts inside a chart whose values we set, by their key. Without their data their keys are unknown. */
const SUBCHARTS: Readonly<Record<string, readonly string[]>> = {
  "kube-prometheus-stack": ["grafana"],
};

/** A subchart's values under the chart's own for it, as Helm has them. */
function withSubcharts(name: string, data: ChartData): ChartData {
  const values = { ...data.values };
  for (const key of SUBCHARTS[name] ?? []) {
    const folders = [join(data.folder, "charts", key), join(SHARED, key)];
    const folder = folders.find((each) => existsSync(join(each, "values.yaml")));
    if (folder !== undefined) values[key] = merged(read(folder).values, values[key]);
  }
  return { ...data, values };
}

function merged(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over === undefined ? under : over;
  const keys = Object.keys({ ...under, ...over });
  return Object.fromEntries(keys.map((key) => [key, merged(under[key], over[key])]));
}

async function pull(
  context: Mocha.Context,
  helm: string,
  name: string,
  { chart, version, repository }: Pinned,
): Promise<string> {
  const folder = join(PULLED, `${name}-${version}`);
  if (existsSync(folder)) return join(folder, name);
  context.timeout(120_000);
  mkdirSync(PULLED, { recursive: true });
  const from = repository === undefined ? [] : ["--repo", repository];
  const flags = ["--version", version, "--untar", "--untardir", folder];
  await promisify(execFile)(helm, ["pull", chart, ...from, ...flags], { timeout: 100_000 });
  return join(folder, name);
}

function read(folder: string): ChartData {
  const schema = join(folder, "values.schema.json");
  const values = parse(readFileSync(join(folder, "values.yaml"), "utf8"), {
    merge: true,
    maxAliasCount: -1,
  }) as Record<string, unknown> | null;
  return {
    folder,
    // Istio's charts: users set the keys inside, without the prefix (shared charts, README).
    values: (values?.["_internal_defaults_do_not_set"] ?? values ?? {}) as Record<string, unknown>,
    schema: existsSync(schema)
      ? (JSON.parse(readFileSync(schema, "utf8")) as ChartSchema)
      : undefined,
  };
}

/** Version of each folder as the table in the shared README states it; releases stamp some charts' own. */
export function sharedVersions(): ReadonlyMap<string, string> {
  const readme = join(SHARED, "README.md");
  if (!existsSync(readme)) return new Map();
  const rows = readFileSync(readme, "utf8").matchAll(
    /^\| (?<folder>[a-z0-9-]+) \| (?<version>v?\d\S*)/gm,
  );
  return new Map(
    [...rows].map(({ groups }) => [groups?.["folder"] ?? "", groups?.["version"] ?? ""]),
  );
}

export const folderOf = ({ chart }: Pinned): string => FOLDERS[basename(chart)] ?? basename(chart);

/** Schemas of every CRD in the shared folder, by `<group>/<version>/<kind>`. */
export function crdSchemas(): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>();
  if (!existsSync(SHARED)) return found;
  for (const chart of readdirSync(SHARED)) {
    const folder = join(SHARED, chart, "crds");
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder)) {
      for (const crd of readCrds(join(folder, file))) addVersions(found, crd);
    }
  }
  return found;
}

interface Crd {
  kind: string;
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean; schema?: { openAPIV3Schema: Schema } }[];
  };
}

export function readCrds(path: string): Crd[] {
  return parseAllDocuments(readFileSync(path, "utf8"))
    .map((document) => document.toJS() as Crd | null)
    .filter((crd): crd is Crd => crd?.kind === "CustomResourceDefinition");
}

function addVersions(found: Map<string, Schema>, { spec }: Crd): void {
  for (const { name, served, schema } of spec.versions) {
    if (!served || schema === undefined) continue;
    const { openAPIV3Schema } = schema;
    found.set(`${spec.group}/${name}/${spec.names.kind}`, {
      ...openAPIV3Schema,
      properties: {
        ...openAPIV3Schema.properties,
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    });
  }
}
