import { spawn } from "node:child_process";

export interface RunResult {
  /** Exit code; null when the process was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** The time limit ended it. */
  timedOut: boolean;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the process and its children are killed; none when left out. */
  timeoutMs?: number;
  /** Ends the process and its children when aborted. */
  signal?: AbortSignal;
  /** What ends them; SIGTERM when left out. */
  killSignal?: "SIGTERM" | "SIGKILL";
}

/**
 * Runs a program without a shell and collects what it says. A program that cannot be started gives
 * code 127 and the reason on stderr, as a shell does. Children go with it: it leads its own group.
 */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    let stdout = "";
    let stderr = "";
    let timedOut = false;
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));

    const kill = (): void => {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        if (process.platform === "win32") child.kill();
        else process.kill(-child.pid, options.killSignal ?? "SIGTERM");
      } catch {
        // It ended between the question and the signal.
      }
    };
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            kill();
          }, options.timeoutMs);
    options.signal?.addEventListener("abort", kill, { once: true });
    if (options.signal?.aborted === true) kill();

    const finish = (code: number | null): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", kill);
      resolve({ code, stdout, stderr, timedOut });
    };
    child.on("error", (error) => {
      stderr += error.message;
      finish(127);
    });
    child.on("close", finish);
  });
}
