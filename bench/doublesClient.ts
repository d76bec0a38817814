import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

/** The doubles in a process of their own (doublesProcess.ts). */
export class DoublesClient {
  private constructor(
    /** Value of PULUMI_DEBUG_PROVIDERS. */
    readonly debugProviders: string,
    private readonly child: ChildProcess,
    private readonly answers: Interface,
  ) {}

  static async start(root: string): Promise<DoublesClient> {
    const script = join(root, "bench", "doublesProcess.ts");
    const child = spawn(process.execPath, ["-r", "ts-node/register", script], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const answers = createInterface({ input: child.stdout });
    return new DoublesClient(await nextLine(answers), child, answers);
  }

  /** CPU time that the doubles took so far, s. */
  async cpuSeconds(): Promise<number> {
    const answer = nextLine(this.answers);
    this.child.stdin?.write("\n");
    return Number(await answer) / 1000;
  }

  stop(): void {
    this.child.stdin?.end();
  }
}

function nextLine(lines: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error("the doubles' process ended"));
    lines.once("close", ended);
    lines.once("line", (line) => {
      lines.off("close", ended);
      resolve(line);
    });
  });
}
