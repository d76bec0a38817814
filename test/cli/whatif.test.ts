import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isUsageError } from "../../cli/command";
import { whatIfCommand } from "../../cli/whatif";
import type { WhatIf } from "../../infra/failover/whatIf";
import type { Verdict } from "../../cli/fleetQuestion";
import { withCheckout } from "../config/checkout";
import { outputOf } from "../support/command";

const ask = (...argv: string[]): Promise<string> =>
  withCheckout({}, (root) => outputOf(whatIfCommand(root), ...argv));

const facts = async (...argv: string[]) =>
  JSON.parse(await ask(...argv, "--json")) as WhatIf & { verdict: Verdict };

const near = ({ journeys }: WhatIf, region: string) => journeys.find(({ from }) => from === region);

describe("npm run whatif", () => {
  it("says of the files as they are that everybody is served next door", async () => {
    const result = await facts();
    assert.ok(result.journeys.every(({ addedMs }) => addedMs === 0));
    assert.deepEqual(
      result.regions.map(({ region, share }) => [region, share?.load, share?.overloaded]),
      [
        ["us-east-1", 5, false],
        ["eu-west-1", 3, false],
        ["ap-southeast-1", 2, false],
      ],
    );
    assert.deepEqual(result.writer, { region: "us-east-1", before: "us-east-1", answers: true });
    assert.deepEqual([result.steps, result.departures, result.homeless], [[], [], []]);
  });

  it("tells a loss: where users go, with what load, what stands still, and after how long", async () => {
    const result = await facts("--down", "us-east-1");
    assert.equal(near(result, "us-east-1")?.after.region, "eu-west-1");
    assert.equal(near(result, "us-east-1")?.addedMs, 64);
    assert.deepEqual(result.regions[1]?.share?.serves, ["us-east-1", "eu-west-1"]);
    assert.equal(result.regions[1]?.share?.overloaded, true);
    assert.equal(result.writer.answers, false);
    const homed = ["chat-generation", "text-editor-chat", "feed-copy-generation"];
    assert.deepEqual(result.homeless, homed);
    assert.deepEqual(
      result.departures.map(({ region, seconds }) => [region, seconds]),
      [["us-east-1", 90]],
    );
    assert.ok(result.notes.some((note) => note.includes("control plane is in us-east-1")));
  });

  it("takes edits, with the guards' word on them, and leaves the files alone", async () => {
    await withCheckout({}, async (root) => {
      const file = join(root, "Pulumi.global.yaml");
      const before = readFileSync(file, "utf8");
      const printed = await outputOf(
        whatIfCommand(root),
        "--set",
        "global.regions.ap-southeast-1.traffic=drained",
        "--set",
        "eu-west-1.capacity=1.7",
        "--set",
        "eu-west-1.takeover=[ap-southeast-1]",
      );
      assert.match(
        printed,
        / {2}ap-southeast-1 +ap-southeast-1 +7 ms +eu-west-1 +183 ms +\+176 ms\n/,
      );
      assert.match(printed, / {2}eu-west-1 +active +5 of 5\.1 +ai-inference, ai-training\n/);
      assert.match(printed, /ap-southeast-1: nobody is sent there after 120 s/);
      assert.match(
        printed,
        /1\. +pulumi up -s eu-west-1 +# capacity 1 → 1\.7; runs what is homed in ap-southeast-1\n/,
      );
      assert.match(printed, /2\. +pulumi up -s global +# ap-southeast-1: active → drained\n/);
      assert.match(printed, /Guards: nothing against it/);
      assert.equal(readFileSync(file, "utf8"), before);
    });
  });

  it("says that with every region dead Route 53 answers as if none were", async () => {
    const all = ["us-east-1", "eu-west-1", "ap-southeast-1"].flatMap((name) => ["--down", name]);
    const result = await facts(...all);
    assert.equal(near(result, "us-east-1")?.after.allUnhealthy, true);
    assert.ok(result.notes.some((note) => note.includes("as if all were")));
  });

  it("never sends users to a region that is pinned and dead", async () => {
    const set = "global.regions.us-east-1.traffic=pinned";
    const result = await facts("--down", "us-east-1", "--set", set);
    assert.equal(near(result, "us-east-1")?.after.region, "eu-west-1");
    assert.ok(result.notes.some((note) => note.startsWith("us-east-1 is pinned")));
  });

  it("writes a page with a map that loads nothing", async () => {
    await withCheckout({}, async (root) => {
      const file = join(root, "page.html");
      const set = "global.regions.us-east-1.traffic=drained";
      await outputOf(whatIfCommand(root), "--set", set, "--html", file);
      const page = readFileSync(file, "utf8");
      assert.match(page, /<svg viewBox="[\d. ]+"/);
      assert.equal([...page.matchAll(/class="goes moved"/g)].length, 2);
      assert.match(page, /Guards: refused/);
      assert.match(page, /prefers-color-scheme: dark/);
      assert.doesNotMatch(page, /https?:|<script|<link|url\((?!#)/);
      assert.match(page, /&quot;drained&quot;/);
    });
  });

  it("refuses a misspelt word, an unknown region and an edit of another form", async () => {
    const wrong: [string[], RegExp][] = [
      [["--set", "global.regions.us-east-1.traffic=draned"], /fix: {2}write drained/],
      [["--set", "global.regions.us-east1.traffic=drained"], /rename|must be/],
      [["--set", "drain us-east-1"], /an edit is <stack>\.<key>=<value>/],
      [["--set", "eu-west-2.capacity=2"], /Pulumi\.eu-west-2\.yaml/],
      [["--down", "us-west-2"], /must be a region of the fleet/],
    ];
    for (const [argv, message] of wrong)
      await assert.rejects(ask(...argv), message, argv.join(" "));
    await assert.rejects(ask("us-east-1"), isUsageError);
  });
});
