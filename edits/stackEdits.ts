import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { OperatorError } from "../infra/config/errors";
import { stackFile } from "../infra/config/stackFiles";
import { type Environment, parseStackName, type StackIdentity } from "../infra/config/stackName";
import { PROJECT } from "../infra/config/tags";
import type { WordEdit } from "../infra/failover/actions";
import type { FileEdit } from "./fileEdits";
import { withoutKey, withValue } from "./yamlValues";

/** A word edit with any value, as `--set` takes it. */
export type ConfigEdit = Omit<WordEdit, "value"> & { value: unknown };

/**
 * The stack files of an environment with words edited, comments kept; only files that change.
 *
 * @throws OperatorError when a file is not there, or holds the key as JSON text.
 */
export function editedFiles(
  projectRoot: string,
  environment: Environment,
  edits: readonly ConfigEdit[],
): FileEdit[] {
  const texts = new Map<string, { before: string; now: string }>();
  for (const { owner, path, value } of edits) {
    const file = stackFile(identityOf(environment, owner));
    const text = texts.get(file) ?? both(read(projectRoot, file));
    texts.set(file, { ...text, now: edited(file, text.now, path, value) });
  }
  return [...texts]
    .filter(([, { before, now }]) => before !== now)
    .map(([file, { now }]) => ({ file, text: now }));
}

/**
 * An edit as the command line has it: `<stack>.<key>[.<key>…]=<YAML value>`, the stack without its
 * environment, such as `global.regions.us-east-1.traffic=drained`.
 *
 * @throws OperatorError when it is not of that form.
 */
export function parseSet(text: string): ConfigEdit {
  const [, owner, keys, value] = /^([a-z0-9-]+)\.([\w.-]+)=(.*)$/.exec(text) ?? [];
  if (owner !== undefined && keys !== undefined && value !== undefined) {
    return { owner, path: keys.split("."), value: value === "" ? undefined : parse(value) };
  }
  throw new OperatorError({
    key: "--set",
    value: text,
    rule: "an edit is <stack>.<key>=<value>",
    fix: "write one such as global.regions.us-east-1.traffic=drained or eu-west-1.capacity=2",
  });
}

function edited(file: string, text: string, path: readonly string[], value: unknown): string {
  const [top = "", ...rest] = path;
  const block = parseDocument(text).get("config");
  const has = (key: string): boolean =>
    typeof block === "object" &&
    block !== null &&
    "has" in block &&
    (block as Map<string, unknown>).has(key);
  // The CLI takes a key without a namespace to be the project's.
  const key = has(top) && !has(`${PROJECT}:${top}`) ? top : `${PROJECT}:${top}`;
  const where = ["config", key, ...rest];
  const holder = rest.length === 0 ? undefined : parseDocument(text).getIn(["config", key]);
  if (typeof holder === "string") {
    throw new OperatorError({
      key: `${file}: ${top}`,
      rule: "a value inside a key can be edited where the key is a YAML map; this one is JSON text",
      fix: `write ${top} as a map, or edit it by hand`,
    });
  }
  return value === undefined ? withoutKey(text, where) : withValue(text, where, value);
}

function identityOf(environment: Environment, owner: string): StackIdentity {
  return { ...parseStackName(owner), environment };
}

function read(projectRoot: string, file: string): string {
  const path = join(projectRoot, file);
  if (existsSync(path)) return readFileSync(path, "utf8");
  throw new OperatorError({
    key: file,
    rule: "an edit is made in a stack file that is there",
    fix: "name a stack of the environment (`ls Pulumi.*.yaml`)",
  });
}

const both = (text: string) => ({ before: text, now: text });
