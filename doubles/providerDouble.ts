import { catalogue, invokes } from "./catalogue";
import { type Cloud, GLOBAL, type Thing } from "./cloud";
import type { Call, Definition, Reference } from "./definition";
import { refuse } from "./refusal";
import { checkInputs, schemaOf, type TypeSchema } from "./schema";
import { at, equal, hasUnknown, type Json, type Props, text, UNKNOWN } from "./values";
import { createHash } from "node:crypto";

export interface PropertyChange {
  kind: "add" | "update" | "delete";
  replace: boolean;
}

export interface Difference {
  /** By top-level property. */
  changes: Map<string, PropertyChange>;
  deleteBeforeReplace: boolean;
}

/**
 * What the providers' resource operations do over the catalogue and one ledger: the single
 * implementation behind the unit tests' mocks and the gRPC servers.
 */
export class ProviderDouble {
  /** @param region the provider's own region (`aws:region`), used where a resource names none. */
  constructor(
    readonly cloud: Cloud,
    public region: string,
  ) {}

  private configured: string | undefined;

  /**
   * Takes the region that the engine configures a provider with. Refuses a second region within one
   * operation: calls do not say which provider they are for, and a resource can name its region itself.
   */
  configure(region: string | undefined): void {
    if (region === undefined) return;
    if (this.configured !== undefined && this.configured !== region) {
      refuse(
        `two AWS providers, of ${this.configured} and ${region}, in one operation: give resources a region instead`,
      );
    }
    this.configured = region;
    this.region = region;
  }

  /** The operation is over: the next one may have another region. */
  forget(): void {
    this.configured = undefined;
  }

  /** Whether the catalogue knows the resource type. */
  static knows(type: string): boolean {
    return find(type) !== undefined;
  }

  /** Inputs as the provider stores them: defaults, the automatic name. Refuses what can be seen without the cloud. */
  check(type: string, name: string, olds: Props, news: Props, seed = name): Props {
    const { definition, schema } = known(type);
    checkInputs(type, schema, news);
    const inputs: Props = { ...news };
    for (const [key, value] of Object.entries(definition.defaults ?? {})) inputs[key] ??= value;
    const auto = definition.autoName;
    if (auto && (inputs[auto.property] ?? null) === null) {
      inputs[auto.property] = olds[auto.property] ?? autoName(auto, name, seed);
    }
    definition.validate?.(inputs);
    return inputs;
  }

