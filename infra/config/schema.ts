import { z } from "zod";
import { REGION_PATTERN } from "./stackName";
import { allOf, oneOf } from "./wording";

/** Text of a given shape. `what` says what it must be, such as "an AWS region such as eu-west-1". */
export function text(pattern: RegExp, what: string): z.ZodString {
  return z.string().regex(pattern, what).describe(what);
}

/** The code of an AWS region. That the fleet has it is checked with what needs it. */
export const regionCode = text(REGION_PATTERN, "an AWS region such as eu-west-1");

/** What a value must be, in words that complete "must be". Its description where it has one. */
export function expectation(schema: z.core.$ZodType): string {
  for (let at: z.core.$ZodType | undefined = schema; at !== undefined; at = inner(at)) {
    const description = z.globalRegistry.get(at)?.description;
    if (description !== undefined) return description;
  }
  const bare = unwrap(schema);
  if (bare instanceof z.ZodEnum) return oneOf(bare.options.map(String));
  if (bare instanceof z.ZodBoolean) return "true or false";
  if (bare instanceof z.ZodNumber) return numberWords(bare);
  if (bare instanceof z.ZodArray) return "a list";
  if (bare instanceof z.ZodObject) return `a map with ${allOf(Object.keys(bare.shape))}`;
  if (bare instanceof z.ZodRecord) return "a map";
  return "text";
}

/** The schema of the value at a path, undefined where the path leads nowhere. */
export function schemaAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): z.core.$ZodType | undefined {
  let at: z.core.$ZodType | undefined = schema;
  for (const key of path) {
    const bare: z.core.$ZodType = unwrap(at);
    if (bare instanceof z.ZodObject) at = (bare.shape as z.core.$ZodShape)[String(key)];
    else if (bare instanceof z.ZodRecord) at = bare.valueType;
    else if (bare instanceof z.ZodArray) at = bare.element;
    else at = undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** The keys that a map's schema knows; none for anything else. */
export function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const bare = schema && unwrap(schema);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}

/** The schema under `optional`, `default` and `prefault`. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let at = schema;
  for (let next = inner(at); next !== undefined; next = inner(at)) at = next;
  return at;
}

function inner(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return wraps ? schema.unwrap() : undefined;
}

function numberWords({ minValue, maxValue, isInt }: z.ZodNumber): string {
  const kind = isInt ? "a whole number" : "a number";
  const from = minValue !== null && minValue > Number.MIN_SAFE_INTEGER ? minValue : undefined;
  const to = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? maxValue : undefined;
  if (from !== undefined && to !== undefined) return `${kind} from ${from} to ${to}`;
  if (from !== undefined) return `${kind} of at least ${from}`;
  return to === undefined ? kind : `${kind} of at most ${to}`;
}
