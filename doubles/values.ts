/** A property value as the engine's wire format carries it, secrets and references resolved. */
export type Json = null | boolean | number | string | Json[] | Props;

/** Inputs or state of a resource. */
export interface Props {
  [key: string]: Json | undefined;
}

/** The engine's stand-in for a value that a preview cannot know yet (`rpc.unknownValue` in the SDK). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function isProps(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True when the value is, or holds anywhere, something not known yet. */
export function hasUnknown(value: Json | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isProps(value) && Object.values(value).some(hasUnknown);
}

/**
 * Plain JSON of a value from the wire: secrets unwrapped, unknowns as {@link UNKNOWN}, resources as
 * their id (their URN for components), nulls dropped from maps.
 */
export function decode(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (Array.isArray(value)) return value.map(decode);
  if (!isProps(value)) return null;
  switch (value[SIGNATURE]) {
    case SECRET:
      return decode(value.value);
    case OUTPUT_VALUE:
      return value.value === undefined ? UNKNOWN : decode(value.value);
    case RESOURCE:
      if (value.id === undefined) return decode(value.urn);
      return value.id === "" ? UNKNOWN : decode(value.id);
  }
  return decodeProps(value);
}

export function decodeProps(value: Props): Props {
  const props: Props = {};
  for (const [key, entry] of Object.entries(value)) {
    const decoded = decode(entry);
    if (decoded !== null) props[key] = decoded;
  }
  return props;
}

/** As {@link decode}, with the nulls in maps, which mean something in a Helm release's values. */
export function decodeExact(value: unknown): Json {
  if (Array.isArray(value)) return value.map(decodeExact);
  if (!isProps(value)) return decode(value);
  if (value[SIGNATURE] === SECRET) return decodeExact(value.value);
  if (value[SIGNATURE] !== undefined) return decode(value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decodeExact(entry)]));
}

/** Names of the top-level properties that are or hold a secret. */
export function secretKeys(value: Props): string[] {
  return Object.keys(value).filter((key) => holdsSecret(value[key]));
}

function holdsSecret(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isProps(value)) return false;
  if (value[SIGNATURE] === SECRET) return true;
  if (value[SIGNATURE] === OUTPUT_VALUE && value.secret === true) return true;
  return Object.values(value).some(holdsSecret);
}

/** Deep equality of wire values; an absent key equals null. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => equal(entry, b[index]));
  }
  if (isProps(a) && isProps(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
      equal(a[key], b[key]),
    );
  }
  return false;
}

/** Values at a dotted path; `[]` walks every element: `vpcConfig.subnetIds[]`. */
export function at(props: Props, path: string): Json[] {
  let found: (Json | undefined)[] = [props];
  for (const part of path.split(".")) {
    const key = part.replace(/\[\]$/, "");
    found = found.flatMap((value) => (isProps(value) ? [value[key]] : []));
    if (part.endsWith("[]")) found = found.flatMap((value) => (Array.isArray(value) ? value : []));
  }
  return found.filter((value): value is Json => value !== undefined && value !== null);
}

/** The string at a path, or undefined when it is absent or not known yet. */
export function text(props: Props, path: string): string | undefined {
  const [value] = at(props, path);
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

/** The number at a path, or undefined when it is absent or not known yet. */
export function number(props: Props, path: string): number | undefined {
  const [value] = at(props, path);
  return typeof value === "number" ? value : undefined;
}

export function flag(props: Props, path: string): boolean {
  return at(props, path)[0] === true;
}

/** The known strings at a path with `[]`. */
export function texts(props: Props, path: string): string[] {
  return at(props, path).filter(
    (value): value is string => typeof value === "string" && value !== UNKNOWN,
  );
}
