import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "./api";

interface CrdSpec {
  group: string;
  names: { kind: string };
  versions: { name: string }[];
}

/**
 * CRDs of third-party charts, from a folder with a folder a chart (`<chart>/crds/*.yaml`). Descriptions
 * are left out: they are three quarters of the text, and no API server judges by them.
 */
export class CrdLibrary {
  private readonly charts = new Map<string, KubeObject[]>();

  /**
   * @param folder undefined when there is none.
   * @param cache where parsed files are kept: megabytes of YAML take seconds to parse.
   */
  constructor(
    private readonly folder: string | undefined,
    private readonly cache: string,
  ) {}

  /** CRDs of a chart, by its name in its repository; undefined when the folder has none of it. */
  ofChart(chart: string): KubeObject[] | undefined {
    const name = chart.split("/").at(-1) ?? chart;
    // karpenter-crd installs karpenter's; Istio's charts are called `base`, `cni` in their repository.
    const folder = [name, name.replace(/-crds?$/, ""), `istio-${name}`].find((each) =>
      this.has(each),
    );
    return folder === undefined ? undefined : this.load(folder);
  }

  /** The CRD of that name, such as `rayclusters.ray.io`. */
  named(name: string): KubeObject | undefined {
    return this.find((crd) => crd.metadata.name === name);
  }

  /** The CRD that brings a kind, and the chart that it is of. */
  ofKind(apiVersion: string, kind: string): { crd: KubeObject; chart: string } | undefined {
    for (const chart of this.chartNames()) {
      const crd = this.load(chart).find((each) => brings(each, apiVersion, kind));
      if (crd !== undefined) return { crd, chart };
    }
    return undefined;
  }

  private find(wanted: (crd: KubeObject) => boolean): KubeObject | undefined {
    for (const chart of this.chartNames()) {
      const crd = this.load(chart).find(wanted);
      if (crd !== undefined) return crd;
    }
    return undefined;
  }

  private chartNames(): string[] {
    if (this.folder === undefined) return [];
    return readdirSync(this.folder).filter((name) => this.has(name));
  }

  private has(chart: string): boolean {
    return this.folder !== undefined && existsSync(join(this.folder, chart, "crds"));
  }

  private load(chart: string): KubeObject[] {
    const known = this.charts.get(chart);
    if (known !== undefined) return known;
    const directory = join(this.folder ?? "", chart, "crds");
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.ya?ml$/.test(file))
      .sort();
    const crds = this.cached(files.map((file) => readFileSync(join(directory, file), "utf8")));
    this.charts.set(chart, crds);
    return crds;
  }

  private cached(texts: readonly string[]): KubeObject[] {
    const digest = createHash("sha256").update(texts.join("\0")).digest("hex");
    const file = join(this.cache, `${digest}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as KubeObject[];
    const crds = texts.flatMap(crdsOf);
    mkdirSync(this.cache, { recursive: true });
    writeFileSync(file, JSON.stringify(crds));
    return crds;
  }
}

/** The CRDs in a YAML text, without descriptions and without fields that only a running controller fills. */
export function crdsOf(text: string): KubeObject[] {
  return objectsOf(text)
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map((crd) => {
      const { apiVersion, kind, metadata, spec } = crd;
      const { name, annotations, labels } = metadata;
      const bare = withoutConversion(spec as Record<string, unknown>);
      return {
        apiVersion,
        kind,
        metadata: { name, annotations, labels },
        spec: withoutDescriptions(bare),
      };
    });
}

/** The objects of a YAML text with any number of documents. */
export function objectsOf(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

function brings(crd: KubeObject, apiVersion: string, kind: string): boolean {
  const { group, names, versions } = crd.spec as CrdSpec;
  return names.kind === kind && versions.some(({ name }) => `${group}/${name}` === apiVersion);
}

/** A conversion webhook is a controller's, which does not run here. */
function withoutConversion(spec: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => key !== "conversion"));
}

/** A `description` that is a string is one; a property of that name is an object. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => key !== "description" || typeof entry !== "string")
      .map(([key, entry]) => [key, withoutDescriptions(entry)]),
  );
}
