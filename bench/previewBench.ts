import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDoubles } from "../doubles";
import { loadFleet } from "../infra/config/load";
import { startLanguageHost, type LanguageHost } from "../rehearsal/engine/languageHost";
import { cloudOf } from "../rehearsal/run";
import type { Tool } from "../rehearsal/tools/find";
import { run } from "../rehearsal/tools/run";

/** One preview by the plain CLI. */
export interface Sample {
  /** Wall time of `pulumi preview`, s. */
  seconds: number;
  /** Wall time of the program's process in it, loading included, s. */
  programSeconds: number;
  /** Peak resident memory of the program's process, MB; the doubles are in another. */
  peakMb: number;
}

/**
 * Previews projects with the plain CLI, the way a user does: the program is loaded by the SDK's own
 * loader in a process of its own every time. Nothing is ever brought up, so each preview is a first one.
 */
export class PreviewBench {
  private readonly initialised = new Set<string>();

  private constructor(
    readonly directory: string,
    private readonly engine: Tool,
    private readonly host: LanguageHost,
    private readonly doubles: { debugProviders: string; stop(): Promise<void> },
  ) {}

  static async open(root: string, engine: Tool): Promise<PreviewBench> {
    const directory = mkdtempSync(join(tmpdir(), "multi-region-eks-bench-"));
    const host = await startLanguageHost({
      nodeArguments: ["-r", join(root, "bench", "peakMemory.js")],
      env: { PEAK_MEMORY_FILE: join(directory, "peak-memory") },
    });
    const doubles = await startDoubles(cloudOf(loadFleet(root, "production")), { real: new Set() });
    return new PreviewBench(directory, engine, host, doubles);
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
    const started = performance.now();
    await this.pulumi(project, ["preview", "-s", stack, "--client", this.host.address]);
    const seconds = (performance.now() - started) / 1000;
    const peaks = readFileSync(join(this.directory, "peak-memory"), "utf8").trim().split("\n");
    return {
      seconds,
      programSeconds: (this.host.times.at(-1) ?? NaN) / 1000,
      peakMb: Number(peaks.at(-1)) / 1024,
    };
  }

  async close(): Promise<void> {
    this.host.stop();
    await this.doubles.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async pulumi(project: string, args: readonly string[]): Promise<void> {
    // A backend for each project: the stacks of all have the same names.
    const state = `${project}-state`;
    mkdirSync(state, { recursive: true });
    const { code, stdout, stderr } = await run(
      this.engine.path,
      [...args, "-C", project, "--non-interactive"],
      {
        env: {
          ...process.env,
          PULUMI_HOME: join(this.directory, "home"),
          PULUMI_BACKEND_URL: `file://${state}`,
          PULUMI_CONFIG_PASSPHRASE: "bench",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          PULUMI_DEBUG_PROVIDERS: this.doubles.debugProviders,
        },
      },
    );
    if (code === 0) return;
    const said = (stdout + stderr + this.host.output()).slice(-3000);
    throw new Error(`pulumi ${args.join(" ")} failed in ${project}:\n${said}`);
  }
}
