import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { onPath } from "../tools/find";

/** Every process that is running; none may outlive this one. */
const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A program that serves until it is stopped. Its output goes to a log file. */
export class ServerProcess {
  private child: ChildProcess | undefined;

  constructor(
    readonly name: string,
    private readonly path: string,
    private readonly args: readonly string[],
    private readonly log: string,
  ) {}

  get alive(): boolean {
    return this.child !== undefined;
  }

  start(): void {
    const log = openSync(this.log, "a");
    const [command, args] = dyingWithUs(this.path, this.args);
    // Its own process group: a terminal's Ctrl-C goes to us, and we stop it in order.
    const child = spawn(command, args, {
      stdio: ["ignore", log, log],
      detached: true,
      env: { ...process.env, ...FRUGAL },
    });
    closeSync(log);
    this.child = child;
    running.add(child);
    const gone = (): void => {
      running.delete(child);
      if (this.child === child) this.child = undefined;
    };
    child.on("exit", gone);
    child.on("error", gone);
  }

  /** Ends it and waits until it is gone. SIGKILL is how a crash looks like. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const impatient = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await gone;
    clearTimeout(impatient);
  }

  /** The end of what it said, for an error message. */
  lastWords(): string {
    try {
      return readFileSync(this.log, "utf8").trim().split("\n").slice(-5).join("\n");
    } catch {
      return "it said nothing";
    }
  }
}

const STOP_MS = 3000;

/**
 * Go's collector on a shorter leash: an API server with a hundred CRDs otherwise takes 900 MB, with it
 * 700. (A hard GOMEMLIMIT below what they need made a run three times as long.)
 */
const FRUGAL = { GOGC: "50" };

/** Linux can end a child with its parent even when that is killed without a chance to clean up. */
function dyingWithUs(path: string, args: readonly string[]): [string, string[]] {
  const setpriv = process.platform === "linux" ? onPath("setpriv") : undefined;
  if (setpriv === undefined) return [path, [...args]];
  return [setpriv, ["--pdeathsig", "KILL", "--", path, ...args]];
}

/** Ports that nothing listens on; held together until all are known, so that no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
