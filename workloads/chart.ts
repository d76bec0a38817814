import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * The shared chart, as Helm releases name it: from the project's root, where the engine runs the
 * Kubernetes provider. An absolute path would differ between machines and show as a change.
 * The leading `./` makes Helm say "not found" instead of asking a repository.
 */
export const SERVICE_CHART = "./workloads/charts/service";

/**
 * SHA-256 over a chart's files, names and contents, in a fixed order. The same on every machine,
 * different after any edit of the chart.
 */
export function chartDigest(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(join(directory, file));
    // The length keeps one file's end apart from the next one's name.
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
