import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { run } from "../../rehearsal/tools/run";
import { coalesce, mergeLayers, plainValues } from "../../workloads/layers";
import { parseValues } from "../../workloads/valuesYaml";
import { helmOrSkip } from "../support/helm";

/** One case: the chart's values.yaml and the files of `-f a -f b -f c`, as YAML flow text. */
type Case = [defaults: string, a: string, b: string, c: string];

const SEED = 20_261_121;
const CASES = 1_000;
/** Cases under keys of one values tree, which one Helm process merges: fifty trees a process. */
const BATCH = 50;
/** Cases whose trees are the values themselves, a process each: Helm's top level has code of its own. */
const ALONE = 50;

// Few keys, so that layers meet; each means something else to YAML 1.1.
const key = fc.constantFrom("a", "b", "c", "dé", "on", "1", "null-ish", '"y"', "0x10", "__proto__");

const scalar = fc.oneof(
  fc.constantFrom(
    ..."null ~ yes No ON off y n true FALSE 0 -0 007 0o17 089 1_000 0x1F 0b101 .5 1. 1e3 -1.5E-3".split(
      " ",
    ),
    ..."1e999 9007199254740993 99999999999999999999 12:30 2001-01-01 1.2.3 v1 500m 2Gi -x 0b12".split(
      " ",
    ),
    ...["''", '"null"', "'on'", '"007"', "two words", "!!str 12", '"é\\n\\t"'],
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.string().map((text) => JSON.stringify(text)),
);

const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: scalar },
    {
      weight: 1,
      arbitrary: fc.array(tie("node"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    },
    { weight: 4, arbitrary: tie("tree") },
  ),
  tree: fc
    .uniqueArray(fc.tuple(key, tie("node")), { maxLength: 5, selector: ([name]) => name })
    .map((pairs) => `{${pairs.map(([name, value]) => `${name}: ${value}`).join(", ")}}`),
}));

/** Helm's `.Values` for a chart with these defaults and files. */
async function helmValues(helm: string, [defaults, ...files]: Case): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "helm-equality-"));
  try {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    write("Chart.yaml", "apiVersion: v2\nname: values\nversion: 0.0.0\n");
    write("values.yaml", defaults);
    const flags = files.flatMap((text, index) => ["-f", write(`${index}.yml`, text)]);
    mkdirSync(join(folder, "templates"));
    write(join("templates", "values.yaml"), "values: {{ .Values | toJson | quote }}\n");
    const { code, stdout, stderr } = await run(helm, ["template", "x", folder, ...flags]);
    assert.equal(code, 0, stderr);
    const line = /^values: (.*)$/m.exec(stdout)?.[1] ?? "";
    return JSON.parse(JSON.parse(line) as string);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ourValues([defaults, ...files]: Case): unknown {
  const layers = files.map((text, index) => parseValues(`${index}.yaml`, text));
  // Through JSON, as Helm prints them.
  const values = coalesce(mergeLayers(layers), parseValues("values.yaml", defaults));
  return JSON.parse(JSON.stringify(plainValues(values)));
}

/** Many cases as one, each under its own key. */
function together(cases: readonly Case[]): Case {
  const file = (at: 0 | 1 | 2 | 3) =>
    `${cases.map((each, index) => `case${index}: ${each[at]}`).join("\n")}\n`;
  return [file(0), file(1), file(2), file(3)];
}

describe("layers equal Helm's", () => {
  it(`${CASES} generated value trees merge as by helm template -f a -f b -f c`, async function () {
    const helm = await helmOrSkip(this);
    const cases = fc.sample(fc.tuple(tree, tree, tree, tree), { numRuns: CASES, seed: SEED });
    const alone = cases.slice(0, ALONE);
    const batches: Case[] = [];
    for (let start = ALONE; start < CASES; start += BATCH) {
      batches.push(together(cases.slice(start, start + BATCH)));
    }
    const runs = [...alone, ...batches];
    assert.equal(alone.length + batches.length * BATCH, CASES);
    for (const each of runs)
      assert.deepEqual(ourValues(each), await helmValues(helm, each), each.join("\n"));
  });

  it("generates trees in which layers meet and defaults are removed", () => {
    const cases = fc.sample(fc.tuple(tree, tree, tree, tree), { numRuns: CASES, seed: SEED });
    const deep = cases.filter(([, a, b]) => /\w: \{.*: \{/.test(a) && /\w: \{.*: \{/.test(b));
    const nulls = cases.filter((each) => each.slice(1).some((text) => /: (null|~)[,}]/.test(text)));
    assert.ok(deep.length > CASES / 10, `${deep.length} cases have maps in maps in both layers`);
    assert.ok(nulls.length > CASES / 10, `${nulls.length} cases have nulls`);
  });
});
