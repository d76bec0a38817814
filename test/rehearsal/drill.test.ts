import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { loadStackFiles } from "../../infra/config/stackFiles";
import { runProgram } from "../../infra/program";
import { judge } from "../../rehearsal/drill/judge";
import { recoveryOf } from "../../rehearsal/drill/recovery";
import { kindOfEdit, type EditKind } from "../../rehearsal/drill/words";
import { demandNobodyIn } from "../../rehearsal/drill/world";
import type { Step } from "../../rehearsal/engine/stackRunner";
import { parseRehearseArguments } from "../../rehearsal/arguments";
import { run } from "../../rehearsal/run";
import { engineOrSkip, ROOT } from "../support/engine";

const step = (op: string, type: string, name: string, ...diffs: string[]): Step => ({
  op,
  type,
  urn: `urn:pulumi:eu-west-1::multi-region-eks::parent$${type}::${name}`,
  custom: !type.startsWith("multi-region-eks:"),
  diffs,
});

const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const drain = step("update", HEALTH_CHECK, "us-east-1-gate", "childHealthThreshold");

function judged(
  kinds: EditKind[],
  steps: Step[],
  changes: { create?: string[]; update?: string[]; delete?: string[] } = {},
): string[] {
  const { create = [], update = [], delete: gone = [] } = changes;
  return judge(steps, { kinds: new Set(kinds), changes: { create, update, delete: gone } });
}

describe("drill: what an edit may change", () => {
  it("a traffic edit: one gate's threshold, in place", () => {
    assert.deepEqual(judged(["traffic"], [drain]), []);
    const second = { ...drain, urn: drain.urn.replace("us-east-1-gate", "eu-west-1-gate") };
    assert.match(judged(["traffic"], [drain, second]).join(), /changes 2 health checks, not 1/);
    assert.match(judged(["traffic"], []).join(), /changes 0 health checks, not 1/);
    const record = step("update", "aws:route53/record:Record", "api-us-east-1-a", "ttl");
    assert.match(
      judged(["traffic"], [drain, record]).join(),
      /is none of traffic: update .*Record/,
    );
  });

  it("a replaced check, or another property of it, is a surprise", () => {
    const replaced = { ...drain, op: "replace", diffs: ["type"] };
    assert.match(judged(["traffic"], [replaced]).join(), /is none of traffic: replace/);
    const disabled = { ...drain, diffs: ["childHealthThreshold", "disabled"] };
    assert.match(judged(["traffic"], [disabled]).join(), /disabled/);
  });

  it("a role edit: the promotion's command; a diff on data is a surprise", () => {
    const promotion = [
      step("create", "multi-region-eks:database:DatabasePromotion", "database-promotion"),
      step("create", "command:local:Command", "database-promotion-command"),
    ];
    assert.deepEqual(judged(["role"], promotion, { create: ["promotion command"] }), []);
    const cluster = step("update", "aws:rds/cluster:Cluster", "database", "masterUsername");
    assert.match(
      judged(["role"], [...promotion, cluster]).join(),
      /is none of role: update aws:rds/,
    );
  });

  it("a takeover: the releases of the model, all of them and no other", () => {
    const created = [
      step("create", "multi-region-eks:workloads:ServiceRelease", "services-ai-training"),
      step("create", RELEASE, "services-ai-training-release"),
    ];
    const model = { create: ["release ai-training"] };
    assert.deepEqual(judged(["takeover"], created, model), []);
    assert.match(
      judged(["takeover"], [], model).join(),
      /does not create the release of ai-training/,
    );
    const more = step("create", RELEASE, "services-api-release");
    assert.match(
      judged(["takeover"], [...created, more], model).join(),
      /has to create no release/,
    );
    const role = step("create", "aws:iam/role:Role", "ai-training");
    assert.match(judged(["takeover"], [...created, role], model).join(), /aws:iam\/role:Role/);
  });

  it("a capacity edit: releases and node pools, updated", () => {
    const release = step("update", RELEASE, "services-api-release", "values.minReplicas");
    const pool = step("update", "kubernetes:karpenter.sh/v1:NodePool", "general", "spec.limits");
    const model = { update: ["release api"] };
    assert.deepEqual(judged(["capacity"], [release, pool], model), []);
    const recreated = step("replace", "kubernetes:karpenter.sh/v1:NodePool", "general");
    assert.match(judged(["capacity"], [release, recreated], model).join(), /replace .*NodePool/);
  });

  it("no edit: nothing", () => {
    assert.deepEqual(judged([], []), []);
    assert.match(judged([], [drain]).join("\n"), /is none of nothing/);
  });

  it("a word that no failover edits is refused", () => {
    assert.throws(() => kindOfEdit({ owner: "eu-west-1", path: ["monitoring"] }), /no word of/);
  });
});

