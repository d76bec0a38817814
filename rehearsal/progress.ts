import type { OperationResult } from "./engine/stackRunner";

/** Seconds between two signs of life of a long operation. */
const HEARTBEAT_MS = 10_000;

/** One operation's line. */
export interface OperationLine {
  /** Resources done so far. */
  count(done: number): void;
  /** Ends the line; `expectation` says that a failure was wanted. */
  end(result: OperationResult, expectation?: string): void;
  /** Ends it without a word: the run was interrupted. */
  drop(): void;
}

/** Plain lines, one an operation, that read the same on a terminal, in a log and in CI. */
export class Progress {
  constructor(
    private readonly write: (line: string) => void,
    private readonly stackWidth: number,
  ) {}

  /** Something that is no operation. */
  note(text: string): void {
    this.write(text);
  }

  start(stack: string, operation: string): OperationLine {
    const label = `${stack.padEnd(this.stackWidth)}  ${operation.padEnd(8)}`;
    const started = performance.now();
    let resources = 0;
    const heartbeat = setInterval(() => {
      const seconds = Math.round((performance.now() - started) / 1000);
      this.write(`${label} … ${resources} resources, ${seconds} s`);
    }, HEARTBEAT_MS);
    return {
      count: (done) => {
        resources = done;
      },
      drop: () => clearInterval(heartbeat),
      end: (result, expectation) => {
        clearInterval(heartbeat);
        this.write(
          `${label} ${outcome(result, expectation).padEnd(40)} ${result.seconds.toFixed(1)} s`,
        );
      },
    };
  }
}

function outcome({ errors, changes, operation }: OperationResult, expectation?: string): string {
  if (errors.length > 0) return expectation ?? "FAILED";
  const counts = Object.entries(changes).filter(([, n]) => n > 0);
  const changed = counts.filter(([op]) => op !== "same");
  if (changed.length === 0) return operation === "preview" ? "no changes" : "nothing to do";
  return counts.map(([op, n]) => `${n} ${op}`).join(", ");
}
