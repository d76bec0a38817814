import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { type OperatorErrorArgs, throwAll } from "./errors";

/**
 * Reads a YAML file under the project's root.
 *
 * @returns undefined when there is no such file; null when it is empty.
 * @throws OperatorError that names line and column of every syntax error and duplicate key.
 */
export function readYaml(projectRoot: string, file: string): unknown {
  const path = join(projectRoot, file);
  if (!existsSync(path)) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), {
    lineCounter: lines,
    prettyErrors: false,
  });
  throwAll(
    document.errors.map(({ pos: [offset], message }): OperatorErrorArgs => {
      const { line, col } = lines.linePos(offset);
      return {
        key: `${file}: line ${line}, column ${col}`,
        rule: `the file is YAML: ${message}`,
        fix: "correct that line (or the one above it)",
      };
    }),
  );
  return document.toJS() as unknown;
}

/** Whether a value is a YAML map (and no list). */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
