import { execFileSync, spawnSync } from "node:child_process";
import { leaveOut } from "./leaveOut";

/** promtool on PATH; without one, marks the tests that follow as not run here. CI installs it. */
export function promtoolOrSkip(context: Mocha.Context): string {
  const found = spawnSync("promtool", ["--version"]).error === undefined;
  return found
    ? "promtool"
    : leaveOut(context, "there is no promtool (Debian: package prometheus)");
}

/** Runs promtool; what it says is the failure's message. */
export function promtool(path: string, ...args: string[]): void {
  try {
    execFileSync(path, args, { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(" ")}\n${stdout}${stderr}`);
  }
}
