import assert from "node:assert/strict";
import { createCloud, type Cloud } from "../../../doubles";
import { MockEngine } from "../../../doubles/mocks";
import {
  commandLine,
  DatabasePromotion,
  type DatabasePromotionArgs,
  findWriter,
} from "../../../infra/components/database/promotion";

const COMMAND = "command:local:Command";
const CLUSTER = "aws:rds/cluster:Cluster";
const GLOBAL = "aws:rds/globalCluster:GlobalCluster";

const EU: Omit<DatabasePromotionArgs, "writer"> = {
  region: "eu-west-1",
  globalCluster: "acme-production",
  cluster: "production-eu-west-1",
  onPromotion: "switchover",
  maxLagSeconds: 10,
};

/** A Global Database over two regions, written in us-east-1. */
function database(): Cloud {
  const cloud = createCloud();
  const put = (type: string, region: string, id: string, state: Record<string, string>) =>
    cloud.put({ type, region, id, inputs: {}, state });
  put(GLOBAL, "us-east-1", "acme-production", {});
  for (const [region, globalRole] of [
    ["us-east-1", "primary"],
    ["eu-west-1", "secondary"],
  ] as const) {
    const arn = `arn:aws:rds:${region}:111122223333:cluster:production-${region}`;
    const globalClusterIdentifier = "acme-production";
    put(CLUSTER, region, `production-${region}`, { arn, globalRole, globalClusterIdentifier });
  }
  return cloud;
}

const rolesIn = (cloud: Cloud) =>
  Object.fromEntries(cloud.all(CLUSTER).map(({ region, state }) => [region, state.globalRole]));

function up(cloud: Cloud, args: Partial<DatabasePromotionArgs> = {}) {
  const all = { ...EU, writer: "us-east-1", ...args };
  return MockEngine.run({ region: "eu-west-1", cloud }, () => {
    new DatabasePromotion("promotion", all);
  });
}

describe("DatabasePromotion", () => {
  it("runs the promotion's script where the writer is elsewhere, at every such up", async () => {
    const first = (await up(database())).one(COMMAND, "promotion-command");
    assert.deepEqual(Object.keys(first.inputs), ["create", "triggers"]);
    assert.equal(
      first.inputs["create"],
      "node -r ts-node/register cli/promote.ts --region eu-west-1 --global-cluster acme-production --cluster production-eu-west-1 --max-lag-seconds 10",
    );
    assert.match(String(first.inputs["triggers"]), /^writer us-east-1 at \d{4}-/);
    assert.deepEqual(first.options.ignoreChanges, []);
  });

  it("has nothing to run where the region is the writer, whatever was edited", async () => {
    const command = (await up(database(), { writer: "eu-west-1" })).one(COMMAND);
    assert.deepEqual(command.inputs["triggers"], []);
    assert.deepEqual(command.options.ignoreChanges, ["triggers", "create"]);
  });

  it("allows data loss only when the file says so", () => {
    assert.doesNotMatch(commandLine(EU), /data-loss/);
    assert.match(commandLine({ ...EU, onPromotion: "allow-data-loss" }), / --allow-data-loss$/);
  });

  it("moves the writer in the doubles' cloud", async () => {
    const cloud = database();
    await up(cloud);
    assert.deepEqual(rolesIn(cloud), { "us-east-1": "secondary", "eu-west-1": "primary" });
  });

  it("switches over only while the old writer's region answers; a failover needs it not", async () => {
    const cloud = database();
    cloud.failRegion("us-east-1");
    await assert.rejects(
      up(cloud),
      /SwitchoverGlobalCluster: the API of us-east-1 does not answer/,
    );
    assert.deepEqual(rolesIn(cloud), { "us-east-1": "primary", "eu-west-1": "secondary" });
    assert.deepEqual(cloud.all(COMMAND), [], "a command that failed leaves nothing");
    await up(cloud, { onPromotion: "allow-data-loss" });
    assert.deepEqual(rolesIn(cloud), { "us-east-1": "secondary", "eu-west-1": "primary" });
  });

  it("is refused for a cluster that is no member", async () => {
    await assert.rejects(
      up(database(), { cluster: "another" }),
      /another \(eu-west-1\) is no member/,
    );
  });
});

describe("findWriter", () => {
  const find = async (cloud: Cloud) =>
    (await MockEngine.run({ region: "eu-west-1", cloud }, () => findWriter("acme-production")))
      .result;

  it("tells the writer's region", async () => {
    assert.equal(await find(database()), "us-east-1");
  });

  it("tells none before there is a Global Database, and passes on any other failure", async () => {
    assert.equal(await find(createCloud()), undefined);
    const cloud = database();
    cloud.failRegion("eu-west-1");
    await assert.rejects(find(cloud), /does not answer/);
  });
});
