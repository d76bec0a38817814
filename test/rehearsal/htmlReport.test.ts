import assert from "node:assert/strict";
import { htmlReport } from "../../rehearsal/htmlReport";
import type { Report } from "../../rehearsal/report";

const REPORT: Report = {
  ...{ ok: false, environment: "production", engine: "Pulumi CLI", seconds: 12 },
  ...{ stacks: [], routes: [], surprises: ["<script>alert(1)</script>"] },
};

describe("the rehearsal as a page", () => {
  const step = (started: number, errors: string[] = [], expectation?: string) => ({
    started,
    expectation,
    result: {
      ...{ stack: "eu-west-1", operation: "up" as const, seconds: 2, changes: { create: 1 } },
      ...{ warnings: [], errors },
      steps: [{ op: "create", type: "t", urn: "urn::a::b::c<d", custom: true, diffs: [] }],
    },
  });
  const page = htmlReport(REPORT, {
    timeline: [step(1000), step(3000, ["no"], "failed: killed"), step(5000, ["no"])],
    pods: new Map([["eu-west-1", [{ at: 1000, ready: 3, waiting: 1 }]]]),
    chaos: [{ what: "etcd killed", region: "eu-west-1", mended: ["helm rollback"], surprises: [] }],
  });

  it("needs no network and reads on a phone, light and dark", () => {
    assert.equal(/(src|href)=|@import|url\(/.test(page), false);
    assert.match(page, /name="viewport"/);
    assert.match(page, /prefers-color-scheme:dark/);
  });

  it("tells a failure that was wanted from one that was not", () => {
    assert.equal(page.match(/<i class="wanted" style/g)?.length, 1);
    assert.equal(page.match(/<i class="bad" style/g)?.length, 1);
    assert.match(page, /failed: killed/);
  });

  it("shows surprises, pods and what was broken, as text", () => {
    assert.match(page, /&lt;script&gt;alert/);
    assert.equal(page.includes("<script"), false);
    assert.match(page, /c&lt;d/);
    assert.match(page, /eu-west-1: up to 3 ready/);
    assert.match(page, /etcd killed.*recovered, nothing lost.*helm rollback/s);
  });
});
