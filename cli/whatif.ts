import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { OperatorError } from "../infra/config/errors";
import { oneOf } from "../infra/config/wording";
import { regionsOf } from "../infra/failover/fleetFiles";
import { whatIf } from "../infra/failover/whatIf";
import { SERVICES } from "../workloads/catalogue";
import { CHECKOUT, type Command, runCommand, UsageError } from "./command";
import { environmentOf, readLastCommit, readWithEdits, verdictOn } from "./fleetQuestion";
import { readFleetFiles } from "../edits/fleetFiles";
import { editedFiles, parseSet } from "../edits/stackEdits";
import { asPage } from "./whatIf/page";
import { asText, verdictText } from "./whatIf/report";

const USAGE = `npm run whatif -- [--down <region>]… [--set <stack>.<key>=<value>]… [options]

Where each part of the world goes, with what load, which service runs where, who is the writer, and
after how long, by the stack files of this checkout. Asks no cloud and changes nothing.

  --down <region>        nothing of this region answers; may be repeated
  --set <edit>           as if a stack file said so; may be repeated. The value is YAML, none takes the
                         key out: global.regions.us-east-1.traffic=drained, eu-west-1.takeover=[us-east-1]
  --environment <name>   default production
  --json                 everything, for a program
  --html <file>          writes a page with a map as well
`;

/** The command, for a checkout. */
export function whatIfCommand(projectRoot: string): Command {
  return async (argv, terminal) => {
    const { values: flags, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        down: { type: "string", multiple: true, default: [] },
        set: { type: "string", multiple: true, default: [] },
        environment: { type: "string", default: "production" },
        json: { type: "boolean", default: false },
        html: { type: "string" },
      },
    });
    if (positionals.length > 0) throw new UsageError(`${positionals.join(" ")} is no flag`);
    const environment = environmentOf(flags.environment);
    const before = readFleetFiles(projectRoot, environment);
    demandRegions(flags.down, regionsOf(before));
    const edits = editedFiles(projectRoot, environment, flags.set.map(parseSet));
    const after = readWithEdits(projectRoot, environment, edits);

    const down = new Set(flags.down);
    const result = whatIf({ before, after, services: SERVICES, down });
    const stacks = result.steps.map(({ stack }) => stack);
    const verdict = verdictOn(after, stacks, await readLastCommit(projectRoot, environment));
    if (flags.html !== undefined) {
      const asked = questionOf(environment, flags.down, flags.set);
      writeFileSync(resolve(flags.html), asPage(asked, result, verdict));
      terminal.say(`wrote ${flags.html}`);
    }
    terminal.out(
      flags.json
        ? `${JSON.stringify({ ...result, verdict }, undefined, 2)}\n`
        : `${asText(result)}\n${verdictText(verdict)}`,
    );
  };
}

function questionOf(environment: string, down: readonly string[], set: readonly string[]): string {
  const said = [...down.map((region) => `${region} is down`), ...set];
  return `${environment}: ${said.join(", ") || "as the files are"}`;
}

function demandRegions(asked: readonly string[], known: readonly string[]): void {
  const value = asked.find((region) => !known.includes(region));
  if (value === undefined) return;
  throw new OperatorError({
    key: "--down",
    value,
    rule: `must be a region of the fleet: ${oneOf(known)}`,
    fix: `name ${oneOf(known)}`,
  });
}

if (require.main === module) void runCommand(USAGE, whatIfCommand(CHECKOUT));
