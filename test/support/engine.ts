import { join } from "node:path";
import type { Context } from "mocha";
import { findEngine } from "../../rehearsal/engine/findEngine";
import type { Tool } from "../../rehearsal/tools/find";
import { isExecutable } from "../../rehearsal/tools/find";
import { cachedBinary } from "../../rehearsal/tools/goBuild";
import { leaveOut } from "./leaveOut";

export const ROOT = join(__dirname, "..", "..");

/**
 * The Pulumi CLI that is at hand: tests neither download nor build one. Where there is none the test
 * is left out.
 */
export async function engineOrSkip(test: Context): Promise<Tool> {
  const silent = { root: ROOT, say: () => undefined };
  const { tool } = await findEngine(silent, "path");
  if (tool !== undefined) return tool;
  if (isExecutable(cachedBinary(ROOT, "pulumi"))) {
    const built = await findEngine(silent, "go");
    if (built.tool !== undefined) return built.tool;
  }
  return leaveOut(test, "there is no Pulumi CLI (`npm run tools` gets one)");
}