  diff(type: string, olds: Props, news: Props): Difference {
    const { definition } = known(type);
    const changes = new Map<string, PropertyChange>();
    const forceNew = [...(definition.forceNew ?? []), ...(definition.scope ? [] : ["region"])];
    for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
      if (key === "__defaults" || equal(olds[key], news[key])) continue;
      const kind =
        (olds[key] ?? null) === null ? "add" : (news[key] ?? null) === null ? "delete" : "update";
      const replace = forceNew.some(
        (path) =>
          (path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`)) &&
          !sameAt(olds, news, path),
      );
      changes.set(key, { kind, replace });
    }
    const named = definition.autoName?.property;
    const replaces = [...changes.values()].some((change) => change.replace);
    // As the bridge does: a resource that keeps its explicit name cannot stand beside its replacement.
    const deleteBeforeReplace =
      replaces &&
      named !== undefined &&
      equal(olds[named], news[named]) &&
      !hasUnknown(news[named]);
    return { changes, deleteBeforeReplace };
  }

  /** State that a preview of a creation shows: inputs as given, everything computed unknown. */
  previewCreate(type: string, inputs: Props): Props {
    const { schema, definition } = known(type);
    return previewed(
      schema,
      { ...(definition.defaults ?? {}), ...inputs },
      {},
      this.regionOf(type, inputs),
    );
  }

  create(type: string, inputs: Props): { id: string; state: Props } {
    const { definition, schema } = known(type);
    const call = this.call(type, inputs);
    this.admit(definition, inputs, call);
    const id = definition.id(inputs, call);
    const state = this.state(definition, schema, inputs, { ...call, id });
    const thing: Thing = { type, id, region: call.region, inputs, state };
    this.cloud.put(thing);
    definition.created?.(thing, call);
    return { id, state };
  }

  previewUpdate(type: string, inputs: Props, old: Props): Props {
    const { schema, definition } = known(type);
    const volatile = Object.fromEntries((definition.volatile ?? []).map((key) => [key, UNKNOWN]));
    const kept = withoutInputs(schema, old);
    return previewed(schema, inputs, { ...kept, ...volatile }, this.regionOf(type, inputs));
  }

  update(type: string, id: string, inputs: Props, old: Props): Props {
    const { definition, schema } = known(type);
    const call = this.call(type, { region: old.region, ...inputs });
    const self = this.cloud.get(type, call.region, id);
    if (self === undefined) refuse(`${type} ${id}: not found (nothing to update)`);
    this.admit(definition, inputs, { ...call, self });
    self.state = this.state(definition, schema, inputs, { ...call, id, old: self.state });
    self.inputs = inputs;
    return self.state;
  }

  /** Current inputs and state, undefined when it does not exist any more. */
  read(type: string, id: string, props: Props): Thing | undefined {
    known(type);
    return this.cloud.get(type, this.call(type, props).region, id);
  }

  /** State of something that exists beforehand (`X.get`, `import`). Refuses when it does not. */
  lookUp(type: string, id: string, props: Props): Props {
    const found = this.read(type, id, props);
    if (found) return found.state;
    if (!this.cloud.assumeExisting) refuse(`${type} ${id}: not found`);
    const { definition, schema } = known(type);
    return this.state(definition, schema, props, { ...this.call(type, props), id });
  }

  delete(type: string, id: string, props: Props): void {
    const { definition } = known(type);
    const call = this.call(type, props);
    const self = this.cloud.get(type, call.region, id);
    if (self === undefined) return;
    for (const user of this.usersOf(self)) {
      refuse(`${type} ${id}: DependencyViolation: in use by ${user.type} ${user.id}`);
    }
    definition.deleted?.(self, { ...call, self });
    this.cloud.remove(self);
  }

  invoke(token: string, args: Props): Props {
    const invoke = invokes[token];
    if (invoke === undefined) refuse(`the doubles do not know the invoke ${token}`);
    const schema = schemaOf(token);
    if (schema) checkInputs(token, schema, args);
    const region = text(args, "region") ?? this.region;
    if (!token.startsWith("aws:index/") && !/:(iam|route53)\//.test(token)) {
      this.cloud.call(region, token);
    }
    return invoke(args, { cloud: this.cloud, type: token, region });
  }

  private call(type: string, props: Props): Call {
    const region = this.regionOf(type, props);
    this.cloud.call(region, type);
    return { cloud: this.cloud, type, region };
  }

  private regionOf(type: string, props: Props): string {
    if (find(type)?.scope === "global" || !type.startsWith("aws:")) return GLOBAL;
    return text(props, "region") ?? this.region;
  }

  private admit(definition: Definition, inputs: Props, call: Call): void {
    for (const reference of definition.references ?? []) this.resolve(reference, inputs, call);
    const name = definition.unique?.of(inputs);
    if (name !== undefined) {
      const within = definition.unique?.within === "world" ? undefined : call.region;
      const other = this.cloud
        .all(call.type, within)
        .find((thing) => thing !== call.self && definition.unique?.of(thing.inputs) === name);
      if (other) refuse(`${call.type}: "${name}" already exists (${other.id} in ${other.region})`);
    }
    definition.admit?.(inputs, call);
  }

  private resolve(reference: Reference, inputs: Props, call: Call): void {
    for (const value of at(inputs, reference.path)) {
      if (typeof value !== "string" || value === UNKNOWN) continue;
      if (this.named(reference, value, call.region)) continue;
      if (!this.cloud.assumeExisting) {
        refuse(
          `${call.type}: ${reference.path} "${value}": no ${reference.type} of that ${reference.by ?? "id"} in ${call.region}`,
          reference.path,
        );
      }
    }
  }

  private named(reference: Reference, value: string, region: string): Thing | undefined {
    const elsewhere = reference.anyRegion || find(reference.type)?.scope === "global";
    const by = reference.by ?? "id";
    if (by === "id" && !elsewhere) return this.cloud.get(reference.type, region, value);
    return this.cloud
      .all(reference.type, elsewhere ? undefined : region)
      .find((thing) => (by === "id" ? thing.id : thing.state[by]) === value);
  }

  private usersOf(self: Thing): Thing[] {
    const users: Thing[] = [];
    for (const { type, reference } of referencesTo(self.type)) {
      const value = reference.by === undefined ? self.id : self.state[reference.by];
      const elsewhere = reference.anyRegion || self.region === GLOBAL;
      users.push(
        ...this.cloud
          .all(type, elsewhere ? undefined : self.region)
          .filter(
            (thing) =>
              thing !== self &&
              thing.owner === undefined &&
              at(thing.inputs, reference.path).some((named) => named === value),
          ),
      );
    }
    return users;
  }

  private state(
    definition: Definition,
    schema: TypeSchema,
    inputs: Props,
    call: Call & { id: string; old?: Props },
  ): Props {
    const given: Props = {};
    for (const [key, value] of Object.entries(inputs)) {
      if (schema.outputs.has(key)) given[key] = value;
    }
    const kept = call.old ? withoutInputs(schema, call.old) : {};
    const state: Props = { ...kept, ...given, ...definition.outputs?.(inputs, call) };
    if (schema.outputs.has("region") && call.region !== GLOBAL) state.region = call.region;
    if (schema.outputs.has("tagsAll")) state.tagsAll = inputs.tags ?? {};
    for (const [key, member] of schema.outputs) {
      if (!member.optional && state[key] === undefined) {
        state[key] = key === "arn" ? genericArn(call) : emptyOf(member.shape);
      }
    }
    return state;
  }
}

function find(type: string): Definition | undefined {
  return (
    catalogue[type] ?? (type.startsWith("kubernetes:") ? catalogue["kubernetes:*"] : undefined)
  );
}

function known(type: string): { definition: Definition; schema: TypeSchema } {
  const definition = find(type);
  if (definition === undefined) refuse(`the doubles do not know the resource type ${type}`);
  const schema = schemaOf(type) ?? (type.startsWith("kubernetes:") ? OPEN : undefined);
  if (schema === undefined) refuse(`the installed package does not declare ${type}`);
  return { definition, schema };
}

const anything = { shape: { kind: "any" as const }, optional: true };

/** Schema of a custom resource, which no package declares: anything goes. */
const OPEN: TypeSchema = {
  inputs: new Map(
    ["apiVersion", "kind", "metadata", "spec", "status", "data", "stringData", "type"].map(
      (key) => [key, anything],
    ),
  ),
  outputs: new Map(["apiVersion", "kind", "metadata", "spec"].map((key) => [key, anything])),
};

/** References from any type of the catalogue to one type, of those that block its deletion. */
function referencesTo(type: string): { type: string; reference: Reference }[] {
  return Object.entries(catalogue).flatMap(([from, definition]) =>
    (definition.references ?? [])
      .filter((reference) => reference.type === type && reference.blocks !== false)
      .map((reference) => ({ type: from, reference })),
  );
}

function previewed(schema: TypeSchema, inputs: Props, kept: Props, region: string): Props {
  const state: Props = { ...kept };
  for (const [key, value] of Object.entries(inputs))
    if (schema.outputs.has(key)) state[key] = value;
  if (schema.outputs.has("tagsAll")) state.tagsAll = inputs.tags ?? {};
  if (schema.outputs.has("region") && region !== GLOBAL) state.region = region;
  for (const [key, member] of schema.outputs) {
    if (state[key] === undefined && !(member.optional && schema.inputs.has(key))) {
      state[key] = UNKNOWN;
    }
  }
  return state;
}

/** What of an old state outlives an update: the properties that are not inputs, or are computed when not given. */
function withoutInputs(schema: TypeSchema, old: Props): Props {
  return Object.fromEntries(
    Object.entries(old).filter(
      ([key]) => !schema.inputs.has(key) || schema.outputs.get(key)?.optional === false,
    ),
  );
}

function autoName(
  auto: { max?: number; lower?: boolean; suffix?: string },
  name: string,
  seed: string,
): string {
  const hex = createHash("sha256").update(seed).digest("hex").slice(0, 7);
  const suffix = auto.suffix ?? "";
  const room = (auto.max ?? 64) - hex.length - 1 - suffix.length;
  const base = (auto.lower ? name.toLowerCase() : name).slice(0, room);
  return `${base}-${hex}${suffix}`;
}

function sameAt(olds: Props, news: Props, path: string): boolean {
  return equal(at(olds, path), at(news, path));
}

function emptyOf(shape: { kind: string }): Json {
  switch (shape.kind) {
    case "array":
      return [];
    case "map":
    case "object":
      return {};
    case "number":
      return 0;
    case "boolean":
      return false;
    default:
      return "";
  }
}

function genericArn(call: Call & { id: string }): string {
  const [, module = "", name = ""] = call.type.split(":");
  return call.cloud.arn(
    module.split("/")[0] ?? module,
    call.region,
    `${name.toLowerCase()}/${call.id}`,
  );
}
