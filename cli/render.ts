import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findHelm } from "../rehearsal/tools/helm";
import { CHECKOUT, type Command, runCommand, type Terminal, UsageError } from "./command";
import { printChanges } from "./renderDiff";
import { renderStack, type RenderStacksArgs, writeStacks } from "./renderStack";
import { regionalStacks } from "./stackPlan";

const USAGE = `npm run render -- <stack> [<service>…] [--out <dir>]
npm run render -- <stack> [<service>…] --diff <git ref>
npm run render -- --all [--out <dir> | --diff <git ref>]

Renders the manifests that a stack would install, by Helm. Addresses that only the cloud knows are
samples, the same on every machine; samples say so.

  <service>         only these releases
  --all             every regional stack of the checkout
  --out <dir>       one directory per stack and release, one file per object, instead of one stream
  --diff <git ref>  what changes against that commit, as a unified diff per stack: the base is
                    rendered by its own code
`;

/** The command, for a checkout. */
export function render(projectRoot: string): Command {
  return async (argv, terminal) => {
    const { positionals, values: flags } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        all: { type: "boolean", default: false },
        out: { type: "string" },
        diff: { type: "string" },
      },
    });
    const [named, ...services] = positionals;
    if (flags.all === (named !== undefined)) throw new UsageError("name a stack, or pass --all");
    if (flags.out !== undefined && flags.diff !== undefined) {
      throw new UsageError("--out and --diff exclude each other");
    }
    const stacks = named === undefined ? regionalStacks(projectRoot) : [named];
    const { path: helm } = await findHelm({ root: projectRoot, say: terminal.say });
    const asked: RenderStacksArgs = { projectRoot, stacks, services, helm };
    if (flags.diff !== undefined) {
      await printChanges({ ...asked, ref: flags.diff, all: flags.all }, terminal);
    } else if (flags.out !== undefined) await writeAll(asked, resolve(flags.out), terminal);
    else await printAll(asked, terminal);
  };
}

async function printAll(asked: RenderStacksArgs, terminal: Terminal): Promise<void> {
  for (const stack of asked.stacks) {
    for (const { release, objects } of await renderStack({ ...asked, stack })) {
      for (const { file, text } of objects) {
        terminal.out(`---\n# ${stack}/${release}/${file}\n${text}`);
      }
    }
  }
}

async function writeAll(
  asked: RenderStacksArgs,
  directory: string,
  terminal: Terminal,
): Promise<void> {
  for (const { stack, releases } of await writeStacks(asked, directory)) {
    const objects = releases.reduce((sum, release) => sum + release.objects.length, 0);
    terminal.say(
      `${stack}: ${releases.length} releases, ${objects} objects in ${directory}/${stack}`,
    );
  }
}

if (require.main === module) void runCommand(USAGE, render(CHECKOUT));
