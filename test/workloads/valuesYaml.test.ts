import assert from "node:assert/strict";
import { OperatorError } from "../../infra/config/errors";
import { effectiveKeys, plainValues } from "../../workloads/layers";
import { parseValues } from "../../workloads/valuesYaml";

const read = (text: string) => plainValues(parseValues("values.yaml", text));

describe("values files: YAML as Helm reads it", () => {
  it("reads unquoted words of YAML 1.1, and quoted ones as strings", () => {
    assert.deepEqual(
      read('a: on\nb: "on"\nc: 0755\nd: 1_000\ne: ~\nf: 2001-01-01\ng: 1:30\nh: !!str 5\ni:\n'),
      { a: true, b: "on", c: 493, d: 1000, e: null, f: "2001-01-01", g: "1:30", h: "5", i: null },
    );
  });

  it("keeps numbers that fit no double or 64 bits as Helm does", () => {
    assert.deepEqual(read("a: 1e999\nb: 0xfffffffffffffffff\nc: 99999999999999999999\nd: -0"), {
      a: "1e999",
      b: "0xfffffffffffffffff",
      c: 1e20,
      d: 0,
    });
  });

  it("writes keys that are numbers or booleans out as words", () => {
    assert.deepEqual(read("1: a\non: b\n'no': c"), { "1": "a", true: "b", no: "c" });
  });

  it("follows aliases and merge keys; explicit keys win", () => {
    const text = "a: &a {x: 1, z: 2}\nb: *a\nc:\n  <<: *a\n  z: 3\nd:\n  <<: [{x: 4}, *a]\n";
    assert.deepEqual(read(text), {
      a: { x: 1, z: 2 },
      b: { x: 1, z: 2 },
      c: { x: 1, z: 3 },
      d: { x: 4, z: 2 },
    });
    const origins = effectiveKeys(parseValues("values.yaml", text)).map(
      ({ path, origin }) => `${path.join(".")}:${origin.line}`,
    );
    assert.deepEqual(origins, [
      "a.x:1",
      "a.z:1",
      "b.x:1",
      "b.z:1",
      "c.x:1",
      "c.z:5",
      "d.x:7",
      "d.z:1",
    ]);
  });

  it("takes a file without keys for one without values", () => {
    for (const text of ["", "# only a comment\n", "null\n", "---\n"])
      assert.deepEqual(read(text), {});
  });

  const refused: [text: string, message: string][] = [
    [
      "a: 1\nb:\n  c: 1\n  c: 2\n",
      'values.yaml:4 is "c"\n  rule: a key stands once in a map; Helm would drop line 3\n  fix:  remove one of the two',
    ],
    [
      "- a\n- b\n",
      'values.yaml:1 is ["a","b"]\n  rule: the top level of a values file is a map of keys\n  fix:  write `key: value` lines',
    ],
    [
      "a: 1\n---\nb: 2\n",
      "values.yaml:2\n  rule: a values file holds one YAML document; Helm would ignore the rest\n  fix:  remove the line `---` or split the file",
    ],
    [
      "a: 1\nb: .inf\n",
      'values.yaml:2 is ".inf"\n  rule: Helm turns values into JSON, which has neither infinity nor NaN\n  fix:  put it in quotes, or write a finite number',
    ],
    [
      "a: 1\n? [b]\n: 2\n",
      "values.yaml:2\n  rule: a key is a word; lists, maps and null are none\n  fix:  put the key in quotes",
    ],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => read(text), { name: "OperatorError", message });
    });
  }

  it("says the line of broken YAML and of an unknown tag", () => {
    for (const [text, line] of [
      ["a: 1\nb: [1,\n", 3],
      ["a: 1\n  b: 2\n", 1],
      ["a:\n  - !vault x\n", 2],
    ] as const) {
      assert.throws(
        () => read(text),
        (error) => error instanceof OperatorError && error.details.key === `values.yaml:${line}`,
        text,
      );
    }
  });
});
