import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { applyEdits } from "../../edits/fileEdits";
import { withKey } from "../../edits/yamlEdits";

describe("applyEdits", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "edits-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  it("writes every file, folders included, and leaves no temporary one", () => {
    writeFileSync(join(root, "a"), "old");
    applyEdits(root, [
      { file: "a", text: "new" },
      { file: "b/c", text: "made" },
    ]);
    assert.deepEqual(readdirSync(root, { recursive: true }).sort(), ["a", "b", "b/c"]);
    assert.equal(readFileSync(join(root, "a"), "utf8"), "new");
    assert.equal(readFileSync(join(root, "b/c"), "utf8"), "made");
  });

  it("puts back what it has written when a later file cannot be", () => {
    writeFileSync(join(root, "a"), "old");
    mkdirSync(join(root, "z")); // a folder cannot be replaced by a file
    const edits = ["a", "b", "z"].map((file) => ({ file, text: "new" }));
    assert.throws(() => applyEdits(root, edits), { code: "EISDIR" });
    assert.equal(readFileSync(join(root, "a"), "utf8"), "old");
    assert.equal(existsSync(join(root, "b")), false);
    assert.deepEqual(readdirSync(root).sort(), ["a", "z"]);
  });
});

describe("withKey", () => {
  const cases: [text: string, expected: string][] = [
    ["a:\n  b: 1 # one\n# end\nc: 2\n", "a:\n  b: 1 # one\n  k: [1, 2]\n# end\nc: 2\n"],
    ["a:\n    b: 1", "a:\n    b: 1\n    k: [1, 2]\n"],
    ["a:\n  b:\n    c: |\n      text\n\nd: 1\n", ""],
    ["a: { b: 1 }\n", "a: {b: 1, k: [1, 2]}\n"],
    ["c: 1\n", ""],
  ];
  for (const [text, expected] of cases) {
    it(`adds to ${JSON.stringify(text)}`, () => {
      const result = withKey(text, ["a"], "k", [1, 2]);
      if (expected !== "") assert.equal(result, expected);
      const { a, ...rest } = parse(text) as { a?: Record<string, unknown> };
      assert.deepEqual(parse(result), { ...rest, a: { ...a, k: [1, 2] } });
    });
  }
});
