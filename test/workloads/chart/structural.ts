/**
 * Judges objects by OpenAPI schemas the way a Kubernetes API server does with strict field validation:
 * unknown fields are refused. CEL rules (x-kubernetes-validations) are not evaluated.
 */
export interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  nullable?: boolean;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  not?: Schema;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
}

export interface SchemaSet {
  /** By `<apiVersion>/<kind>`. */
  kinds: Record<string, Schema>;
  /** What `$ref` names. */
  definitions: Record<string, Schema>;
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/** What is wrong with an object, `<path>: <problem>` each; a kind without a schema is a problem. */
export function problemsOf(object: KubernetesObject, set: SchemaSet): string[] {
  const id = `${object.apiVersion}/${object.kind}`;
  const schema = set.kinds[id];
  return schema === undefined ? [`no schema of ${id}`] : check(object, schema, "", true, set);
}

function check(
  value: unknown,
  given: Schema,
  at: string,
  strict: boolean,
  set: SchemaSet,
): string[] {
  const schema = given.$ref === undefined ? given : set.definitions[given.$ref];
  if (schema === undefined) return [`${at}: no definition of ${given.$ref}`];
  if (value === null) return schema.nullable ? [] : [`${at}: is null`];
  return [
    ...ofType(value, schema, at),
    ...ofValue(value, schema, at),
    ...ofFields(value, schema, at, strict, set),
    ...ofCombination(value, schema, at, set),
  ];
}

function ofType(value: unknown, schema: Schema, at: string): string[] {
  const actual = Array.isArray(value) ? "array" : typeof value;
  if (schema["x-kubernetes-int-or-string"] === true) {
    return actual === "string" || Number.isInteger(value) ? [] : [`${at}: is no integer or string`];
  }
  if (schema.type === undefined || schema.type === actual) return [];
  if (schema.type === "integer" && Number.isInteger(value)) return [];
  return [`${at}: is ${actual}, not ${schema.type}`];
}

function ofValue(value: unknown, schema: Schema, at: string): string[] {
  const problems: string[] = [];
  const refuse = (broken: boolean, rule: string) => {
    if (broken) problems.push(`${at}: ${JSON.stringify(value)} breaks ${rule}`);
  };
  refuse(schema.enum !== undefined && !schema.enum.includes(value), `enum ${schema.enum?.join()}`);
  if (typeof value === "string") {
    const { pattern, minLength = 0, maxLength = Infinity } = schema;
    refuse(pattern !== undefined && !new RegExp(pattern, "u").test(value), `pattern ${pattern}`);
    refuse(value.length < minLength || value.length > maxLength, "length");
  }
  if (typeof value === "number") {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    refuse(value < minimum || value > maximum, "range");
  }
  if (Array.isArray(value)) {
    const { minItems = 0, maxItems = Infinity } = schema;
    refuse(value.length < minItems || value.length > maxItems, "number of items");
  }
  return problems;
}

function ofFields(
  value: unknown,
  schema: Schema,
  at: string,
  strict: boolean,
  set: SchemaSet,
): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, index) => check(item, items, `${at}[${index}]`, strict, set));
  }
  if (typeof value !== "object" || value === null) return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  const { properties = {}, additionalProperties = false } = schema;
  const open = !strict || schema["x-kubernetes-preserve-unknown-fields"] === true;
  return [
    ...missing.map((name) => `${at}.${name}: is missing`),
    ...Object.entries(value).flatMap(([name, field]) => {
      const known = properties[name];
      if (known !== undefined) return check(field, known, `${at}.${name}`, strict, set);
      if (typeof additionalProperties === "object") {
        return check(field, additionalProperties, `${at}.${name}`, strict, set);
      }
      return open || additionalProperties ? [] : [`${at}.${name}: unknown field`];
    }),
  ];
}

/** Branches only add rules to fields that the schema itself names, so unknown fields are not theirs. */
function ofCombination(value: unknown, schema: Schema, at: string, set: SchemaSet): string[] {
  const fits = (branch: Schema) => check(value, branch, at, false, set).length === 0;
  const { allOf = [], anyOf, oneOf, not } = schema;
  return [
    ...allOf.flatMap((branch) => check(value, branch, at, false, set)),
    ...(anyOf === undefined || anyOf.some(fits) ? [] : [`${at}: fits none of anyOf`]),
    ...(oneOf === undefined || oneOf.filter(fits).length === 1
      ? []
      : [`${at}: does not fit oneOf`]),
    ...(not === undefined || !fits(not) ? [] : [`${at}: fits what it must not`]),
  ];
}
