import { join } from "node:path";
import { OperatorError } from "../infra/config/errors";

/** The checkout that the commands work on. */
export const CHECKOUT = join(__dirname, "..");

/** The command line is not one that the command understands. */
export class UsageError extends Error {}

/** Where a command writes: `out` is its result, `say` its progress. */
export interface Terminal {
  out: (text: string) => void;
  say: (line: string) => void;
}

/** A command: reads its arguments, does its work. */
export type Command = (argv: readonly string[], terminal: Terminal) => Promise<void> | void;

/**
 * Runs a command as a process: usage on `--help`; one clear message and exit code 1 on an operator's
 * mistake; exit code 2 and the usage when the command line is wrong.
 */
export async function runCommand(usage: string, command: Command): Promise<void> {
  const argv = process.argv.slice(2);
  // A reader such as `head` may close the pipe early; that is no failure.
  process.stdout.on("error", () => process.exit());
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(usage);
    return;
  }
  try {
    await command(argv, {
      out: (text) => process.stdout.write(text),
      say: (line) => process.stderr.write(`${line}\n`),
    });
  } catch (error) {
    if (isUsageError(error)) {
      process.stderr.write(`${error.message}\n\n${usage}`);
      process.exitCode = 2;
    } else if (error instanceof OperatorError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

/** A usage error of ours or of node's parseArgs. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return (
    error instanceof TypeError &&
    "code" in error &&
    String(error.code).startsWith("ERR_PARSE_ARGS_")
  );
}

/** Lines of text in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  }
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}
