import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parse, stringify } from "yaml";
import { lineDiff } from "../../cli/lineDiff";
import { withoutKey, withValue } from "../../edits/yamlValues";

const TEXT = `# The file's head.
config:
  aws:region: eu-west-1 # where

  p:database:
    role: secondary # for now
    proxy: true
  p:takeover: [us-east-1]
`;

describe("withValue", () => {
  it("changes a word and nothing around it", () => {
    assert.equal(
      withValue(TEXT, ["config", "p:database", "role"], "primary"),
      TEXT.replace("secondary", "primary"),
    );
  });

  it("changes a list in brackets, keeps it there", () => {
    assert.equal(
      withValue(TEXT, ["config", "p:takeover"], ["us-east-1", "eu-west-1"]),
      TEXT.replace("[us-east-1]", "[us-east-1, eu-west-1]"),
    );
  });

  it("adds a key to the map that it belongs in", () => {
    assert.equal(withValue(TEXT, ["config", "p:capacity"], 2.7), `${TEXT}  p:capacity: 2.7\n`);
    assert.equal(
      withValue(TEXT, ["config", "p:database", "onPromotion"], "allow-data-loss"),
      TEXT.replace("proxy: true\n", "proxy: true\n    onPromotion: allow-data-loss\n"),
    );
  });

  it("keeps comments where it has to write anew", () => {
    const block = "config:\n  # who\n  p:takeover:\n    - us-east-1 # why\n    - eu-west-1\n";
    const text = withValue(block, ["config", "p:takeover"], ["eu-west-1"]);
    assert.deepEqual(parse(text), { config: { "p:takeover": ["eu-west-1"] } });
    assert.match(text, /# who/);
  });
});

describe("withoutKey", () => {
  it("takes a line out and nothing else", () => {
    assert.equal(
      withoutKey(TEXT, ["config", "p:takeover"]),
      TEXT.replace("  p:takeover: [us-east-1]\n", ""),
    );
    assert.equal(
      withoutKey(TEXT, ["config", "p:database", "role"]),
      TEXT.replace("    role: secondary # for now\n", ""),
    );
  });

  it("takes a block out with all of its lines", () => {
    assert.equal(
      withoutKey(TEXT, ["config", "p:database"]),
      TEXT.replace("  p:database:\n    role: secondary # for now\n    proxy: true\n", ""),
    );
  });

  it("leaves a text alone that has no such key", () => {
    assert.equal(withoutKey(TEXT, ["config", "p:capacity"]), TEXT);
  });

  it("takes out what withValue added, on any file of ours", () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const value = fc.oneof(fc.constantFrom("active", "drained", 1.5, true), fc.array(key));
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1 }), key, value, (map, name, added) => {
        fc.pre(!Object.hasOwn(map, name));
        const text = stringify({ config: map });
        const more = withValue(text, ["config", name], added);
        assert.deepEqual(parse(more), { config: { ...map, [name]: added } });
        assert.equal(withoutKey(more, ["config", name]), text);
      }),
      { numRuns: 500 },
    );
  });
});

describe("lineDiff", () => {
  it("shows changed lines among three of their neighbours", () => {
    const lines = Array.from({ length: 12 }, (_, index) => `${index + 1}\n`);
    const after = lines.map((line) => (line === "6\n" ? "six\n" : line));
    assert.equal(
      lineDiff("f", lines.join(""), after.join("")),
      "--- f\n+++ f\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n",
    );
  });

  it("shows far changes apart, additions and removals, and nothing where nothing changed", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `${index + 1}\n`);
    const after = ["0\n", ...lines.slice(0, 19)];
    assert.equal(
      lineDiff("f", lines.join(""), after.join("")),
      "--- f\n+++ f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -17,4 +18,3 @@\n 17\n 18\n 19\n-20\n",
    );
    assert.equal(lineDiff("f", "a\n", "a\n"), "");
  });
});
