import assert from "node:assert/strict";
import { isUsageError } from "../../cli/command";
import { values } from "../../cli/values";
import { OperatorError } from "../../infra/config/errors";
import { outputOf } from "../support/command";
import { ProjectCopy } from "../support/project";

interface Json {
  values: { replicas: { min: number }; global: { region: string } };
  keys: { key: string; value: unknown; file: string; line?: number }[];
}

describe("values command", () => {
  let copy: ProjectCopy;
  const run = (...argv: string[]) => outputOf(values(copy.root), ...argv);
  const line = (text: string, key: string) =>
    text
      .split("\n")
      .find((each) => each.startsWith(`${key} `))
      ?.split(/ {2,}/);

  before(() => {
    copy = new ProjectCopy();
    copy.write("workloads/values/api/production/us-east-1.yaml", "# floor\nreplicas:\n  min: 41\n");
    copy.write("workloads/values/api/production/eu-west-1.yaml", "replicas: {min: 42}\n");
  });
  after(() => copy.remove());

  it("prints each key with the file and line that set it, the stack's own marked", async () => {
    const text = await run("us-east-1", "api");
    assert.match(text, /^# api\nKEY +VALUE +SET BY\n/);
    assert.deepEqual(line(text, "replicas.min"), [
      "replicas.min",
      "41",
      "workloads/values/api/production/us-east-1.yaml:3",
    ]);
    assert.deepEqual(line(text, "global.region"), ["global.region", "us-east-1", "(stack)"]);
    assert.match(line(text, "tmpSize")?.[2] ?? "", /^workloads\/charts\/service\/values.yaml:\d+$/);
    assert.equal(text.split("\n# ").length, 1);
  });

  it("prints every release of the stack when none is named", async () => {
    const headers = [...(await run("us-east-1")).matchAll(/^# (.*)$/gm)].map(([, name]) => name);
    assert.ok(headers.includes("api") && headers.includes("media"));
    assert.ok(headers.includes("chat-generation"), "homed here");
  });

  it("prints all of it as JSON", async () => {
    const { api } = JSON.parse(await run("us-east-1", "api", "--json")) as { api: Json };
    assert.equal(api.values.replicas.min, 41);
    assert.deepEqual(
      api.keys.find(({ key }) => key === "replicas.min"),
      {
        key: "replicas.min",
        value: 41,
        file: "workloads/values/api/production/us-east-1.yaml",
        line: 3,
      },
    );
  });

  it("shows only what differs between two stacks, and what only one runs", async () => {
    const text = await run("us-east-1", "--diff", "eu-west-1");
    assert.match(text, /^# only in us-east-1: .*chat-generation/);
    const api = text.slice(text.indexOf("# api\n"), text.indexOf("# media\n"));
    assert.deepEqual(line(api, "replicas.min"), [
      "replicas.min",
      "41",
      "workloads/values/api/production/us-east-1.yaml:3",
      "42",
      "workloads/values/api/production/eu-west-1.yaml:1",
    ]);
    assert.equal(line(api, "tmpSize"), undefined);
  });

  it("says of one release that only one of the two stacks runs it", async () => {
    const text = await run("us-east-1", "chat-generation", "--diff", "eu-west-1");
    assert.equal(text, "# only in us-east-1: chat-generation\n");
  });

  const refused: [argv: string[], message: RegExp][] = [
    [["eu-west-9"], /^stack is "eu-west-9"\n.*\n {2}fix: {2}name .*us-east-1/],
    [["global"], /^stack is "global"\n {2}rule: releases are installed by a regional stack/],
    [["us-east-1", "apii"], /^release is "apii"\n {2}rule: us-east-1 installs api, media/],
    [["us-east-1", "apii", "--diff", "eu-west-1"], /^release is "apii"/],
    [["us east"], /^stack name is "us east"/],
  ];
  for (const [argv, message] of refused) {
    it(`refuses ${argv.join(" ")}`, async () => {
      await assert.rejects(run(...argv), (error) => {
        assert.ok(error instanceof OperatorError);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  for (const argv of [[], ["us-east-1", "api", "media"], ["us-east-1", "--csv"]]) {
    it(`calls ${JSON.stringify(argv.join(" "))} wrong usage`, async () => {
      await assert.rejects(run(...argv), isUsageError);
    });
  }
});
