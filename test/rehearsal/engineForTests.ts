import { join } from "node:path";
import type { Context } from "mocha";
import { findEngine } from "../../rehearsal/engine/findEngine";
import type { Tool } from "../../rehearsal/tools/find";
import { isExecutable } from "../../rehearsal/tools/find";
import { cachedBinary } from "../../rehearsal/tools/goBuild";

export const ROOT = join(__dirname, "..", "..");

/**
 * The Pulumi CLI that is at hand: tests neither download nor build one. Where there is none the test
 * is skipped by name; never in CI, where nothing may be left out.
 */
export async function engineOrSkip(test: Context): Promise<Tool> {
  const silent = { root: ROOT, say: () => undefined };
  const { tool } = await findEngine(silent, "path");
  if (tool !== undefined) return tool;
  if (isExecutable(cachedBinary(ROOT, "pulumi"))) {
    const built = await findEngine(silent, "go");
    if (built.tool !== undefined) return built.tool;
  }
  if (process.env.CI === "true") throw new Error("CI has no Pulumi CLI: run `npm run tools` first");
  const title = test.test;
  if (title !== undefined)
    title.title += " (skipped: no Pulumi CLI here; `npm run tools` gets one)";
  return test.skip();
}
