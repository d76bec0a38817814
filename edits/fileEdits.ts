import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file to write; `file` is its path from the project's root. */
export interface FileEdit {
  file: string;
  text: string;
}

/**
 * Writes all files or none: each is written beside its place first, then all are renamed into it; if
 * one step fails, what was renamed already is put back.
 */
export function applyEdits(root: string, edits: readonly FileEdit[]): void {
  const steps = edits.map(({ file, text }) => {
    const path = join(root, file);
    return { path, temporary: `${path}.${process.pid}.tmp`, text, before: contentOf(path) };
  });
  const done: typeof steps = [];
  try {
    for (const { path, temporary, text } of steps) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(temporary, text);
    }
    for (const step of steps) {
      renameSync(step.temporary, step.path);
      done.push(step);
    }
  } catch (error) {
    for (const { temporary } of steps) rmSync(temporary, { force: true });
    for (const { path, before } of done) {
      if (before === undefined) rmSync(path, { force: true });
      else writeFileSync(path, before);
    }
    throw error;
  }
}

function contentOf(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
