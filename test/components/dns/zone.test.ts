import * as assert from "node:assert/strict";
import { createCloud } from "../../../doubles";
import { MockEngine } from "../../../doubles/mocks";
import { lookUpZone, PublicZone, zoneIdProblem } from "../../../infra/components/dns/zone";
import { OperatorError } from "../../../infra/config/errors";

const ZONE = "aws:route53/zone:Zone";
const tags = { Stack: "global" };

describe("PublicZone", () => {
  const create = (protect: boolean) =>
    MockEngine.run({ stack: "global" }, () => {
      return new PublicZone("public", { domain: "acme.test", protect, tags });
    });

  it("is one zone with accelerated recovery that does not delete its records by force", async () => {
    const run = await create(true);
    assert.deepEqual(run.one(ZONE, "public-zone").inputs, {
      name: "acme.test",
      comment: "Public zone of acme.test",
      enableAcceleratedRecovery: true,
      forceDestroy: false,
      tags,
    });
    assert.equal(await run.value(run.result.zoneId), run.one(ZONE).state["zoneId"]);
  });

  it("is protected where asked", async () => {
    assert.equal((await create(true)).one(ZONE).options.protect, true);
    assert.notEqual((await create(false)).one(ZONE).options.protect, true);
  });
});

describe("lookUpZone", () => {
  /** A cloud in which the zone exists, and its id. */
  const cloudWithZone = async (copies = 1) => {
    const cloud = createCloud();
    const ids: unknown[] = [];
    for (let copy = 0; copy < copies; copy++) {
      const run = await MockEngine.run({ stack: "global", cloud }, () => {
        new PublicZone(`public-${copy}`, { domain: "acme.test", protect: false, tags });
      });
      ids.push(run.one(ZONE).state["zoneId"]);
    }
    return { cloud, id: String(ids[0]) };
  };
  const lookUp = (cloud: ReturnType<typeof createCloud>, domain: string, id?: string) =>
    MockEngine.run({ stack: "global", cloud }, () => lookUpZone(domain, id));

  it("finds the zone by its name and registers nothing", async () => {
    const { cloud, id } = await cloudWithZone();
    const run = await lookUp(cloud, "acme.test");
    assert.equal(run.result, id);
    assert.deepEqual(run.resources, []);
    assert.equal((await lookUp(cloud, "acme.test", id)).result, id);
  });

  it("refuses a zone whose id is not the fleet file's", async () => {
    const { cloud } = await cloudWithZone();
    await assert.rejects(lookUp(cloud, "acme.test", "Z0OTHER"), OperatorError);
  });

  it("says what to do about a zone that is not there", async () => {
    await assert.rejects(lookUp(createCloud(), "acme.test"), (error: unknown) => {
      assert.ok(error instanceof OperatorError, String(error));
      assert.equal(error.details.value, "acme.test");
      assert.equal(error.details.fix, "create or delegate the zone, or set zone.source to create");
      return true;
    });
  });

  it("says what to do about two zones of one name", async () => {
    const { cloud } = await cloudWithZone(2);
    await assert.rejects(lookUp(cloud, "acme.test"), (error: unknown) => {
      assert.ok(error instanceof OperatorError, String(error));
      assert.match(error.details.rule, /Route 53 has several$/);
      return true;
    });
  });
});

describe("zoneIdProblem", () => {
  it("takes the same id, and any where the fleet file has none", () => {
    assert.equal(zoneIdProblem("acme.test", "Z0ACME", "Z0ACME"), undefined);
    assert.equal(zoneIdProblem("acme.test", undefined, "Z0ACME"), undefined);
  });

  it("names both ids when they differ", () => {
    assert.deepEqual(zoneIdProblem("acme.test", "Z0OTHER", "Z0ACME"), {
      key: "fleet: zone.id",
      value: "Z0OTHER",
      rule: "it is the id of the public hosted zone of acme.test, which is Z0ACME",
      fix: "set zone.id to Z0ACME, or correct domain",
    });
  });
});
