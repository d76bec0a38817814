import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { OperatorError } from "../infra/config/errors";
import { findHelm } from "../rehearsal/tools/helm";
import { run } from "../rehearsal/tools/run";
import { CHECKOUT, type Command, runCommand, type Terminal, UsageError } from "./command";
import { checkOut } from "./gitCheckout";
import { renderStack, writeObjects } from "./renderStack";
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
    const asked: Asked = { projectRoot, stacks, services, helm };
    if (flags.diff !== undefined) await showDiff(asked, flags.diff, terminal);
    else if (flags.out !== undefined) await writeAll(asked, resolve(flags.out), terminal);
    else await printAll(asked, terminal);
  };
}

interface Asked {
  projectRoot: string;
  stacks: readonly string[];
  /** None means all. */
  services: readonly string[];
  helm: string;
}

async function printAll(asked: Asked, terminal: Terminal): Promise<void> {
  for (const stack of asked.stacks) {
    for (const { release, objects } of await renderStack({ ...asked, stack })) {
      for (const { file, text } of objects) {
        terminal.out(`---\n# ${stack}/${release}/${file}\n${text}`);
      }
    }
  }
}

async function writeAll(asked: Asked, directory: string, terminal: Terminal): Promise<void> {
  for (const stack of asked.stacks) {
    const releases = await renderStack({ ...asked, stack });
    writeObjects(join(directory, stack), releases, asked.services.length === 0);
    const objects = releases.reduce((sum, release) => sum + release.objects.length, 0);
    terminal.say(
      `${stack}: ${releases.length} releases, ${objects} objects in ${directory}/${stack}`,
    );
  }
}

/** Renders both sides into one folder and lets git compare them. */
async function showDiff(asked: Asked, ref: string, terminal: Terminal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "render-diff-"));
  try {
    const base = join(folder, "base");
    await checkOut(asked.projectRoot, ref, base);
    await writeAll(asked, join(folder, "new"), { ...terminal, say: () => undefined });
    for (const stack of asked.stacks) {
      await renderBase(asked.helm, base, stack, join(folder, "old"));
      const changes = await compare(folder, stack, asked.services);
      terminal.out(
        changes === "" ? `# ${stack}: no change against ${ref}\n` : `# ${stack}\n${changes}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By the base's own command, which knows its own catalogue; a stack that it lacks has no manifests. */
async function renderBase(helm: string, base: string, stack: string, out: string): Promise<void> {
  const needed = [`Pulumi.${stack}.yaml`, "cli/render.ts"];
  if (needed.some((file) => !existsSync(join(base, file)))) return;
  const { code, stderr } = await run(
    process.execPath,
    ["-r", "ts-node/register", "cli/render.ts", stack, "--out", out],
    // Helm is found already, and the base has no cache of tools.
    { cwd: base, env: { ...process.env, PATH: [dirname(helm), process.env.PATH].join(delimiter) } },
  );
  if (code === 0) return;
  throw new OperatorError({
    key: `the base's ${stack}`,
    rule: `the base renders by its own code, which says: ${stderr.trim()}`,
    fix: "name a commit that renders, or look at --out alone",
  });
}

async function compare(
  folder: string,
  stack: string,
  services: readonly string[],
): Promise<string> {
  const paths = services.length === 0 ? [stack] : services.map((service) => join(stack, service));
  const diffs = await Promise.all(
    paths.map(async (path) => {
      const sides = [join("old", path), join("new", path)];
      for (const side of sides) mkdirSync(join(folder, side), { recursive: true });
      const flags = ["--no-index", "--no-color", "--no-prefix", "--no-ext-diff"];
      const { code, stdout, stderr } = await run("git", ["diff", ...flags, ...sides], {
        cwd: folder,
      });
      if (code !== 0 && code !== 1) throw new Error(`git diff: ${stderr}`);
      return stdout;
    }),
  );
  return diffs.join("");
}

if (require.main === module) void runCommand(USAGE, render(CHECKOUT));
