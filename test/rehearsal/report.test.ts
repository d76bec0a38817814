import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyProject, replaceProject } from "../../rehearsal/engine/projectFiles";
import { changesAnything, EventLog } from "../../rehearsal/engine/stackRunner";
import { describeSteps } from "../../rehearsal/rehearse";
import {
  countKinds,
  previewMarkdown,
  routeTable,
  stackTable,
  type StackReport,
} from "../../rehearsal/report";
import { routesOf } from "../../rehearsal/routes";
import { Cloud, GLOBAL } from "../../doubles";

describe("the rehearsal's report", () => {
  it("counts resources by package, components, providers and Helm releases apart", () => {
    const kinds = countKinds([
      { type: "pulumi:pulumi:Stack", custom: false },
      { type: "multi-region-eks:network:Network", custom: false },
      { type: "awsx:ec2:Vpc", custom: false },
      { type: "aws:ec2/vpc:Vpc", custom: true },
      { type: "aws:s3/bucket:Bucket", custom: true },
      { type: "pulumi:providers:aws", custom: true },
      { type: "kubernetes:helm.sh/v3:Release", custom: true },
      { type: "kubernetes:core/v1:Namespace", custom: true },
    ]);
    assert.deepEqual(kinds, {
      component: 2,
      awsx: 1,
      aws: 2,
      provider: 1,
      release: 1,
      kubernetes: 1,
    });
  });

  it("has a row per stack, a column per kind and a sum", () => {
    const stacks: StackReport[] = [
      { stack: "us-east-1", kinds: { aws: 100, eks: 2 }, seconds: { up: 12.34, destroy: 3 } },
      { stack: "global", kinds: { aws: 15 }, seconds: { up: 2 } },
    ];
    assert.deepEqual(stackTable(stacks).split("\n"), [
      "stack      resources  aws  eks  up s  destroy s",
      "-".repeat(47),
      "us-east-1        102  100    2  12.3        3.0",
      "global            15   15    0   2.0",
      "all              117  115    2  14.3        3.0",
    ]);
  });

  it("says of a preview what changes, with the property paths", () => {
    const text = previewMarkdown({
      stack: "global",
      operation: "preview",
      seconds: 1,
      changes: { same: 20, update: 1 },
      steps: [
        {
          op: "update",
          type: "aws:route53/healthCheck:HealthCheck",
          urn: "urn:pulumi:global::p::aws:route53/healthCheck:HealthCheck::eu-west-1-gate",
          custom: true,
          diffs: ["childHealthThreshold"],
        },
      ],
      warnings: [],
      errors: [],
    });
    assert.match(text, /<b>global<\/b>: 20 same, 1 update/);
    assert.match(
      text,
      /^! update {3}aws:route53\/healthCheck:HealthCheck eu-west-1-gate {2}\[childHealthThreshold\]$/m,
    );
  });

  it("shows the first steps of an unexpected diff and counts the rest", () => {
    const steps = Array.from({ length: 14 }, (_, index) => ({
      op: "update",
      type: "t",
      urn: `urn-${index}`,
      custom: true,
      diffs: ["tags"],
    }));
    const lines = describeSteps(steps).split("\n");
    assert.equal(lines.length, 13);
    assert.equal(lines[0], "  update urn-0 [tags]");
    assert.equal(lines[12], "  and 2 more");
  });
});

describe("an operation's engine events", () => {
  const base = { sequence: 1, timestamp: 1 };
  const step = (op: "same" | "create") => ({
    ...base,
    resourcePreEvent: { metadata: { op, type: "t", urn: `urn-${op}`, provider: "" } },
  });

  it("become steps, counts, warnings and errors; the engine's chatter does not", () => {
    const done: number[] = [];
    const log = new EventLog((n) => done.push(n));
    log.add(step("same"));
    log.add(step("create"));
    log.add({ ...base, resOutputsEvent: { metadata: step("create").resourcePreEvent.metadata } });
    for (const severity of ["info", "warning", "error"] as const) {
      log.add({ ...base, diagnosticEvent: { message: `${severity}\n`, color: "never", severity } });
    }
    const summary = { maybeCorrupt: false, durationSeconds: 1, policyPacks: {} };
    log.add({ ...base, summaryEvent: { ...summary, resourceChanges: { same: 1, create: 1 } } });
    assert.deepEqual(
      log.steps.map(({ urn }) => urn),
      ["urn-create"],
    );
    assert.deepEqual(log.warnings, ["warning"]);
    assert.deepEqual(log.errors, ["error"]);
    assert.deepEqual(log.changes, { same: 1, create: 1 });
    assert.deepEqual(done, [1]);
    assert.equal(changesAnything(log), true);
  });

  it("that leave everything the same are no change", () => {
    const log = new EventLog();
    log.add(step("same"));
    assert.equal(changesAnything(log), false);
    assert.equal(changesAnything({ steps: [], changes: { same: 3, read: 1 } }), false);
    assert.equal(changesAnything({ steps: [], changes: { same: 3, delete: 1 } }), true);
  });
});

