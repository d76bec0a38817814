/**
 * Layered Helm values with provenance: what `helm -f a -f b -f c` would compute, and for each key the
 * file and line that set it. Pure; reading files is `valuesFiles.ts`, YAML is `valuesYaml.ts`.
 */

/** Where a value was set. Values that only the stack knows have no line. */
export interface Origin {
  /** Path from the project's root, or {@link WIRING}. */
  file: string;
  line?: number;
}

/** The name under which values of the stack itself (endpoints, queue URLs) appear as an origin. */
export const WIRING = "(stack)";

/** A map of values: the only thing that layers merge. */
export interface TrackedMap {
  kind: "map";
  origin: Origin;
  entries: ReadonlyMap<string, Tracked>;
}

/** A value that replaces and is replaced whole: scalar, null, list, or a Pulumi output. */
export interface TrackedLeaf {
  kind: "leaf";
  origin: Origin;
  value: unknown;
}

export type Tracked = TrackedMap | TrackedLeaf;

/** Plain values, as Helm and Pulumi take them. */
export type Values = Record<string, unknown>;

/** One key of the effective values. */
export interface EffectiveKey {
  path: readonly string[];
  /** An empty map appears as `{}`; other maps appear as their keys. */
  value: unknown;
  origin: Origin;
}

const NOWHERE: TrackedMap = { kind: "map", origin: { file: "" }, entries: new Map() };

/**
 * The values of repeated `-f`, later layers winning: maps merge key by key; anything else, lists and
 * null included, replaces what was there. A null stays in the result, because Helm removes the
 * chart's default with it only when it meets the chart (see {@link coalesce}).
 * Source: `mergeMaps` in helm/pkg/cli/values/options.go, v3.19.
 */
export function mergeLayers(layers: readonly TrackedMap[]): TrackedMap {
  return layers.reduce(mergeMaps, NOWHERE);
}

function mergeMaps(lower: TrackedMap, upper: TrackedMap): TrackedMap {
  const entries = new Map(lower.entries);
  for (const [key, value] of upper.entries) {
    const under = entries.get(key);
    entries.set(
      key,
      value.kind === "map" && under?.kind === "map" ? mergeMaps(under, value) : value,
    );
  }
  return { kind: "map", origin: upper.origin, entries };
}

/**
 * What templates see as `.Values`: merged values over the chart's own `values.yaml`. A null removes
 * the default of the same key; a key without a default keeps its null; where one side is a map and
 * the other is not, the given value stands. Holds for charts without subcharts, such as ours.
 * Source: `coalesceValues` and `coalesceTablesFullKey` in helm/pkg/chartutil/coalesce.go, v3.19.
 */
export function coalesce(values: TrackedMap, defaults: TrackedMap): TrackedMap {
  const entries = new Map(values.entries);
  for (const [key, byDefault] of defaults.entries) {
    const given = entries.get(key);
    if (given === undefined) entries.set(key, byDefault);
    else if (given.kind === "leaf" && given.value === null) entries.delete(key);
    else if (given.kind === "map" && byDefault.kind === "map") {
      entries.set(key, coalesce(given, byDefault));
    }
  }
  return { kind: "map", origin: values.origin, entries };
}

/** Every leaf with its path and origin, in the alphabetical order of paths. */
export function effectiveKeys(values: TrackedMap): EffectiveKey[] {
  return walk(values, []);
}

function walk(map: TrackedMap, path: readonly string[]): EffectiveKey[] {
  return [...map.entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) => {
      const here = [...path, key];
      if (value.kind === "map" && value.entries.size > 0) return walk(value, here);
      const leaf = value.kind === "map" ? {} : value.value;
      return [{ path: here, value: leaf, origin: value.origin }];
    });
}

/** The values without their origins. Outputs among the leaves stay outputs. */
export function plainValues(map: TrackedMap): Values {
  // Object.fromEntries defines own properties, so that a key such as __proto__ is just a key.
  return Object.fromEntries(
    [...map.entries].map(([key, value]) => [
      key,
      value.kind === "map" ? plainValues(value) : value.value,
    ]),
  );
}

/** Plain values as a layer, all of it from one origin. Keys that are undefined are left out. */
export function layerOf(values: Values, origin: Origin): TrackedMap {
  const entries = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): [string, Tracked] => [
      key,
      isPlainMap(value) ? layerOf(value, origin) : { kind: "leaf", origin, value },
    ]);
  return { kind: "map", origin, entries: new Map(entries) };
}

/** Whether a value is a map of values, not a list, an output or another object. */
function isPlainMap(value: unknown): value is Values {
  return (
    typeof value === "object" &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  );
}
