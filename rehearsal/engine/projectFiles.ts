import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a stack's program reads beside its code. */
const PROJECT_FILES = /^Pulumi(\..+)?\.yaml$/;
const PROJECT_FOLDERS = ["fleet", "workloads"];

/** The line that `pulumi stack init` writes: the salt of the stack's passphrase. */
const SALT = /^encryptionsalt: .*$/m;

/** Copies what the stacks' programs read into a directory that has none of it. */
export function copyProject(root: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of projectFiles(root)) cpSync(join(root, file), join(to, file));
  for (const folder of PROJECT_FOLDERS) {
    cpSync(join(root, folder), join(to, folder), { recursive: true });
  }
}

/**
 * Puts another checkout's files in the place of those in `to`. Stacks that are up there keep their
 * passphrase's salt, without which the engine could not read their state.
 */
export function replaceProject(root: string, to: string): void {
  const salts = projectFiles(to).flatMap((file): [string, string][] => {
    const salt = SALT.exec(readFileSync(join(to, file), "utf8"))?.[0];
    return salt === undefined ? [] : [[file, salt]];
  });
  for (const file of projectFiles(to)) rmSync(join(to, file));
  for (const folder of PROJECT_FOLDERS) rmSync(join(to, folder), { recursive: true, force: true });
  copyProject(root, to);
  const present = new Set(projectFiles(to));
  for (const [file, salt] of salts.filter(([name]) => present.has(name))) {
    const text = readFileSync(join(to, file), "utf8").replace(SALT, "").trimEnd();
    writeFileSync(join(to, file), `${text}\n${salt}\n`);
  }
}

function projectFiles(directory: string): string[] {
  return readdirSync(directory).filter((name) => PROJECT_FILES.test(name));
}