describe("routes from the cloud's ledger", () => {
  const FLEET = {
    domain: "example.com",
    hosts: ["api"],
    regions: { "us-east-1": {}, "eu-west-1": {} },
  } as never;

  /** Health checks and records as the global stack's double keeps them. */
  function cloud(thresholds: Record<string, number>): Cloud {
    const made = new Cloud();
    const put = (type: string, id: string, state: Record<string, never>) =>
      made.put({ type, id, region: GLOBAL, inputs: state, state });
    for (const [region, threshold] of Object.entries(thresholds)) {
      const check = "aws:route53/healthCheck:HealthCheck";
      put(check, `endpoint-${region}`, { type: "HTTPS", fqdn: `${region}.example.com` } as never);
      put(check, `gate-${region}`, {
        type: "CALCULATED",
        childHealthThreshold: threshold,
        childHealthchecks: [`endpoint-${region}`],
      } as never);
      for (const type of ["A", "AAAA"]) {
        put("aws:route53/record:Record", `api-${type}-${region}`, {
          name: "api.example.com",
          type,
          latencyRoutingPolicies: [{ region }],
          healthCheckId: `gate-${region}`,
          aliases: [{ name: "nlb", evaluateTargetHealth: true }],
        } as never);
      }
    }
    return made;
  }

  const served = (of: Cloud, unhealthy?: Set<string>) =>
    Object.fromEntries(
      (routesOf(of, FLEET, unhealthy)[0]?.answers ?? []).map(({ from, A }) => [from, A?.region]),
    );

  it("follow the gates", () => {
    assert.equal(served(cloud({ "us-east-1": 1, "eu-west-1": 1 }))["us-west-2"], "us-east-1");
    assert.equal(served(cloud({ "us-east-1": 2, "eu-west-1": 1 }))["us-west-2"], "eu-west-1");
  });

  it("follow the endpoints' health, except past a pinned gate's own load balancer", () => {
    const active = cloud({ "us-east-1": 1, "eu-west-1": 1 });
    assert.equal(served(active, new Set(["us-east-1"]))["us-east-1"], "eu-west-1");
  });

  it("print one row per host and part of the world", () => {
    const text = routeTable(routesOf(cloud({ "us-east-1": 1, "eu-west-1": 1 }), FLEET));
    assert.equal(text.split("\n").length, 2 + 5);
    assert.match(text, /^api\.example\.com +us-west-2 +us-east-1 +65 ms$/m);
    assert.match(routeTable(routesOf(new Cloud(), FLEET)), /no answer/);
  });
});

describe("project files of a sandbox", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "project-files-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function checkout(name: string, files: Record<string, string>): string {
    const root = join(directory, name);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(root, file, ".."), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return root;
  }

  it("are replaced by another checkout's, except for the salt of stacks that stay", () => {
    const common = { "fleet/production.yaml": "a", "workloads/values/x.yaml": "a" };
    const base = checkout("base", {
      ...common,
      "Pulumi.yaml": "name: p",
      "Pulumi.global.yaml": "config: {}\n",
      "Pulumi.old.yaml": "config: {}\n",
      "package.json": "{}",
    });
    const head = checkout("head", {
      "fleet/production.yaml": "b",
      "workloads/values/y.yaml": "b",
      "Pulumi.yaml": "name: p",
      "Pulumi.global.yaml": "config:\n  a: b\n",
      "Pulumi.new.yaml": "config: {}\n",
    });
    const sandbox = join(directory, "sandbox");
    copyProject(base, sandbox);
    assert.deepEqual(readdirSync(sandbox).sort(), [
      "Pulumi.global.yaml",
      "Pulumi.old.yaml",
      "Pulumi.yaml",
      "fleet",
      "workloads",
    ]);
    writeFileSync(join(sandbox, "Pulumi.global.yaml"), "config: {}\nencryptionsalt: v1:abc\n");
    replaceProject(head, sandbox);
    assert.equal(
      readFileSync(join(sandbox, "Pulumi.global.yaml"), "utf8"),
      "config:\n  a: b\nencryptionsalt: v1:abc\n",
    );
    assert.deepEqual(readdirSync(sandbox).sort(), [
      "Pulumi.global.yaml",
      "Pulumi.new.yaml",
      "Pulumi.yaml",
      "fleet",
      "workloads",
    ]);
    assert.deepEqual(readdirSync(join(sandbox, "workloads", "values")), ["y.yaml"]);
    assert.equal(readFileSync(join(sandbox, "fleet", "production.yaml"), "utf8"), "b");
  });
});
