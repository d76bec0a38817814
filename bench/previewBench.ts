import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLanguageHost, type LanguageHost } from "../rehearsal/engine/languageHost";
import type { Tool } from "../rehearsal/tools/find";
import { run } from "../rehearsal/tools/run";
import { DoublesClient } from "./doublesClient";

/** One preview by the plain CLI, or the sum of several. */
export interface Sample {
  /** Wall time of `pulumi preview`, s. */
  seconds: number;
  /** CPU time of the three processes, user and system, s: what a busy machine does not blur. */
  cpu: { engine: number; program: number; doubles: number };
  /** Peak resident memory of the program's process, MB. */
  peakMb: number;
  /** How many resources the preview would create. */
  resources: number;
}

/**
 * Runs the CLI and has the shell print its CPU time after what it says, for Node.js tells nothing of a
 * child's: `times` prints the shell's own and, on the second line, its children's.
 */
const TIMED = `"$@"; code=$?; times; exit $code`;

/**
 * Previews projects with the plain CLI, the way a user does: the program is loaded by the SDK's own
 * loader in a process of its own every time, the doubles run in another. Nothing is ever brought up, so
 * each preview is a first one.
 */
export class PreviewBench {
  private readonly initialised = new Set<string>();

  private constructor(
    readonly directory: string,
    private readonly engine: Tool,
    private readonly host: LanguageHost,
    private readonly doubles: DoublesClient,
  ) {}

  static async open(root: string, engine: Tool): Promise<PreviewBench> {
    const directory = mkdtempSync(join(tmpdir(), "multi-region-eks-bench-"));
    const host = await startLanguageHost({
      nodeArguments: ["-r", join(root, "bench", "resourceUse.js")],
      env: { RESOURCE_USE_FILE: join(directory, "resource-use") },
    });
    return new PreviewBench(directory, engine, host, await DoublesClient.start(root));
  }

  /** Where a project of this name is to be written. */
  projectDirectory(name: string): string {
    return join(this.directory, name);
  }

  /**
   * Previews one stack.
   *
   * @throws Error with what the CLI said when the preview fails.
   */
  async preview(project: string, stack: string): Promise<Sample> {
    if (!this.initialised.has(project + stack)) {
      await this.pulumi(project, ["stack", "init", stack]);
      this.initialised.add(project + stack);
    }
    const doublesBefore = await this.doubles.cpuSeconds();
    const started = performance.now();
    const said = await this.pulumi(project, [
      ...["preview", "-s", stack, "--client", this.host.address],
    ]);
    const seconds = (performance.now() - started) / 1000;
    const doubles = (await this.doubles.cpuSeconds()) - doublesBefore;
    const uses = readFileSync(join(this.directory, "resource-use"), "utf8").trim().split("\n");
    const [programMicroseconds = NaN, peakKb = NaN] = (uses.at(-1) ?? "").split(" ").map(Number);
    return {
      seconds,
      cpu: { engine: childrenSeconds(said), program: programMicroseconds / 1e6, doubles },
      peakMb: peakKb / 1024,
      resources: Number(/\+ (\d+) to create/.exec(said)?.[1] ?? NaN),
    };
  }

  close(): void {
    this.host.stop();
    this.doubles.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async pulumi(project: string, args: readonly string[]): Promise<string> {
    // A backend for each project: the stacks of all have the same names.
    const state = `${project}-state`;
    mkdirSync(state, { recursive: true });
    const command = [this.engine.path, ...args, "-C", project, "--non-interactive"];
    const { code, stdout, stderr } = await run("/bin/sh", ["-c", TIMED, "sh", ...command], {
      env: {
        ...process.env,
        PULUMI_HOME: join(this.directory, "home"),
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: this.doubles.debugProviders,
      },
    });
    if (code === 0) return stdout;
    const said = (stdout + stderr + this.host.output()).slice(-3000);
    throw new Error(`pulumi ${args.join(" ")} failed in ${project}:\n${said}`);
  }
}

/** User and system time on the last line of what `times` printed: `0m1.230s 0m0.120s`. */
export function childrenSeconds(said: string): number {
  const last = said.trim().split("\n").at(-1) ?? "";
  const times = [...last.matchAll(/(\d+)m([\d.]+)s/g)];
  if (times.length !== 2) return NaN;
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}
