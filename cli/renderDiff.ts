import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { OperatorError } from "../infra/config/errors";
import { run } from "../rehearsal/tools/run";
import type { Terminal } from "./command";
import { checkOut } from "./gitCheckout";
import { type RenderStacksArgs, writeStacks } from "./renderStack";
import { regionalStacks } from "./stackPlan";

export interface RenderDiffArgs extends RenderStacksArgs {
  /** The commit to compare with. */
  ref: string;
  /** Whether `stacks` are all of the checkout, so that one which only the base has counts too. */
  all: boolean;
}

/**
 * Prints, per stack, how the manifests of the working tree differ from a commit's. Both sides are
 * rendered into a temporary folder, the commit's by its own code.
 *
 * @throws OperatorError for a name that is no commit and for a base that does not render.
 */
export async function printChanges(args: RenderDiffArgs, terminal: Terminal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "render-diff-"));
  try {
    const base = join(folder, "base");
    await checkOut(args.projectRoot, args.ref, base);
    await writeStacks(args, join(folder, "new"));
    // A base from before this command has no manifests; nor has a stack that it lacks.
    const before = existsSync(join(base, "cli", "render.ts")) ? regionalStacks(base) : [];
    const known = args.all ? before : args.stacks.filter((stack) => before.includes(stack));
    if (known.length > 0) await renderBase(args, base, join(folder, "old"));
    for (const stack of [...new Set([...args.stacks, ...known])]) {
      const changes = await compare(folder, stack, args.services);
      const nothing = `# ${stack}: no change against ${args.ref}\n`;
      terminal.out(changes === "" ? nothing : `# ${stack}\n${changes}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By the base's own command, which knows its own catalogue, so all services; `compare` picks. */
async function renderBase(
  { helm, all, stacks }: RenderDiffArgs,
  base: string,
  out: string,
): Promise<void> {
  const asked = all ? ["--all"] : stacks;
  const { code, stderr } = await run(
    process.execPath,
    ["-r", "ts-node/register", "cli/render.ts", ...asked, "--out", out],
    // Helm is found already, and the base has no cache of tools.
    { cwd: base, env: { ...process.env, PATH: [dirname(helm), process.env.PATH].join(delimiter) } },
  );
  if (code === 0) return;
  throw new OperatorError({
    key: "--diff",
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
  const flags = ["--no-index", "--no-color", "--no-prefix", "--no-ext-diff"];
  const diffs = paths.map(async (path) => {
    const sides = [join("old", path), join("new", path)];
    for (const side of sides) mkdirSync(join(folder, side), { recursive: true });
    const { code, stdout, stderr } = await run("git", ["diff", ...flags, ...sides], {
      cwd: folder,
    });
    if (code !== 0 && code !== 1) throw new Error(`git diff: ${stderr}`);
    return stdout;
  });
  return (await Promise.all(diffs)).join("");
}
