import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchTable, runBench } from "../bench/bench";
import { ENGINE_REMEDIES, findEngine } from "../rehearsal/engine/findEngine";

const USAGE = `npm run bench -- [--runs <n>] [--json] [--strict]

Times \`pulumi preview\` on the real engine over provider doubles: the regional stack against an empty
program, and the growth with regions and services. Medians of --runs rounds, 5 by default, interleaved;
the doubles run in a process of their own. With --strict a budget that is not kept makes the command fail.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
      strict: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const runs = Number(values.runs);
  if (values.help || !Number.isInteger(runs) || runs < 1) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const say = (line: string): void => console.error(line);
  const root = join(__dirname, "..");
  const { tool, refusals } = await findEngine({ root, say });
  if (tool === undefined) {
    say(["No Pulumi CLI:", ...refusals, "Either:", ...ENGINE_REMEDIES].join("\n  "));
    return 1;
  }
  const result = await runBench({ root, engine: tool, runs, say });
  console.log(values.json ? JSON.stringify(result, undefined, 2) : benchTable(result));
  return values.strict && result.budgets.some(({ ok }) => !ok) ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
