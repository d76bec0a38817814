import type { StackConfigs } from "./context";
import { type OperatorErrorArgs, throwAll } from "./errors";
import { fleetSchema } from "./fleet";
import { problemsOf } from "./issues";
import { keysOf } from "./schema";
import type { StackKind } from "./stackName";
import { backboneSchema, globalSchema, regionalSchema } from "./stackSchemas";
import { PROJECT } from "./tags";
import { nearest, oneOf } from "./wording";
import { isMap } from "./yamlFile";

const SCHEMAS = { regional: regionalSchema, global: globalSchema, backbone: backboneSchema };

const FILES = {
  regional: "a regional stack's file, Pulumi.<region>.yaml",
  global: "the global stack's file, Pulumi.global.yaml",
  backbone: "the backbone stack's file, Pulumi.backbone.yaml",
};

/** What a stack's config says: our keys, and the one key of the AWS provider's that we hold to its name. */
export interface StackConfig<K extends StackKind> {
  config: StackConfigs[K];
  awsRegion: string | undefined;
}

/**
 * Reads a stack's config from its `config:` block or from what the engine hands to the program, which
 * say the same: keys `<namespace>:<key>` (a bare key is the project's), maps and lists either as
 * such or as JSON text, numbers and booleans either as such or as text.
 *
 * @throws OperatorError that lists every problem with a key of ours. No value of a secret is ever quoted:
 *   a secret key of ours is refused as such.
 */
export function readStackConfig<K extends StackKind>(
  kind: K,
  file: string,
  block: Readonly<Record<string, unknown>>,
): StackConfig<K> {
  const { own, problems } = ourKeys(file, block);
  const schema = SCHEMAS[kind];
  const parsed = schema.safeParse(own);
  if (!parsed.success) {
    const elsewhere = keysElsewhere(kind);
    problems.push(...problemsOf({ file, schema, data: own, elsewhere }, parsed.error));
  }
  throwAll(problems);
  const awsRegion = block["aws:region"];
  return {
    config: parsed.data as StackConfigs[K],
    awsRegion: typeof awsRegion === "string" ? awsRegion : undefined,
  };
}

/** The project's keys without their namespace, decoded, and what is wrong with them as they stand. */
function ourKeys(file: string, block: Readonly<Record<string, unknown>>) {
  const own: Record<string, unknown> = {};
  const problems: OperatorErrorArgs[] = [];
  for (const [name, value] of Object.entries(block)) {
    const colon = name.indexOf(":");
    const [namespace, key] =
      colon < 0 ? [PROJECT, name] : [name.slice(0, colon), name.slice(colon + 1)];
    if (namespace !== PROJECT) {
      if (nearest(namespace, [PROJECT]) !== undefined) {
        problems.push({
          key: `${file}: ${name}`,
          rule: `this project's keys start with ${PROJECT}:`,
          fix: `rename it to ${PROJECT}:${key}`,
        });
      }
    } else if (isSecret(value)) {
      problems.push({
        key: `${file}: ${key}`,
        rule: "no key of this project is a secret; one that is encrypted cannot be read by the other stacks' checks",
        fix: "set it again in plain text, without --secret",
      });
    } else {
      own[key] = decode(value);
    }
  }
  return { own, problems };
}

/** As a stack file holds it: `secure:` with ciphertext, anywhere in the value. */
export function isSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isSecret);
  return isMap(value) && ("secure" in value || Object.values(value).some(isSecret));
}

/** Undoes what the engine does to a value on its way to the program: everything arrives as text. */
function decode(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*(?:[[{]|true$|false$|-?\d)/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Keys that this kind of stack does not have but another file does, with what to do about them. */
function keysElsewhere(kind: StackKind): Record<string, string> {
  const owners = new Map<string, string[]>();
  const note = (keys: readonly string[], file: string): void => {
    for (const key of keys) owners.set(key, [...(owners.get(key) ?? []), file]);
  };
  for (const other of Object.keys(SCHEMAS) as StackKind[])
    note(keysOf(SCHEMAS[other]), FILES[other]);
  note(keysOf(fleetSchema), "the fleet's facts, fleet/<environment>.yaml");
  return Object.fromEntries(
    [...owners]
      .filter(([key]) => !keysOf(SCHEMAS[kind]).includes(key))
      .map(([key, files]) => [key, `move it to ${oneOf(files)}`]),
  );
}