describe("drill: what it says", () => {
  it("a switchover loses nothing; a failover at most the bound, and only of the writer's region", () => {
    const args = { machineSeconds: 40, maxLagSeconds: 10 };
    const planned = recoveryOf({ ...args, story: "planned", promoted: true });
    assert.deepEqual(planned.dataAtRisk, { typicalSeconds: 0, boundSeconds: 0 });
    assert.equal(planned.usersSeconds, 120);
    const lost = recoveryOf({ ...args, story: "unplanned", promoted: true });
    assert.deepEqual(lost.dataAtRisk, { typicalSeconds: 1, boundSeconds: 10 });
    assert.equal(lost.usersSeconds, 90);
    assert.equal(lost.evacuationSeconds, 40 + lost.promotionSeconds);
    const reader = recoveryOf({ ...args, story: "unplanned", promoted: false });
    assert.deepEqual([reader.promotionSeconds, reader.dataAtRisk.boundSeconds], [0, 0]);
  });

  it("users who are sent to the region, or nowhere, are noticed", () => {
    const A = { region: "us-east-1", roundTripMs: 8, allUnhealthy: false };
    const at = (answer: typeof A | undefined) =>
      demandNobodyIn("us-east-1", [
        { host: "api.example.com", answers: [{ from: "us-east-1", A: answer, AAAA: answer }] },
      ]);
    assert.match(at(A).join(), /api\.example\.com A near us-east-1: sent to us-east-1/);
    assert.match(at(undefined).join(), /no answer/);
    assert.match(
      at({ ...A, region: "eu-west-1", allUnhealthy: true }).join(),
      /no region is healthy/,
    );
    assert.deepEqual(at({ ...A, region: "eu-west-1" }), []);
    assert.deepEqual(demandNobodyIn("us-east-1", []), ["no host is asked for"]);
  });

  it("belongs to whole runs on the engine", () => {
    for (const more of [["preview"], ["eu-west-1"], ["--clusters"], ["--engine", "mock"]]) {
      assert.throws(
        () => parseRehearseArguments(["--drill", "us-east-1", ...more]),
        /--drill/,
        more.join(" "),
      );
    }
    assert.equal(parseRehearseArguments(["--drill", "us-east-1"]).drill, "us-east-1");
  });
});

/** The product's program, whose `global` stack has a queue that a drain changes too. */
const ODD = (projectRoot: string) => async (): Promise<Record<string, unknown>> => {
  const outputs = await runProgram({ projectRoot, allowPlaceholders: true });
  if (pulumi.getStack() === "staging-global") {
    const { global } = loadStackFiles(projectRoot, "staging");
    const drained = Object.values(global?.config.regions ?? {}).some(
      ({ traffic }) => traffic === "drained",
    );
    new aws.sqs.Queue("odd", { name: "odd", delaySeconds: drained ? 1 : 0 });
  }
  return outputs;
};

describe("drill on the engine", function () {
  this.timeout(600_000);

  const drilled = async (region: string, environment: string, program?: typeof ODD) => {
    const args = parseRehearseArguments(["--drill", region, "--environment", environment]);
    const signal = new AbortController().signal;
    return run(args, { root: ROOT, say: () => undefined, signal, program });
  };

  before(async function () {
    await engineOrSkip(this);
  });

  it("stops at a drain that changes two resources, before its `up`", async () => {
    const { ok, surprises, drill } = await drilled("eu-west-1", "staging", ODD);
    assert.equal(ok, false);
    assert.equal(surprises.length, 1, surprises.join("\n"));
    assert.match(
      surprises[0] ?? "",
      /^drain: staging-global: preview: is none of traffic: update aws:sqs\/queue:Queue odd \[delaySeconds\]/,
    );
    assert.deepEqual(
      drill?.stories.map(({ story, restored }) => [story, restored]),
      [["planned", false]],
    );
    assert.ok(!drill?.stories[0]?.steps.some(({ phase }) => phase === "drain"));
  });

  it("refuses a region that nobody can stand in for", async () => {
    await assert.rejects(drilled("us-east-1", "development"), /others can stand in for/);
    await assert.rejects(drilled("mars-1", "production"), /--drill/);
  });
});
