import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { OperatorError } from "../infra/config/errors";
import type { Values } from "./layers";

/** A release as Helm would get it. */
export interface RenderArgs {
  /** Path of a Helm 3 binary. */
  helm: string;
  release: string;
  namespace: string;
  /** Directory of the chart. */
  chart: string;
  values: Values;
  /** Kubernetes version that the chart is told, such as `1.34`; default Helm's own. */
  kubeVersion?: string;
}

/** One object of a release, in a file of its own. */
export interface RenderedObject {
  /** Stable file name from kind and name, such as `deployment-api.yaml`. */
  file: string;
  /** The object as YAML, as Helm printed it. */
  text: string;
}

/**
 * The objects that a release installs, by `helm template`; ordered by file name.
 *
 * @throws OperatorError with Helm's message when the chart refuses the values.
 */
export async function renderRelease(args: RenderArgs): Promise<RenderedObject[]> {
  const folder = await mkdtemp(join(tmpdir(), "render-"));
  try {
    const values = join(folder, "values.json");
    await writeFile(values, JSON.stringify(args.values));
    return splitManifest(await template(args, values));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function template(args: RenderArgs, values: string): Promise<string> {
  const { helm, release, namespace, chart, kubeVersion } = args;
  const flags = ["--namespace", namespace, "--values", values, "--include-crds", "--skip-tests"];
  if (kubeVersion !== undefined) flags.push("--kube-version", kubeVersion);
  return new Promise((resolve, reject) => {
    const child = spawn(helm, ["template", release, chart, ...flags]);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(refusedByChart(release, stderr));
    });
  });
}

function refusedByChart(release: string, stderr: string): OperatorError {
  return new OperatorError({
    key: `release ${release}`,
    rule: `the chart takes its values: ${stderr.trim()}`,
    fix: `see where each value comes from with: npm run values -- <stack> ${release}`,
  });
}

/** Splits what `helm template` prints into objects with stable file names. */
export function splitManifest(manifest: string): RenderedObject[] {
  // Helm puts `---` before each object; inside one it can only stand indented.
  const objects = manifest
    .split(/^---$/m)
    .map((text) => text.replace(/^\s*# Source: .*\n/, "").trim())
    .filter((text) => text.replaceAll(/^\s*#.*$/gm, "").trim() !== "")
    .map((text) => ({ text: `${text}\n`, ...identify(text) }));
  const shared = new Set(
    objects.map(({ short }) => short).filter((short, at, all) => all.indexOf(short) !== at),
  );
  return objects
    .map(({ text, short, long }) => ({ file: shared.has(short) ? long : short, text }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** File names of an object; the long one keeps objects of the same kind and name apart. */
function identify(text: string): { short: string; long: string } {
  const object = parse(text) as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  const { name, namespace = "" } = object.metadata;
  const kind = object.kind.toLowerCase();
  const group = object.apiVersion.replace(/\/?[^/]*$/, "");
  const file = (...parts: string[]) =>
    // Names of RBAC objects may hold colons, which some file systems refuse.
    `${parts.filter((part) => part !== "").join("-")}.yaml`.replaceAll(/[^A-Za-z0-9.-]/g, "_");
  return { short: file(kind, name), long: file(kind, group, namespace, name) };
}
