import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { copyProject } from "./projectFiles";

/** What the plain CLI needs of a checkout beside the stacks' files: entry, compiler options, program. */
const PROGRAM = ["infra", "package.json", "tsconfig.json"];

/** A copy of the whole program in a directory that has none of it; node_modules is a link. */
export function copyProgram(root: string, to: string): void {
  copyProject(root, to);
  for (const each of PROGRAM) cpSync(join(root, each), join(to, each), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(to, "node_modules"));
}
