import { existsSync, realpathSync } from "node:fs";
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
export function programOf(root: string): StackProgram {
  const file = join(root, "infra", "program.ts");
  if (!existsSync(file) || !existsSync(join(root, "node_modules"))) {
    throw new OperatorError({
      key: "--from",
      value: root,
      rule: "it is another checkout of this project, whose node_modules is a link to this one's",
      fix: "`git worktree add <path> <commit>` and `ln -s $PWD/node_modules <path>/node_modules`",
    });
  }
  // `import()` would go to the ES module loader, which ts-node's hook does not serve.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const other = require(realpathSync(file)) as { runProgram: typeof runProgram };
  return (projectRoot) => () => other.runProgram({ projectRoot, allowPlaceholders: true });
}
