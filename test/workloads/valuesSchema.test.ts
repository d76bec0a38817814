import assert from "node:assert/strict";
import { planStack } from "../../cli/stackPlan";
import { OperatorError } from "../../infra/config/errors";
import { unknownKeys } from "../../workloads/valuesSchema";
import { parseValues } from "../../workloads/valuesYaml";
import { ProjectCopy } from "../support/project";

const SCHEMA = {
  additionalProperties: false,
  properties: {
    image: { additionalProperties: false, properties: { tag: {} } },
    env: { additionalProperties: false, patternProperties: { "^[A-Z]+$": {} } },
    peers: { additionalProperties: { $ref: "#/definitions/peer" } },
    free: {},
  },
  definitions: { peer: { additionalProperties: false, properties: { name: {} } } },
};

const unknown = (text: string) =>
  unknownKeys(parseValues("a.yaml", text), SCHEMA).map(({ key, value }) => [key, value]);

describe("values schema: unknown keys", () => {
  it("accepts what the schema names, matches or leaves open", () => {
    const text = "image: {tag: v1}\nenv: {HOST: a}\npeers: {x: {name: a}}\nfree: {a: {b: 1}}\n";
    assert.deepEqual(unknown(text), []);
  });

  it("names file, line and path of each key that it does not know", () => {
    const text = "imag: 1\nimage:\n  tags: v1\nenv:\n  host: a\npeers:\n  x:\n    nam: a\n";
    assert.deepEqual(unknown(text), [
      ["a.yaml:1", "imag"],
      ["a.yaml:3", "image.tags"],
      ["a.yaml:5", "env.host"],
      ["a.yaml:8", "peers.x.nam"],
    ]);
  });

  it("stops a stack with one message, however many services share the file", () => {
    const copy = new ProjectCopy();
    try {
      copy.write("workloads/values/_shared/production/global.yaml", "# all\nreplica: { min: 3 }\n");
      assert.throws(
        () => planStack(copy.root, "us-east-1"),
        (error) => {
          assert.ok(error instanceof OperatorError);
          assert.equal(error.problems.length, 1);
          assert.match(
            error.message,
            /^workloads\/values\/_shared\/production\/global.yaml:2 is "replica"\n {2}rule: unknown key; .*\n {2}fix: {2}rename it to replicas$/,
          );
          return true;
        },
      );
    } finally {
      copy.remove();
    }
  });
});
