import assert from "node:assert/strict";
import { coalesce, effectiveKeys, layerOf, mergeLayers, plainValues } from "../../workloads/layers";
import { parseValues } from "../../workloads/valuesYaml";

const layer = (text: string, file = "a.yaml") => parseValues(file, text);
const merged = (...texts: string[]) => plainValues(mergeLayers(texts.map((text) => layer(text))));

describe("layers: merge", () => {
  it("merges maps key by key", () => {
    assert.deepEqual(merged("a: {b: 1, c: {d: 2}}", "a: {c: {e: 3}}\nf: 4"), {
      a: { b: 1, c: { d: 2, e: 3 } },
      f: 4,
    });
  });

  it("replaces lists and scalars whole", () => {
    assert.deepEqual(merged("a: [1, 2]\nb: 1", "a: [3]\nb: two"), { a: [3], b: "two" });
  });

  it("lets a map replace a scalar and a scalar a map", () => {
    assert.deepEqual(merged("a: 1\nb: {c: 1}", "a: {c: 1}\nb: 1"), { a: { c: 1 }, b: 1 });
  });

  it("keeps null, so that it can meet the chart's default, and forgets the map below it", () => {
    assert.deepEqual(merged("a: {b: 1}", "a: null"), { a: null });
    assert.deepEqual(merged("a: {b: 1}", "a: null", "a: {c: 2}"), { a: { c: 2 } });
  });

  it("does not read an inherited property as a key", () => {
    const values = merged("__proto__: {a: 1}\nconstructor: {b: 2}", "__proto__: {c: 3}");
    assert.equal(JSON.stringify(values), '{"__proto__":{"a":1,"c":3},"constructor":{"b":2}}');
  });
});

describe("layers: chart defaults", () => {
  const seen = (values: string, defaults: string) =>
    plainValues(coalesce(layer(values), layer(defaults)));

  it("fills in what the values leave out", () => {
    assert.deepEqual(seen("a: {b: 1}", "a: {b: 0, c: 2}\nd: 3"), { a: { b: 1, c: 2 }, d: 3 });
  });

  it("removes a default by null at any depth, and keeps a null that has no default", () => {
    assert.deepEqual(seen("a: {b: null, x: null}\nc: null", "a: {b: 1, d: 2}\nc: {e: 1}"), {
      a: { d: 2, x: null },
    });
  });

  it("lets the given value stand where only one side is a map", () => {
    assert.deepEqual(seen("a: 1\nb: {c: 1}", "a: {d: 1}\nb: 2"), { a: 1, b: { c: 1 } });
  });
});

describe("layers: provenance", () => {
  it("names the file and line that set each key", () => {
    const base = layer("image:\n  tag: v1\n  name: web\nports: [80]\n", "base.yaml");
    const region = layer("# closer\nimage:\n  tag: v2\nports:\n  - 81\n", "region.yaml");
    const wiring = layerOf({ env: { HOST: "db" }, skipped: undefined }, { file: "(stack)" });
    assert.deepEqual(effectiveKeys(mergeLayers([base, region, wiring])), [
      { path: ["env", "HOST"], value: "db", origin: { file: "(stack)" } },
      { path: ["image", "name"], value: "web", origin: { file: "base.yaml", line: 3 } },
      { path: ["image", "tag"], value: "v2", origin: { file: "region.yaml", line: 3 } },
      { path: ["ports"], value: [81], origin: { file: "region.yaml", line: 4 } },
    ]);
  });

  it("shows an empty map as a key of its own", () => {
    assert.deepEqual(effectiveKeys(layer("a: {}\nb: {c: {}}")), [
      { path: ["a"], value: {}, origin: { file: "a.yaml", line: 1 } },
      { path: ["b", "c"], value: {}, origin: { file: "a.yaml", line: 2 } },
    ]);
  });

  it("treats an object that is no plain map, such as an output, as one value", () => {
    const output = new (class Output {
      readonly inner = 1;
    })();
    const values = plainValues(
      mergeLayers([layer("a: {b: 1}"), layerOf({ a: output }, { file: "x" })]),
    );
    assert.equal(values.a, output);
  });
});
