import type { Cloud, Thing } from "./cloud";
import type { Json, Props } from "./values";

/** Where and for whom a call runs. */
export interface Call {
  cloud: Cloud;
  type: string;
  /** Region whose API is called, GLOBAL for IAM and Route 53. */
  region: string;
  /** The thing being updated or deleted. */
  self?: Thing;
}

/** A property that names another thing: it must exist, and while it is named it cannot be deleted. */
export interface Reference {
  /** Path into the inputs, `[]` for every element of a list. */
  path: string;
  type: string;
  /** Property of the other thing that the value equals; default `id`. */
  by?: string;
  /** Whether the other thing cannot be deleted while it is named so; default true. */
  blocks?: boolean;
  /** The other thing may be in any region (IAM and Route 53 always may). */
  anyRegion?: boolean;
}

/** What the cloud does with one resource type; the rest is read from the package's declarations. */
export interface Definition {
  /** `global` for IAM and Route 53; default `region`. */
  scope?: "region" | "global";
  /** Property that the provider names by itself when it is not given, `<name>-<7 hex>`. */
  autoName?: { property: string; max?: number; lower?: boolean; suffix?: string };
  /** Paths of inputs whose change replaces. Provider source: `ForceNew`, `RequiresReplace`. */
  forceNew?: readonly string[];
  /** Values of inputs that were not given. */
  defaults?: Props;
  /** Refusals that need no cloud; previews show them too. Unknowns must pass. */
  validate?(inputs: Props): void;
  references?: readonly Reference[];
  /** Physical name, and where it can stand only once. */
  unique?: { of: (inputs: Props) => string | undefined; within?: "world" | "region" };
  /** Refusals of the cloud at create and update (then with `call.self`). */
  admit?(inputs: Props, call: Call): void;
  /** Id of a new thing. */
  id(inputs: Props, call: Call): string;
  /** Properties that the cloud computes. `old` is the state before an update. */
  outputs?(inputs: Props, call: Call & { id: string; old?: Props }): Props;
  /** After it came to be: what it brings along. */
  created?(thing: Thing, call: Call): void;
  /** Throws when it cannot be deleted; side effects of the deletion. */
  deleted?(thing: Thing, call: Call): void;
  /** A change of these computed properties is shown as unknown in a preview of an update. */
  volatile?: readonly string[];
}

export type Catalogue = Record<string, Definition>;

/** An invoke's answer. */
export type Invoke = (args: Props, call: Call) => Record<string, Json | undefined>;
