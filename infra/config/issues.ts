import { z } from "zod";
import type { OperatorErrorArgs } from "./errors";
import { expectation, keysOf, schemaAt, unwrap } from "./schema";
import { allOf, nearest } from "./wording";
import { isMap } from "./yamlFile";

/** What was read, for messages about it. */
export interface Source {
  /** File that an operator edits, such as `Pulumi.global.yaml`. */
  file: string;
  schema: z.core.$ZodType;
  data: unknown;
  /** Where a top-level key belongs that this file does not know but another does. */
  elsewhere?: Readonly<Record<string, string>>;
}

/** Every issue of a failed parse as a problem that names file, key, value, rule and fix. */
export function problemsOf(source: Source, error: z.core.$ZodError): OperatorErrorArgs[] {
  const misspelt = new Set(error.issues.flatMap((issue) => renames(source, issue)));
  return error.issues
    .filter(({ path }) => !misspelt.has(path.join("/")))
    .flatMap((issue) => problemsOfIssue(source, issue));
}

/** Paths that a misspelt key was meant for; that they are missing needs no word of its own. */
function renames({ schema, data }: Source, issue: z.core.$ZodIssue): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const known = keysOf(schemaAt(schema, issue.path));
  return issue.keys.flatMap((key) => {
    const meant = nearest(key, known);
    if (meant === undefined || valueAt(data, [...issue.path, meant]) !== undefined) return [];
    return [[...issue.path, meant].join("/")];
  });
}

function problemsOfIssue(source: Source, issue: z.core.$ZodIssue): OperatorErrorArgs[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(source, path, key));
  }
  const value = valueAt(source.data, path);
  const key = location(source.file, path);
  if (issue.code === "custom") {
    return [{ key, value, rule: issue.message, fix: `correct it in ${source.file}` }];
  }
  if (issue.code === "invalid_key") return [invalidName(source, path)];
  const schema = schemaAt(source.schema, path);
  const must = schema === undefined ? issue.message : expectation(schema);
  if (value === undefined) {
    return [{ key, rule: `required: ${must}`, fix: `add it to ${source.file}` }];
  }
  return [{ key, value, rule: `must be ${must}`, fix: fixFor(schema, value, must) }];
}

function unknownKey(
  { file, schema, data, elsewhere }: Source,
  path: readonly PropertyKey[],
  key: string,
): OperatorErrorArgs {
  const known = keysOf(schemaAt(schema, path));
  const meant = nearest(key, known);
  const belongs = path.length === 0 ? elsewhere?.[key] : undefined;
  const removed = "remove it";
  return {
    key: location(file, [...path, key]),
    value: valueAt(data, [...path, key]),
    rule: `unknown key; the keys here are ${allOf(known)}`,
    fix: belongs ?? (meant === undefined ? removed : `rename it to ${meant}`),
  };
}

/** A map whose keys are names of a given shape, such as regions, has one of another shape. */
function invalidName({ file, schema, data }: Source, path: PropertyKey[]): OperatorErrorArgs {
  const parent = schemaAt(schema, path.slice(0, -1));
  const bare = parent && unwrap(parent);
  const must = bare instanceof z.ZodRecord ? expectation(bare.keyType) : "a name that is known";
  return {
    key: location(file, path),
    value: valueAt(data, path),
    rule: `the key must be ${must}`,
    fix: "correct the key's name",
  };
}

function fixFor(schema: z.core.$ZodType | undefined, value: unknown, must: string): string {
  const bare = schema && unwrap(schema);
  if (bare instanceof z.ZodEnum && typeof value === "string") {
    const meant = nearest(value, bare.options.map(String));
    if (meant !== undefined) return `write ${meant}`;
  }
  if (bare instanceof z.ZodObject && !isMap(value)) {
    return `write ${allOf(keysOf(bare))} under it, indented`;
  }
  if (typeof value === "string" && schema !== undefined) {
    const unquoted = value.trim();
    if (z.safeParse(schema, scalar(unquoted)).success) return `write ${unquoted} without quotes`;
    const lower = unquoted.toLowerCase();
    if (z.safeParse(schema, lower).success) return `write ${lower}`;
  }
  return `write ${must}`;
}

/** A number or boolean that was written as text. */
function scalar(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  return value === "" ? value : Number(value);
}

/** File and key as an operator finds them, such as `fleet/production.yaml: regions.eu-west-1.zones[0]`. */
export function location(file: string, path: readonly PropertyKey[]): string {
  const key = path.reduce<string>((sum, part) => {
    if (typeof part === "number") return `${sum}[${part}]`;
    return sum === "" ? String(part) : `${sum}.${String(part)}`;
  }, "");
  return key === "" ? file : `${file}: ${key}`;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (Array.isArray(at)) return (at as unknown[])[Number(key)];
    return isMap(at) && Object.hasOwn(at, String(key)) ? at[String(key)] : undefined;
  }, data);
}
