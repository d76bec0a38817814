import * as assert from "node:assert/strict";
import { MockEngine } from "../../doubles/mocks";
import { OperatorError } from "../../infra/config/errors";
import { readGlobal, readRegions } from "../../infra/stacks/regionReader";
import {
  backboneContext,
  fleetOf,
  globalContext,
  globalRecord,
  regionRecord,
  THREE,
  upStacks,
} from "./fixtures";

const fleet = fleetOf(THREE);

type StackOutputs = Record<string, Record<string, unknown>>;

const read = (stackOutputs: StackOutputs, options: { preview?: boolean; skip?: boolean } = {}) =>
  MockEngine.run({ stack: "global", preview: options.preview, stackOutputs }, () =>
    readRegions(
      globalContext(fleet, {}, { whenRegionMissing: options.skip === true ? "skip" : "error" }),
    ),
  );

const refusal = async (run: Promise<unknown>): Promise<OperatorError> => {
  const error: unknown = await run.then(
    () => assert.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof OperatorError, String(error));
  return error;
};

describe("readRegions", () => {
  it("reads every region of the fleet, in its order", async () => {
    const { result } = await read(upStacks(fleet));
    assert.deepEqual(Object.keys(result), THREE);
    assert.deepEqual(result["eu-west-1"], regionRecord("eu-west-1", fleet));
  });

  it("follows the environment's prefix", async () => {
    const staging = fleetOf(["eu-west-1"], { environment: "staging" });
    const { result } = await MockEngine.run(
      {
        stack: "staging-global",
        stackOutputs: { "staging-eu-west-1": { region: regionRecord("eu-west-1", staging) } },
      },
      () => readRegions(globalContext(staging)),
    );
    assert.deepEqual(Object.keys(result), ["eu-west-1"]);
  });

  it("skips a region without a stack, or without outputs, in a preview, and warns of it", async () => {
    const stacks = { ...upStacks(fleet, ["us-east-1"]), "ap-southeast-1": {} };
    const warn = console.warn;
    const warnings: unknown[] = [];
    console.warn = (message) => void warnings.push(message);
    try {
      const { result } = await read(stacks, { preview: true });
      assert.deepEqual(Object.keys(result), ["us-east-1"]);
    } finally {
      console.warn = warn;
    }
    assert.deepEqual(
      warnings,
      ["eu-west-1", "ap-southeast-1"].map(
        (region) =>
          `warning: [runtime] stack ${region} is not up: global goes without it, and what it had for it is removed`,
      ),
    );
  });

  it("refuses every region that is not up, at once, in an up", async () => {
    const stacks = { ...upStacks(fleet, ["us-east-1"]), "ap-southeast-1": {} };
    const error = await refusal(read(stacks));
    assert.equal(
      error.message,
      [
        "stack eu-west-1",
        "  rule: it is up before global is brought up",
        "  fix:  pulumi up -s eu-west-1, or set whenRegionMissing: skip in Pulumi.global.yaml",
        "stack ap-southeast-1",
        "  rule: it is up before global is brought up",
        "  fix:  pulumi up -s ap-southeast-1, or set whenRegionMissing: skip in Pulumi.global.yaml",
      ].join("\n"),
    );
  });

  it("skips it in an up whose config says so", async () => {
    const stacks = upStacks(fleet, ["us-east-1", "ap-southeast-1"]);
    const { result } = await read(stacks, { skip: true });
    assert.deepEqual(Object.keys(result), ["us-east-1", "ap-southeast-1"]);
  });

  it("refuses an older record in a preview too, and says what mends it", async () => {
    const old = { ...regionRecord("eu-west-1", fleet), version: 0 };
    const error = await refusal(
      read({ ...upStacks(fleet), "eu-west-1": { region: old } }, { preview: true }),
    );
    assert.deepEqual(error.details, {
      key: "stack eu-west-1, output region: version",
      value: 0,
      rule: "this version of the program reads version 1 of the record",
      fix: "pulumi up -s eu-west-1 with this version of the program",
    });
  });

  it("does not send an operator with an old program to overwrite a newer record", async () => {
    const newer = { ...regionRecord("eu-west-1", fleet), version: 2 };
    const error = await refusal(read({ ...upStacks(fleet), "eu-west-1": { region: newer } }));
    assert.equal(
      error.details.fix,
      "run the version of the program that brought eu-west-1 up, or a newer one",
    );
  });

  it("refuses a record that is none", async () => {
    const error = await refusal(read({ ...upStacks(fleet), "eu-west-1": { region: "soon" } }));
    assert.equal(error.details.key, "stack eu-west-1, output region: version");
  });

  it("names every field that is missing or wrong", async () => {
    const { network, ...record } = regionRecord("eu-west-1", fleet);
    const { cidr, routeTableIds } = network;
    const broken = { ...record, network: { cidr, routeTableIds }, region: 7 };
    const error = await refusal(read({ ...upStacks(fleet), "eu-west-1": { region: broken } }));
    assert.match(error.message, /^stack eu-west-1, output region: region is 7$/m);
    assert.match(error.message, /^stack eu-west-1, output region: network\.vpcId$/m);
    assert.equal(
      error.message.match(/fix: {2}pulumi up -s eu-west-1 with this version/g)?.length,
      2,
    );
  });

  it("refuses the record of another region, environment or domain under the stack's name", async () => {
    const own = regionRecord("eu-west-1", fleet);
    for (const [wrong, key] of [
      [{ ...own, region: "us-east-1" }, "region"],
      [{ ...own, environment: "staging" }, "environment"],
      [{ ...own, edge: { ...own.edge, host: "eu-west-1.other.test" } }, "edge.host"],
    ] as const) {
      const error = await refusal(read({ ...upStacks(fleet), "eu-west-1": { region: wrong } }));
      assert.equal(error.details.key, `stack eu-west-1, output region: ${key}`);
    }
  });
});

describe("readGlobal", () => {
  const readIt = (stackOutputs: StackOutputs, preview = false) =>
    MockEngine.run({ stack: "backbone", preview, stackOutputs }, () =>
      readGlobal(backboneContext(fleet)),
    );

  it("reads the global stack's record", async () => {
    const { result } = await readIt({ global: { global: globalRecord(THREE) } });
    assert.deepEqual(result, globalRecord(THREE));
  });

  it("is undefined in a preview and an error in an up when global is not up", async () => {
    assert.equal((await readIt({}, true)).result, undefined);
    const error = await refusal(readIt({}));
    assert.equal(error.details.key, "stack global");
    assert.equal(error.details.rule, "it is up before backbone is brought up");
  });

  it("refuses another environment's record", async () => {
    const error = await refusal(
      readIt({ global: { global: { ...globalRecord(THREE), environment: "staging" } } }),
    );
    assert.equal(error.details.key, "stack global, output global: environment");
  });
});
