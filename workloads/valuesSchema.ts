import type { OperatorErrorArgs } from "../infra/config/errors";
import { nearest } from "../infra/config/wording";
import type { Tracked, TrackedMap } from "./layers";

/** The part of JSON Schema that says which keys a map may have. */
export interface KeySchema {
  $ref?: string;
  properties?: Record<string, KeySchema>;
  patternProperties?: Record<string, KeySchema>;
  additionalProperties?: boolean | KeySchema;
  definitions?: Record<string, KeySchema>;
}

/**
 * Keys that the chart's `values.schema.json` does not know, each with the file and line that sets it.
 * Helm refuses them too, but only when it renders, and without saying which file.
 */
export function unknownKeys(values: TrackedMap, schema: KeySchema): OperatorErrorArgs[] {
  return unknownIn(values, schema, schema, []);
}

function unknownIn(
  values: Tracked,
  schema: KeySchema,
  root: KeySchema,
  path: readonly string[],
): OperatorErrorArgs[] {
  if (values.kind === "leaf") return [];
  const at = resolve(schema, root);
  return [...values.entries].flatMap(([key, value]) => {
    const here = [...path, key];
    const next = schemaOf(key, at);
    if (next === false) return [problemOf(here, value, Object.keys(at.properties ?? {}))];
    return next === undefined ? [] : unknownIn(value, next, root, here);
  });
}

/** Schema of a key's value; undefined where anything goes, false where the key may not be. */
function schemaOf(key: string, schema: KeySchema): KeySchema | false | undefined {
  const { properties = {}, patternProperties = {}, additionalProperties = true } = schema;
  if (Object.hasOwn(properties, key)) return properties[key];
  const pattern = Object.keys(patternProperties).find((each) => new RegExp(each).test(key));
  if (pattern !== undefined) return patternProperties[pattern];
  return additionalProperties === true ? undefined : additionalProperties;
}

function resolve(schema: KeySchema, root: KeySchema): KeySchema {
  const name = /^#\/definitions\/(.+)$/.exec(schema.$ref ?? "")?.[1];
  const target = name === undefined ? undefined : root.definitions?.[name];
  return target === undefined ? schema : resolve(target, root);
}

function problemOf(
  path: readonly string[],
  { origin }: Tracked,
  known: readonly string[],
): OperatorErrorArgs {
  const key = path.at(-1) ?? "";
  const meant = nearest(key, known);
  const keys = known.length === 0 ? "" : `: ${known.join(", ")}`;
  return {
    key: `${origin.file}${origin.line === undefined ? "" : `:${origin.line}`}`,
    value: path.join("."),
    rule: `unknown key; the chart's values.schema.json says which there are${keys}`,
    fix: meant === undefined ? "remove it" : `rename it to ${meant}`,
  };
}
