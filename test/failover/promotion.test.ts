import assert from "node:assert/strict";
import { OperatorError } from "../../infra/config/errors";
import {
  type Clock,
  type GlobalDatabaseApi,
  type GlobalDatabaseState,
  promote,
  type PromotionArgs,
} from "../../infra/failover/promotion";
import { stateOf } from "../../infra/failover/rdsGlobalDatabase";

const arn = (region: string): string =>
  `arn:aws:rds:${region}:111122223333:cluster:production-${region}`;

const EU: PromotionArgs = {
  region: "eu-west-1",
  globalCluster: "acme-production",
  cluster: "production-eu-west-1",
  mode: "switchover",
  maxLagSeconds: 10,
  timeoutSeconds: 60,
};

/** A Global Database whose writer moves some seconds after it is asked to. */
class FakeRds implements GlobalDatabaseApi, Clock {
  readonly calls: string[] = [];
  lag: number | undefined = 0.4;
  seconds = 0;
  takesSeconds = 12;
  state: GlobalDatabaseState | undefined = {
    status: "available",
    members: [
      { arn: arn("us-east-1"), writer: true },
      { arn: arn("eu-west-1"), writer: false },
      { arn: arn("ap-southeast-1"), writer: false },
    ],
  };
  private due: number | undefined;

  describe(globalCluster: string): Promise<GlobalDatabaseState | undefined> {
    assert.equal(globalCluster, "acme-production");
    if (this.due !== undefined && this.seconds >= this.due) this.finish();
    return Promise.resolve(structuredClone(this.state));
  }

  lagSeconds(cluster: string): Promise<number | undefined> {
    this.calls.push(`lag ${cluster}`);
    return Promise.resolve(this.lag);
  }

  switchover(globalCluster: string, target: string): Promise<void> {
    return this.move("switchover", "switching-over", globalCluster, target);
  }

  failoverAllowingDataLoss(globalCluster: string, target: string): Promise<void> {
    return this.move("failover", "failing-over", globalCluster, target);
  }

  /** A promotion that goes on already, asked for by somebody else. */
  underWay(target: string): void {
    if (this.state === undefined) throw new Error("no state");
    this.state.moving = { status: "switching-over", to: target };
    this.state.status = "switching-over";
    this.due = this.seconds + this.takesSeconds;
  }

  now(): number {
    return this.seconds * 1000;
  }

  sleep(milliseconds: number): Promise<void> {
    this.seconds += milliseconds / 1000;
    return Promise.resolve();
  }

  private move(call: string, status: string, globalCluster: string, target: string): Promise<void> {
    this.calls.push(`${call} ${globalCluster} ${target}`);
    this.underWay(target);
    if (this.state?.moving !== undefined) this.state.moving.status = status;
    return Promise.resolve();
  }

  private finish(): void {
    const target = this.state?.moving?.to;
    if (this.state === undefined || target === undefined) return;
    for (const member of this.state.members) member.writer = member.arn === target;
    delete this.state.moving;
    this.state.status = "available";
    this.due = undefined;
  }
}

async function run(rds: FakeRds, args: Partial<PromotionArgs> = {}) {
  const said: string[] = [];
  const outcome = await promote({ ...EU, ...args }, rds, rds, (line) => said.push(line));
  return { outcome, said };
}

function refused(run: Promise<unknown>): Promise<OperatorError> {
  return run.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => {
      assert.ok(error instanceof OperatorError, String(error));
      return error;
    },
  );
}

