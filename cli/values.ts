import { join } from "node:path";
import { parseArgs } from "node:util";
import { SERVICE_CHART } from "../workloads/chart";
import { coalesce, effectiveKeys, plainValues, WIRING } from "../workloads/layers";
import type { EffectiveKey, Origin, TrackedMap } from "../workloads/layers";
import { readValuesFile } from "../workloads/valuesFiles";
import { CHECKOUT, columns, type Command, runCommand, UsageError } from "./command";
import { planStack, releasesNamed } from "./stackPlan";

const USAGE = `npm run values -- <stack> [<release>] [--diff <other stack>] [--json]

Prints the values that a stack's releases get and, for each key, the file and line that set it.

  <release>              only this one, such as api; without it, every release of the stack
  --diff <other stack>   only the keys that differ between the two stacks
  --json                 everything, unabridged

Layers, each over the one before: the chart's values.yaml, then under workloads/values _shared/base,
<service>/base, _shared/<environment>/global, <service>/<environment>/global,
_shared/<environment>/<region>, <service>/<environment>/<region>, and what only the stack knows.
The last is marked ${WIRING}; addresses in it are samples, because no cloud is asked.
`;

/** Longest value in a table; --json has it whole. */
const WIDEST = 90;

interface ReleaseValues {
  release: string;
  values: TrackedMap;
}

/** The command, for a checkout. */
export function values(projectRoot: string): Command {
  return (argv, terminal) => {
    const { positionals, values: flags } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { diff: { type: "string" }, json: { type: "boolean", default: false } },
    });
    const [stack, release, ...more] = positionals;
    if (stack === undefined) throw new UsageError("name a stack");
    if (more.length > 0) throw new UsageError(`one release at most; ${more.join(" ")} is too much`);
    if (flags.diff === undefined) {
      const releases = valuesOf(projectRoot, stack, release);
      terminal.out(flags.json ? asJson(releases) : asTables(releases));
      return;
    }
    const differences = diff(projectRoot, [stack, flags.diff], release);
    terminal.out(
      flags.json ? `${JSON.stringify(differences, undefined, 2)}\n` : asText(differences),
    );
  };
}

/** What templates see, for one release of a stack or for all. */
function valuesOf(projectRoot: string, stack: string, release?: string): ReleaseValues[] {
  const plan = planStack(projectRoot, stack);
  const defaults = readValuesFile(projectRoot, join(SERVICE_CHART, "values.yaml"));
  return releasesNamed(plan, stack, release === undefined ? [] : [release]).map((planned) => ({
    release: planned.service.name,
    values: coalesce(planned.values, defaults),
  }));
}

function asJson(releases: readonly ReleaseValues[]): string {
  const entries = releases.map(({ release, values }): [string, unknown] => [
    release,
    {
      values: plainValues(values),
      keys: effectiveKeys(values).map(({ path, value, origin }) => ({
        key: keyOf(path),
        value,
        ...origin,
      })),
    },
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
}

function asTables(releases: readonly ReleaseValues[]): string {
  return releases
    .map(({ release, values }) => {
      const rows = effectiveKeys(values).map((key) => [
        keyOf(key.path),
        abridged(key.value),
        place(key.origin),
      ]);
      return `# ${release}\n${columns([["KEY", "VALUE", "SET BY"], ...rows])}`;
    })
    .join("\n");
}

/** One key that two stacks' releases do not share; a side without it is undefined. */
interface Difference {
  key: string;
  sides: [Side | undefined, Side | undefined];
}

type Side = Pick<EffectiveKey, "value" | "origin">;

interface Differences {
  stacks: [string, string];
  /** Releases that only one of the two installs, by stack. */
  only: Record<string, string[]>;
  releases: Record<string, Difference[]>;
}

function diff(projectRoot: string, stacks: [string, string], release?: string): Differences {
  const [left, right] = stacks.map((stack) => {
    const all = valuesOf(projectRoot, stack);
    return new Map(all.map(({ release, values }) => [release, values]));
  }) as [Map<string, TrackedMap>, Map<string, TrackedMap>];
  if (release !== undefined && !left.has(release) && !right.has(release)) {
    valuesOf(projectRoot, stacks[0], release);
  }
  const asked = (name: string) => release === undefined || release === name;
  const releases: Record<string, Difference[]> = {};
  for (const [name, values] of left) {
    const other = right.get(name);
    if (other !== undefined && asked(name)) releases[name] = differencesOf(values, other);
  }
  const onlyIn = (own: Map<string, TrackedMap>, other: Map<string, TrackedMap>) =>
    [...own.keys()].filter((name) => !other.has(name) && asked(name));
  const only = { [stacks[0]]: onlyIn(left, right), [stacks[1]]: onlyIn(right, left) };
  return { stacks, only, releases };
}

function differencesOf(left: TrackedMap, right: TrackedMap): Difference[] {
  const byKey = (values: TrackedMap) =>
    new Map(
      effectiveKeys(values).map(({ path, value, origin }) => [keyOf(path), { value, origin }]),
    );
  const [ours, theirs] = [byKey(left), byKey(right)];
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .sort()
    .map((key): Difference => ({ key, sides: [ours.get(key), theirs.get(key)] }))
    .filter(({ sides: [a, b] }) => JSON.stringify(a?.value) !== JSON.stringify(b?.value));
}

function asText({ stacks, only, releases }: Differences): string {
  const missing = Object.entries(only)
    .filter(([, names]) => names.length > 0)
    .map(([stack, names]) => `# only in ${stack}: ${names.join(", ")}\n`);
  const tables = Object.entries(releases).map(([release, differences]) => {
    if (differences.length === 0) return `# ${release}: no difference\n`;
    const rows = differences.map(({ key, sides }) => [
      key,
      ...sides.flatMap((side) =>
        side === undefined ? ["-", "-"] : [abridged(side.value), place(side.origin)],
      ),
    ]);
    const header = ["KEY", stacks[0], "SET BY", stacks[1], "SET BY"];
    return `# ${release}\n${columns([header, ...rows])}`;
  });
  return [...missing, ...tables].join("\n");
}

/** A path as one would write it, keys that hold dots in quotes. */
function keyOf(path: readonly string[]): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join(".");
}

function abridged(value: unknown): string {
  const text =
    typeof value === "string" && /^[\w./:@%-]+$/.test(value) ? value : JSON.stringify(value);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

function place({ file, line }: Origin): string {
  return line === undefined ? file : `${file}:${line}`;
}

if (require.main === module) void runCommand(USAGE, values(CHECKOUT));
