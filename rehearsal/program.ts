import { existsSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../infra/config/errors";
import { runProgram } from "../infra/program";
import type { StackProgram } from "./rehearse";

/** This checkout's program, as the Pulumi CLI would run it, on a copy of the project's files. */
export const ownProgram: StackProgram = (projectRoot) => () =>
  runProgram({ projectRoot, allowPlaceholders: true });

/**
 * Another checkout's program. Its node_modules must be this one's (a link), so that both programs
 * register resources through the same copy of the SDK.
 *
 * @throws OperatorError when there is no such program.
 */
export async function programOf(root: string): Promise<StackProgram> {
  const file = join(root, "infra", "program.ts");
  if (!existsSync(file) || !existsSync(join(root, "node_modules"))) {
    throw new OperatorError({
      key: "--from",
      value: root,
      rule: "it is another checkout of this project, whose node_modules is a link to this one's",
      fix: "`git worktree add <path> <commit>` and `ln -s $PWD/node_modules <path>/node_modules`",
    });
  }
  const other = (await import(file)) as { runProgram: typeof runProgram };
  return (projectRoot) => () => other.runProgram({ projectRoot, allowPlaceholders: true });
}