describe("promotion", () => {
  it("does nothing, not even look at the lag, when the region is the writer", async () => {
    const rds = new FakeRds();
    const args = { region: "us-east-1", cluster: "production-us-east-1" };
    const { outcome, said } = await run(rds, args);
    assert.equal(outcome, "was the writer");
    assert.deepEqual(rds.calls, []);
    assert.deepEqual(said, ["us-east-1 is the writer of acme-production already; nothing to do"]);
  });

  it("switches over, by the cluster's ARN, and waits until the region is the writer", async () => {
    const rds = new FakeRds();
    const { outcome, said } = await run(rds);
    assert.equal(outcome, "is the writer");
    assert.deepEqual(rds.calls, [
      "lag production-eu-west-1",
      `switchover acme-production ${arn("eu-west-1")}`,
    ]);
    assert.equal(rds.seconds, 15);
    assert.deepEqual(said, [
      "replication lag 0.4 s, at most 10 s allowed",
      "switching acme-production over from us-east-1 to eu-west-1",
      "0 s: switching-over, writer us-east-1",
      "eu-west-1 is the writer of acme-production, after 15 s",
    ]);
  });

  it("run again after that, does nothing", async () => {
    const rds = new FakeRds();
    await run(rds);
    rds.calls.length = 0;
    assert.equal((await run(rds)).outcome, "was the writer");
    assert.deepEqual(rds.calls, []);
  });

  it("fails over with data loss only where that is allowed", async () => {
    const rds = new FakeRds();
    await run(rds, { mode: "allow-data-loss" });
    assert.deepEqual(rds.calls, [
      "lag production-eu-west-1",
      `failover acme-production ${arn("eu-west-1")}`,
    ]);
  });

  it("refuses above the lag's bound, in either mode, and asks for nothing", async () => {
    for (const mode of ["switchover", "allow-data-loss"] as const) {
      const rds = new FakeRds();
      rds.lag = 10.1;
      const { details } = await refused(run(rds, { mode }));
      assert.equal(details.key, "replication lag of production-eu-west-1");
      assert.equal(details.value, "10.1 s");
      assert.match(details.rule, /database\.maxLagSeconds, 10 s/);
      assert.deepEqual(rds.calls, ["lag production-eu-west-1"]);
    }
  });

  it("takes a lag that is just the bound", async () => {
    const rds = new FakeRds();
    rds.lag = 10;
    assert.equal((await run(rds)).outcome, "is the writer");
  });

  it("refuses a switchover from a lag that nobody measured; a failover with loss goes on", async () => {
    const rds = new FakeRds();
    rds.lag = undefined;
    const { details } = await refused(run(rds));
    assert.match(details.fix, /database\.onPromotion: allow-data-loss/);
    assert.deepEqual(rds.calls, ["lag production-eu-west-1"]);
    assert.equal((await run(rds, { mode: "allow-data-loss" })).outcome, "is the writer");
  });

  it("joins a promotion of this region that goes on, without asking for another", async () => {
    const rds = new FakeRds();
    rds.underWay(arn("eu-west-1"));
    assert.equal((await run(rds)).outcome, "is the writer");
    assert.deepEqual(rds.calls, []);
  });

  it("refuses while another region is being promoted, also where it is the writer still", async () => {
    for (const region of ["eu-west-1", "us-east-1"]) {
      const rds = new FakeRds();
      rds.underWay(arn("ap-southeast-1"));
      const { details } = await refused(run(rds, { region, cluster: `production-${region}` }));
      assert.equal(details.rule, "one promotion at a time; ap-southeast-1 is being promoted");
      assert.deepEqual(rds.calls, []);
    }
  });

  it("gives up after its time, says what it saw, and can be run again", async () => {
    const rds = new FakeRds();
    rds.takesSeconds = 90;
    const { details } = await refused(run(rds));
    assert.equal(details.value, "switching-over, writer us-east-1");
    assert.equal(details.rule, "eu-west-1 is the writer within 60 s of the request; it is not yet");
    assert.match(details.fix, /again/);
    assert.equal(rds.seconds, 60);
    const calls = rds.calls.length;
    assert.equal((await run(rds)).outcome, "is the writer");
    assert.equal(rds.calls.length, calls);
  });

  it("gives up, too, when the request fell through and the old writer stays", async () => {
    const rds = new FakeRds();
    rds.switchover = () => Promise.resolve();
    const { details } = await refused(run(rds));
    assert.equal(details.value, "available, writer us-east-1");
  });

  it("passes on what RDS refuses", async () => {
    const rds = new FakeRds();
    rds.switchover = () => Promise.reject(new Error("InvalidGlobalClusterStateFault"));
    await assert.rejects(run(rds), /InvalidGlobalClusterStateFault/);
  });

  it("refuses where there is no Global Database, and where the region is no member", async () => {
    const none = new FakeRds();
    none.state = undefined;
    assert.equal((await refused(run(none))).details.key, "Global Database acme-production");
    const { details } = await refused(run(new FakeRds(), { region: "eu-west-2" }));
    assert.match(details.rule, /is a member of it/);
  });

  it("reads RDS's own words", () => {
    const members = [{ DBClusterArn: arn("us-east-1"), IsWriter: true }];
    const answer = { Status: "available", GlobalClusterMembers: members };
    const state = { status: "available", members: [{ arn: arn("us-east-1"), writer: true }] };
    assert.deepEqual(stateOf(answer), state);
    assert.deepEqual(
      stateOf({ ...answer, FailoverState: { Status: "pending", ToDbClusterArn: "b" } }).moving,
      { status: "pending", to: "b" },
    );
    assert.deepEqual(stateOf({}), { status: "unknown", members: [] });
  });
});
