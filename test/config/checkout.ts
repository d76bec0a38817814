import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

const ROOT = join(__dirname, "..", "..");

/** What becomes of a committed file: other text, or none. */
export type Edit = (text: string) => string | undefined;
export type Edits = Readonly<Record<string, Edit>>;

/** Replaces a piece of a file; fails when the piece is not there, so that no case tests nothing. */
export function replace(what: string, by: string): Edit {
  return (text) => {
    if (!text.includes(what)) throw new Error(`the file does not say ${JSON.stringify(what)}`);
    return text.replace(what, by);
  };
}

export const write =
  (text: string): Edit =>
  () =>
    text;

export const remove: Edit = () => undefined;

/** Runs a callback over a copy of the committed stack files and fleets with edits; the copy goes after it. */
export async function withCheckout<T>(
  edits: Edits,
  use: (projectRoot: string) => T | Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "checkout-"));
  try {
    cpSync(join(ROOT, "fleet"), join(root, "fleet"), { recursive: true });
    for (const file of readdirSync(ROOT).filter((name) => /^Pulumi\..+\.yaml$/.test(name))) {
      cpSync(join(ROOT, file), join(root, file));
    }
    for (const [file, edit] of Object.entries(edits)) apply(join(root, file), edit);
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function apply(path: string, edit: Edit): void {
  const text = edit(readIfThere(path));
  if (text === undefined) rmSync(path);
  else writeFileSync(path, text);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** A stack's config as the engine hands it to the program: text throughout, secrets decrypted. */
export function engineConfig(projectRoot: string, stack: string): Record<string, string> {
  const file = parse(readIfThere(join(projectRoot, `Pulumi.${stack}.yaml`))) as {
    config?: Record<string, unknown>;
  } | null;
  const entries = Object.entries(file?.config ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, asText(value)]));
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value, (_key, inner: unknown) => {
    const secret = (inner as { secure?: string } | null)?.secure;
    return secret === undefined ? inner : `decrypted ${secret}`;
  });
}
