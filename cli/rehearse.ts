import { join } from "node:path";
import { OperatorError } from "../infra/config/errors";
import { parseRehearseArguments, USAGE } from "../rehearsal/arguments";
import { drillText } from "../rehearsal/drill/report";
import { routeTable, stackTable, type Report } from "../rehearsal/report";
import { run } from "../rehearsal/run";

/** What a shell reports for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

void main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new Error("interrupted"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  try {
    const args = parseRehearseArguments(argv);
    if (args.help) return print(USAGE);
    const say = args.json ? (line: string) => console.error(line) : print;
    const root = join(__dirname, "..");
    const report = await run(args, { root, say, signal: interrupt.signal });
    print(args.json ? JSON.stringify(report, undefined, 2) : describe(report));
    process.exitCode = report.ok ? 0 : 1;
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.error("interrupted: the servers are stopped and the sandbox is removed");
      process.exitCode = INTERRUPTED;
    } else {
      console.error(error instanceof OperatorError ? error.message : error);
      process.exitCode = 1;
    }
  }
  // gRPC keeps sockets of a cancelled engine open; all that must be cleaned up is by now.
  process.exit();
}

function print(text: string): void {
  console.log(text);
}

function describe(report: Report): string {
  const verdict = report.ok
    ? `ok: ${report.stacks.length} stacks of ${report.environment}, ${report.seconds.toFixed(0)} s, engine: ${report.engine}`
    : `NOT OK, ${report.surprises.length} surprises:\n${report.surprises.join("\n")}`;
  const routed = report.routes.some(({ answers }) => answers.some(({ A }) => A !== undefined));
  return [
    "",
    stackTable(report.stacks),
    ...(routed ? ["", routeTable(report.routes)] : []),
    ...(report.drill === undefined ? [] : ["", drillText(report.drill)]),
    "",
    verdict,
  ].join("\n");
}
