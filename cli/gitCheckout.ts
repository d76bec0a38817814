import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../infra/config/errors";
import { run } from "../rehearsal/tools/run";

/**
 * Writes a commit's files into a directory, beside which node_modules of this checkout are linked.
 * An index of its own leaves the repository's index, branches and worktrees alone, so that an
 * interrupted run leaves nothing to mend.
 *
 * @throws OperatorError when the name is no commit of this repository.
 */
export async function checkOut(projectRoot: string, ref: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const env = { ...process.env, GIT_INDEX_FILE: `${directory}.index` };
  const git = (...args: string[]) => run("git", args, { cwd: projectRoot, env });

  const read = await git("read-tree", `${ref}^{commit}`);
  if (read.code !== 0) {
    throw new OperatorError({
      key: "--diff",
      value: ref,
      rule: `the base is a commit of this repository: ${read.stderr.trim()}`,
      fix: "name a commit, tag or branch that `git log` knows; fetch it first if it is remote",
    });
  }
  const { code, stderr } = await git("checkout-index", "--all", `--prefix=${directory}/`);
  if (code !== 0) throw new Error(`git checkout-index: ${stderr}`);
  symlinkSync(join(projectRoot, "node_modules"), join(directory, "node_modules"), "dir");
}
