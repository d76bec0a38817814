import assert from "node:assert/strict";
import { parseRehearseArguments } from "../../rehearsal/arguments";

describe("arguments of npm run rehearse", () => {
  it("without any: the whole of production, up to destroy", () => {
    assert.deepEqual(parseRehearseArguments([]), {
      mode: "rehearse",
      environment: "production",
      stacks: [],
      drill: undefined,
      keep: false,
      json: false,
      markdown: undefined,
      from: undefined,
      engine: undefined,
      real: [],
      clusters: undefined,
      chaos: undefined,
      charts: undefined,
      report: undefined,
      help: false,
    });
  });

  it("takes stacks by position and by flag, each once", () => {
    const { stacks } = parseRehearseArguments(["global", "-s", "us-east-1", "--stack", "global"]);
    assert.deepEqual(stacks, ["global", "us-east-1"]);
  });

  it("takes the environment from the stacks' names", () => {
    assert.equal(parseRehearseArguments(["staging-global"]).environment, "staging");
    assert.equal(parseRehearseArguments(["-e", "development"]).environment, "development");
  });

  it("reads preview as a mode, with its own flags", () => {
    const args = parseRehearseArguments([
      "preview",
      "global",
      "--markdown",
      "out.md",
      "--from",
      "../base",
    ]);
    assert.equal(args.mode, "preview");
    assert.deepEqual(args.stacks, ["global"]);
    assert.equal(args.markdown, "out.md");
    assert.equal(args.from, "../base");
  });

  it("splits --real at commas", () => {
    assert.deepEqual(parseRehearseArguments(["--real", "awsx, eks"]).real, ["awsx", "eks"]);
  });

  const refused: [string, string[], RegExp][] = [
    ["an unknown flag", ["--kepe"], /Unknown option '--kepe'/],
    [
      "an unknown engine",
      ["--engine", "docker"],
      /--engine is "docker"[\s\S]*path, launcher, go, mock/,
    ],
    ["an unknown real provider", ["--real", "aws"], /--real is "aws"[\s\S]*awsx, eks, kubernetes/],
    ["an unknown environment", ["-e", "test"], /--environment is "test"/],
    ["stacks of two environments", ["global", "staging-global"], /a run is of one environment/],
    ["a stack of another environment", ["-e", "staging", "global"], /a run is of one environment/],
    ["what is no stack's name", ["everything"], /stack name is "everything"/],
    ["--markdown without preview", ["--markdown", "x.md"], /these belong to a preview/],
  ];
  for (const [what, argv, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseRehearseArguments(argv), { name: "OperatorError", message });
    });
  }
});
