import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { OperatorError, throwAll } from "../infra/config/errors";
import { type Environment } from "../infra/config/stackName";
import { type Action, ACTIONS, type ActionArgs, editsOf } from "../infra/failover/actions";
import { type Step } from "../infra/failover/steps";
import { whatIf } from "../infra/failover/whatIf";
import { SERVICES } from "../workloads/catalogue";
import { CHECKOUT, type Command, runCommand, type Terminal, UsageError } from "./command";
import { applyEdits } from "../edits/fileEdits";
import { environmentOf, readLastCommit, readWithEdits, verdictOn } from "./fleetQuestion";
import { readFleetFiles } from "../edits/fleetFiles";
import { editedFiles } from "../edits/stackEdits";
import { lineDiff } from "./lineDiff";
import { asText, verdictText } from "./whatIf/report";

const USAGE = `npm run failover -- evacuate|restore|promote|drain <region> [options]

Edits the words of a failover in the stack files (comments kept), shows the diff, what comes of it and
what the guards say, and the \`pulumi up\`s in their order. Writes nothing unless told to, and never what
the guards refuse. Whatever it does can be done by editing the files by hand.

  evacuate <region>  users, homed services and the writer go elsewhere; capacity is raised first
  restore <region>   the region takes users and its services again, and the writer if it is the data home
  promote <region>   the region becomes the database's writer
  drain <region>     the region leaves DNS, nothing else

  --to <region>          evacuate: who takes writer and services over; default where the users go
  --lost                 evacuate, promote: the old region is gone; fail over, with data loss
  --keep-writer          restore: leave the writer where it is
  --keep-capacity        restore: leave raised capacities
  --environment <name>   default production
  --dry-run              only show; the default
  --write                write the files
  --run                  write the files and run the steps; each \`pulumi up\` shows its preview and asks
  --yes                  with --run: the \`pulumi up\`s do not ask
`;

/** Runs one `pulumi up` in the checkout; false when it failed. */
export type RunStep = (stack: string, yes: boolean) => boolean;

interface Asked extends ActionArgs {
  environment: Environment;
  write: boolean;
  run: boolean;
  yes: boolean;
}

/** The command, for a checkout. */
export function failover(projectRoot: string, runStep: RunStep = runPulumi(projectRoot)): Command {
  return async (argv, terminal) => {
    const asked = readArguments(argv);
    const { environment } = asked;
    const before = readFleetFiles(projectRoot, environment);
    const edits = editedFiles(projectRoot, environment, editsOf(asked, before));
    if (edits.length === 0) {
      terminal.out("The stack files say so already; nothing to edit.\n");
      return;
    }
    const after = readWithEdits(projectRoot, environment, edits);
    const result = whatIf({ before, after, services: SERVICES, down: goneIn(asked) });
    const stacks = result.steps.map(({ stack }) => stack);
    const verdict = verdictOn(after, stacks, await readLastCommit(projectRoot, environment));
    for (const { file, text } of edits) {
      terminal.out(lineDiff(file, readFileSync(join(projectRoot, file), "utf8"), text));
    }
    terminal.out(`\n${asText(result)}\n${verdictText(verdict)}`);
    throwAll(verdict.refused);
    if (!asked.write) {
      terminal.out(
        "\nNothing was written; --write writes the files, --run runs the steps as well.\n",
      );
      return;
    }
    applyEdits(projectRoot, edits);
    terminal.out(`\nWrote ${edits.map(({ file }) => file).join(", ")}; commit them.\n`);
    if (asked.run) runSteps(result.steps, asked.yes, runStep, terminal);
  };
}

function readArguments(argv: readonly string[]): Asked {
  const { positionals, values: flags } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      to: { type: "string" },
      lost: { type: "boolean", default: false },
      "keep-writer": { type: "boolean", default: false },
      "keep-capacity": { type: "boolean", default: false },
      environment: { type: "string", default: "production" },
      "dry-run": { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      run: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
    },
  });
  const [word, region, ...more] = positionals;
  const action = ACTIONS.find((name) => name === word);
  if (action === undefined || region === undefined || more.length > 0) {
    throw new UsageError(`say ${ACTIONS.join(", ")} and one region`);
  }
  if (flags["dry-run"] && (flags.write || flags.run)) {
    throw new UsageError("--dry-run writes and runs nothing; leave it out, or --write and --run");
  }
  onlyFor(action, ["evacuate"], "--to", flags.to !== undefined);
  onlyFor(action, ["evacuate", "promote"], "--lost", flags.lost);
  onlyFor(action, ["restore"], "--keep-writer", flags["keep-writer"]);
  onlyFor(action, ["restore"], "--keep-capacity", flags["keep-capacity"]);
  return {
    action,
    region,
    to: flags.to,
    lost: flags.lost,
    keepWriter: flags["keep-writer"],
    keepCapacity: flags["keep-capacity"],
    environment: environmentOf(flags.environment),
    write: flags.write || flags.run,
    run: flags.run,
    yes: flags.yes,
  };
}

function onlyFor(action: Action, actions: readonly Action[], flag: string, given: boolean): void {
  if (given && !actions.includes(action)) {
    throw new UsageError(`${flag} goes with ${actions.join(" and ")}`);
  }
}

/** No step touches a region that is gone. */
function goneIn({ action, region, lost }: Asked): ReadonlySet<string> {
  return new Set(action === "evacuate" && lost === true ? [region] : []);
}

function runSteps(
  steps: readonly Step[],
  yes: boolean,
  runStep: RunStep,
  terminal: Terminal,
): void {
  const due = steps.filter(({ later }) => !later);
  due.forEach(({ stack }, index) => {
    terminal.say(`pulumi up -s ${stack}`);
    if (runStep(stack, yes)) return;
    const left = due.slice(index).map((step) => `pulumi up -s ${step.stack}`);
    throw new OperatorError({
      key: `pulumi up -s ${stack}`,
      rule: "each step is done before the next begins; this one was not",
      fix: `see what it says; then, in this order: ${left.join(", ")}`,
    });
  });
}

/** By PATH, on which npm puts the project's own launcher. */
function runPulumi(projectRoot: string): RunStep {
  return (stack, yes) => {
    const args = ["up", "-s", stack, ...(yes ? ["--yes"] : [])];
    const { status, error } = spawnSync("pulumi", args, { cwd: projectRoot, stdio: "inherit" });
    if (error !== undefined) {
      throw new OperatorError({
        key: `pulumi up -s ${stack}`,
        rule: `the Pulumi CLI runs: ${error.message}`,
        fix: "install it, or run this by npm, which has a launcher for it",
      });
    }
    return status === 0;
  };
}

if (require.main === module) void runCommand(USAGE, failover(CHECKOUT));
