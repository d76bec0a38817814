import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isUsageError } from "../../cli/command";
import { failover, type RunStep } from "../../cli/failover";
import { verdictOn } from "../../cli/fleetQuestion";
import { readFleetFiles } from "../../edits/fleetFiles";
import { OperatorError } from "../../infra/config/errors";
import { type Edits, replace, withCheckout } from "../config/checkout";
import { outputOf } from "../support/command";

const GLOBAL = "Pulumi.global.yaml";
const EU = "Pulumi.eu-west-1.yaml";
const US = "Pulumi.us-east-1.yaml";
const AP = "Pulumi.ap-southeast-1.yaml";

const none: RunStep = () => assert.fail("no step runs");

function stackFiles(root: string): Record<string, string> {
  const files = readdirSync(root).filter((name) => name.startsWith("Pulumi."));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name), "utf8")]));
}

/** Files whose text differs, with the new text. */
function changed(before: Record<string, string>, after: Record<string, string>) {
  assert.deepEqual(Object.keys(after), Object.keys(before));
  return Object.fromEntries(Object.entries(after).filter(([name, text]) => before[name] !== text));
}

/** Runs the command over a checkout and gives what it printed and what it changed. */
function asked(line: string, edits: Edits = {}, runStep: RunStep = none) {
  return withCheckout(edits, async (root) => {
    const before = stackFiles(root);
    const printed = await outputOf(failover(root, runStep), ...line.split(" "));
    return { printed, files: changed(before, stackFiles(root)) };
  });
}

/** That a command line is refused and writes nothing. */
function refused(line: string, edits: Edits = {}): Promise<OperatorError> {
  return withCheckout(edits, async (root) => {
    const before = stackFiles(root);
    let error: unknown;
    await outputOf(failover(root, none), ...line.split(" ")).catch((thrown: unknown) => {
      error = thrown;
    });
    assert.ok(error instanceof OperatorError, String(error));
    assert.deepEqual(stackFiles(root), before);
    return error;
  });
}

