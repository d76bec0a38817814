import assert from "node:assert/strict";
import { join } from "node:path";
import { planStack } from "../../cli/stackPlan";
import { loadFleet } from "../../infra/config/load";
import { readStackConfig } from "../../infra/config/stackConfig";
import { effectiveKeys } from "../../workloads/layers";
import { type Edits, replace } from "./checkout";
import { prepareOver, refusedKeys } from "./support";

const ROOT = join(__dirname, "..", "..");
const GLOBAL = "Pulumi.global.yaml";
const EU = "Pulumi.eu-west-1.yaml";
const AP = "Pulumi.ap-southeast-1.yaml";
const US = "Pulumi.us-east-1.yaml";

const AP_ACTIVE = "ap-southeast-1:\n      traffic: active";
const US_ACTIVE = "us-east-1:\n      traffic: active";
const drained = (region: string, accept = "") =>
  `${region}:\n      traffic: drained${accept && `\n      accept: [${accept}]`}`;

const append = (text: string) => (file: string) => file + text;

async function message(stack: string, edits: Edits): Promise<string> {
  return prepareOver(stack, edits).then(
    () => "",
    (error: Error) => error.message,
  );
}

describe("failover guards", () => {
  describe("capacity left after a drain", () => {
    const DRAIN_AP = { [GLOBAL]: replace(AP_ACTIVE, drained("ap-southeast-1")) };

    it("refuses a drain that leaves less than the peak, with the figure that would do", async () => {
      assert.equal(
        await message("global", DRAIN_AP),
        [
          'Pulumi.global.yaml: traffic of ap-southeast-1 is "drained"',
          "  rule: what is left carries the peak; eu-west-1 would get 5 (users of eu-west-1 and ap-southeast-1) and carries 3, in replicas of the api",
          "  fix:  write capacity: 1.7 in Pulumi.eu-west-1.yaml and run that stack first, or write accept: [overload] beside the drain",
        ].join("\n"),
      );
    });

    it("takes the figure that it names, and not a tenth less", async () => {
      for (const [capacity, keys] of [
        ["1.7", []],
        ["1.6", [`${GLOBAL}: traffic of ap-southeast-1`]],
      ] as const) {
        const raised = { ...DRAIN_AP, [EU]: append(`  multi-region-eks:capacity: ${capacity}\n`) };
        assert.deepEqual(await refusedKeys(prepareOver("global", raised)), keys);
      }
    });

    it("lets an operator accept the overload, of every drained region by name", async () => {
      const accepted = replace(AP_ACTIVE, drained("ap-southeast-1", "overload"));
      assert.equal(await message("global", { [GLOBAL]: accepted }), "");
      const twice = (text: string) =>
        replace("eu-west-1:\n      traffic: active", drained("eu-west-1"))(accepted(text) ?? "");
      assert.match(await message("global", { [GLOBAL]: twice }), /us-east-1 would get 10/);
    });

    it("warns a region and keeps none from helping", async () => {
      const { warnings } = await prepareOver("eu-west-1", DRAIN_AP);
      assert.equal(warnings.length, 1);
      assert.match(warnings.join(), /what is left carries the peak/);
    });

    it("has nothing to say where the fleet states no load", async () => {
      const unstated = (text: string) => text.replaceAll(/\n {4}load: .*/g, "");
      const edits = { ...DRAIN_AP, "fleet/production.yaml": unstated };
      assert.equal(await message("global", edits), "");
    });
  });

  describe("the writer", () => {
    const RAISED = { [EU]: append("  multi-region-eks:capacity: 2.7\n") };

    it("is not drained, and the message says the way", async () => {
      const edits = { ...RAISED, [GLOBAL]: replace(US_ACTIVE, drained("us-east-1")) };
      assert.equal(
        await message("global", edits),
        [
          'Pulumi.global.yaml: regions.us-east-1.traffic is "drained"',
          "  rule: a drained region does not hold the database's writer; Pulumi.us-east-1.yaml says database.role: primary",
          "  fix:  make another region the primary first, or write accept: [drained-writer] beside the drain",
        ].join("\n"),
      );
    });

    it("is drained where that is accepted by name", async () => {
      const edits = {
        ...RAISED,
        [GLOBAL]: replace(US_ACTIVE, drained("us-east-1", "drained-writer")),
      };
      assert.equal(await message("global", edits), "");
      assert.equal(await message("us-east-1", edits), "");
    });

    it("does not move into a drained region; that stops the region's own stack alone", async () => {
      const edits = {
        [US]: replace("primary", "secondary"),
        [AP]: replace("secondary", "primary"),
        [EU]: append("  multi-region-eks:capacity: 1.7\n"),
        [GLOBAL]: replace(AP_ACTIVE, drained("ap-southeast-1")),
      };
      assert.equal(
        await message("ap-southeast-1", edits),
        [
          'Pulumi.ap-southeast-1.yaml: database.role is "primary"',
          "  rule: no region becomes the writer while it is drained; Pulumi.global.yaml drains ap-southeast-1",
          "  fix:  write traffic: active for ap-southeast-1 and run that stack first, or write database.promoteDrained: true here",
        ].join("\n"),
      );
      assert.equal(await message("eu-west-1", edits), "");
      const allowed = replace("role: secondary", "role: primary\n    promoteDrained: true");
      assert.equal(await message("ap-southeast-1", { ...edits, [AP]: allowed }), "");
    });
  });

  describe("a permission that outlived its occasion", () => {
    it("is told of, and stops no region and no DNS", async () => {
      const edits = {
        [GLOBAL]: replace(US_ACTIVE, `${US_ACTIVE}\n      accept: [overload]`),
        [EU]: replace("role: secondary", "role: secondary\n    onPromotion: allow-data-loss"),
      };
      for (const stack of ["global", "us-east-1", "eu-west-1"]) {
        const { warnings } = await prepareOver(stack, edits);
        assert.deepEqual(
          warnings.map((warning) => warning.split("\n")[0]),
          [
            'Pulumi.global.yaml: regions.us-east-1.accept is ["overload"]',
            'Pulumi.eu-west-1.yaml: database.onPromotion is "allow-data-loss"',
          ],
        );
      }
    });
  });

  it("know their words: a misspelt acceptance is refused with the right one", () => {
    const regions = { "us-east-1": { traffic: "drained", accept: ["overlaod"] } };
    assert.throws(
      () => readStackConfig("global", GLOBAL, { "multi-region-eks:regions": regions }),
      /accept\[0\] is "overlaod"\n {2}rule: must be overload, drained-writer or joint-change\n {2}fix: {2}write overload/,
    );
  });
});

describe("the load that the fleet states", () => {
  it("carries what the api's floor is in each region", () => {
    const { regions } = loadFleet(ROOT, "production");
    for (const [region, { load }] of Object.entries(regions)) {
      const api = planStack(ROOT, region).releases.find(({ service }) => service.name === "api");
      assert.ok(api);
      const floor = effectiveKeys(api.values).find(({ path }) => path.join(".") === "replicas.min");
      assert.equal(load?.carries, floor?.value, region);
    }
  });
});
