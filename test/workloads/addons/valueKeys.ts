/** The part of a chart's JSON schema that says which keys there are. */
export interface ChartSchema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, ChartSchema | boolean>;
  patternProperties?: Record<string, ChartSchema | boolean>;
  additionalProperties?: boolean | ChartSchema;
  allOf?: ChartSchema[];
  anyOf?: ChartSchema[];
  oneOf?: ChartSchema[];
  [key: string]: unknown;
}

type Values = Record<string, unknown>;

export const isMap = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keys of maps that charts hand on to Kubernetes as they are, by the map's name; `any` for what users name. */
const KUBERNETES_MAPS: readonly [RegExp, readonly string[] | "any"][] = [
  [/^resources$/, ["requests", "limits"]],
  [/^(requests|limits)$/, ["cpu", "memory", "ephemeral-storage"]],
  [/^(nodeSelector|affinity)$|Labels$|Annotations$/, "any"],
  [
    /^(pod|container)?SecurityContext$|^securityContext$/i,
    [
      "allowPrivilegeEscalation",
      "capabilities",
      "fsGroup",
      "privileged",
      "readOnlyRootFilesystem",
      "runAsGroup",
      "runAsNonRoot",
      "runAsUser",
      "seccompProfile",
    ],
  ],
];

function isKubernetesKey(path: string, key: string): boolean {
  const name = path.split(".").at(-1) ?? "";
  return KUBERNETES_MAPS.some(
    ([map, keys]) => map.test(name) && (keys === "any" || keys.includes(key)),
  );
}

/**
 * Paths that neither the schema nor the values file names: some charts' schemas name a part only. A
 * schema that closes its maps is Helm's business, and judged by Helm.
 */
export function unknownByBoth(
  values: Values,
  defaults: Values,
  schema: ChartSchema,
  open: readonly string[],
): string[] {
  const bySchema = unknownBySchema(values, schema, open);
  const byDefaults = unknownByDefaults(values, defaults, open);
  const under = (path: string, others: readonly string[]): boolean =>
    others.some((other) => path === other || path.startsWith(`${other}.`));
  return [
    ...byDefaults.filter((path) => under(path, bySchema)),
    ...bySchema.filter((path) => under(path, byDefaults) && !byDefaults.includes(path)),
  ];
}

/**
 * Paths of values that the chart does not know, by its `values.yaml`. A default of `{}`, null or nothing
 * takes anything; so do the paths in `open`.
 */
export function unknownByDefaults(
  values: Values,
  defaults: Values,
  open: readonly string[],
  path = "",
): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    if (!Object.hasOwn(defaults, key)) {
      return open.includes(path) || isKubernetesKey(path, key) ? [] : [here];
    }
    const known = defaults[key];
    if (value === undefined || value === null || known === null || known === "") return [];
    if (shapeOf(value) !== shapeOf(known))
      return [`${here}: ${shapeOf(value)}, not ${shapeOf(known)}`];
    if (!isMap(value) || !isMap(known) || Object.keys(known).length === 0) return [];
    return unknownByDefaults(value, known, open, here);
  });
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return isMap(value) ? "map" : "scalar";
}

/**
 * Paths of values that the chart's schema does not name. Stricter than the schema: a key beside named
 * ones is unknown unless the schema says outright that there may be others.
 */
export function unknownBySchema(
  values: Values,
  schema: ChartSchema,
  open: readonly string[],
  root: ChartSchema = schema,
  path = "",
): string[] {
  const branches = branchesOf(schema, root);
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    if (open.includes(path)) return [];
    const next = branches
      .map((branch) => keySchema(branch, key))
      .filter((found) => found !== false);
    if (next.length === 0) return [here];
    const schemas = next.filter((found): found is ChartSchema => typeof found === "object");
    if (!isMap(value) || schemas.length < next.length) return [];
    return unknownBySchema(value, { allOf: schemas }, open, root, here);
  });
}

/** A schema and what it refers to or combines, flat. */
function branchesOf(schema: ChartSchema, root: ChartSchema): ChartSchema[] {
  const { $ref, allOf = [], anyOf = [], oneOf = [], ...own } = schema;
  const target = $ref === undefined ? undefined : at(root, $ref);
  const parts = [...allOf, ...anyOf, ...oneOf, ...(target === undefined ? [] : [target])];
  const flat = parts.flatMap((part) => branchesOf(part, root));
  return parts.length > 0 && own.properties === undefined ? flat : [own, ...flat];
}

function at(root: ChartSchema, ref: string): ChartSchema | undefined {
  let node: unknown = root;
  for (const step of ref.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    node = isMap(node) ? node[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return isMap(node) ? node : undefined;
}

/** Schema of a key, true where anything goes, false where there is no such key. */
function keySchema(schema: ChartSchema, key: string): ChartSchema | boolean {
  const { properties, patternProperties = {}, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key] ?? true;
  const pattern = Object.keys(patternProperties).find((each) => new RegExp(each).test(key));
  if (pattern !== undefined) return patternProperties[pattern] ?? true;
  if (additionalProperties !== undefined) return additionalProperties;
  return properties === undefined || Object.keys(properties).length === 0;
}