describe("npm run failover", () => {
  it("evacuates: capacity, takeover, the writer and DNS, each word in its file", async () => {
    const { files } = await asked("evacuate us-east-1 --write");
    assert.deepEqual(Object.keys(files).sort(), [EU, GLOBAL, US]);
    assert.equal(
      files[EU],
      `config:
  aws:region: eu-west-1
  multi-region-eks:database:
    role: primary
  multi-region-eks:capacity: 2.7
  multi-region-eks:takeover: [us-east-1]
`,
    );
    assert.match(
      files[GLOBAL] ?? "",
      /us-east-1:\n {6}traffic: drained\n {4}eu-west-1:\n {6}traffic: active/,
    );
    assert.match(files[GLOBAL] ?? "", /# The region in which this stack asks STS/);
    assert.match(files[US] ?? "", /role: secondary/);
  });

  it("shows the diff, what comes of it, the verdict and the steps, and writes nothing by default", async () => {
    for (const line of ["evacuate us-east-1", "evacuate us-east-1 --dry-run"]) {
      const { printed, files } = await asked(line);
      assert.deepEqual(files, {});
      assert.match(printed, /-      traffic: active\n\+      traffic: drained\n/);
      assert.match(printed, / {2}us-west-2 +us-east-1 +65 ms +eu-west-1 +124 ms +\+59 ms\n/);
      assert.match(printed, /Writer: us-east-1 → eu-west-1\n/);
      assert.match(printed, /Guards: nothing against it\n/);
      const steps = [...printed.matchAll(/^ {2}(\d)\. +(pulumi up -s \S+)/gm)].map(
        (found) => found[2],
      );
      assert.deepEqual(steps, [
        "pulumi up -s eu-west-1",
        "pulumi up -s global",
        "pulumi up -s us-east-1",
      ]);
      assert.match(printed, /Nothing was written/);
    }
  });

  for (const region of ["us-east-1", "eu-west-1", "ap-southeast-1"]) {
    it(`evacuates ${region} within the guards, and restores every file to the letter`, async () => {
      await withCheckout({}, async (root) => {
        const before = stackFiles(root);
        await outputOf(failover(root, none), "evacuate", region, "--write");
        const at = readFleetFiles(root, "production");
        assert.equal(at.files.global?.config.regions[region]?.traffic, "drained");
        const stacks = ["us-east-1", "eu-west-1", "ap-southeast-1", "global", "backbone"];
        assert.deepEqual(verdictOn(at, stacks, undefined), { refused: [], warnings: [] });
        await outputOf(failover(root, none), "restore", region, "--write");
        assert.deepEqual(changed(before, stackFiles(root)), {});
      });
    });
  }

  it("evacuates a second region on top of the first", async () => {
    await withCheckout({}, async (root) => {
      await outputOf(failover(root, none), "evacuate", "us-east-1", "--write");
      await outputOf(failover(root, none), "evacuate", "eu-west-1", "--write");
      const { files } = readFleetFiles(root, "production");
      const ap = files.regional.find(({ file }) => file === AP)?.config;
      assert.equal(ap?.database.role, "primary");
      assert.equal(ap?.capacity, 5);
      assert.deepEqual(ap?.takeover, ["us-east-1"]);
    });
  });

  it("allows data loss only for a region that is lost, and takes no step there before it answers", async () => {
    const { printed, files } = await asked("evacuate us-east-1 --lost --write");
    assert.match(files[EU] ?? "", /role: primary\n {4}onPromotion: allow-data-loss\n/);
    assert.match(printed, /becomes the writer by failover, with data loss/);
    assert.match(printed, /3\. +pulumi up -s us-east-1 .*when its region answers again/);
    const { files: after } = await asked("evacuate us-east-1 --write");
    assert.doesNotMatch(after[EU] ?? "", /onPromotion/);
  });

  it("gives writer and services to the region that is named", async () => {
    const { files } = await asked("evacuate us-east-1 --to ap-southeast-1 --write");
    assert.match(files[AP] ?? "", /role: primary\n {2}multi-region-eks:takeover: \[us-east-1\]/);
    assert.match(files[EU] ?? "", /capacity: 2\.7/);
    assert.doesNotMatch(files[EU] ?? "", /takeover/);
  });

  it("promotes: two words, the new writer first", async () => {
    const { printed, files } = await asked("promote eu-west-1 --write");
    assert.deepEqual(Object.keys(files).sort(), [EU, US]);
    assert.ok(printed.indexOf("up -s eu-west-1") < printed.indexOf("up -s us-east-1"));
    assert.ok(!printed.includes("up -s global"));
  });

  it("refuses what the guards refuse, and writes nothing, not even with --run", async () => {
    for (const flag of ["", " --write", " --run"]) {
      const { problems } = await refused(`drain us-east-1${flag}`);
      assert.deepEqual(
        problems.map(({ key }) => key),
        [`${GLOBAL}: traffic of us-east-1`, `${GLOBAL}: regions.us-east-1.traffic`],
      );
    }
  });

  it("refuses to drain the last region", async () => {
    const both = (text: string) => {
      const eu = replace("eu-west-1:\n      traffic: active", "eu-west-1:\n      traffic: drained");
      const ap = replace(
        "ap-southeast-1:\n      traffic: active",
        "ap-southeast-1:\n      traffic: drained",
      );
      return ap(eu(text) ?? "");
    };
    const { details } = await refused("evacuate us-east-1 --write", { [GLOBAL]: both });
    assert.match(details.rule, /at least one region is not drained/);
  });

  it("refuses a region that the fleet does not have, or that takes over from itself", async () => {
    assert.equal((await refused("evacuate us-west-2 --write")).details.key, "region");
    assert.equal((await refused("evacuate us-east-1 --to us-east-1 --write")).details.key, "--to");
  });

  it("refuses files that are wrong already", async () => {
    const edits = { [EU]: replace("role: secondary", "role: secondry") };
    assert.match((await refused("evacuate us-east-1 --write", edits)).message, /write secondary/);
  });

  it("says so when there is nothing to edit", async () => {
    const { printed, files } = await asked("restore eu-west-1 --write");
    assert.equal(printed, "The stack files say so already; nothing to edit.\n");
    assert.deepEqual(files, {});
  });

  it("runs the steps in their order, the lost region's not at all", async () => {
    const ran: string[] = [];
    const runStep: RunStep = (stack, yes) => {
      ran.push(`${stack} ${yes}`);
      return true;
    };
    await asked("evacuate us-east-1 --lost --run --yes", {}, runStep);
    assert.deepEqual(ran, ["eu-west-1 true", "global true"]);
  });

  it("stops at the step that fails and says what is left", async () => {
    const runStep: RunStep = (stack) => stack !== "global";
    await assert.rejects(asked("evacuate us-east-1 --run", {}, runStep), (error: Error) => {
      assert.match(error.message, /in this order: pulumi up -s global, pulumi up -s us-east-1$/);
      return true;
    });
  });

  it("refuses a command line that makes no sense", async () => {
    const wrong = [
      "evacuate",
      "move us-east-1",
      "drain us-east-1 eu-west-1",
      "drain us-east-1 --to eu-west-1",
      "restore us-east-1 --lost",
      "drain us-east-1 --keep-writer",
      "evacuate us-east-1 --dry-run --run",
      "drain us-east-1 --environment prod",
      "drain us-east-1 --force",
    ];
    for (const line of wrong) await assert.rejects(asked(line), isUsageError, line);
  });
});
