import assert from "node:assert/strict";
import type { Props } from "../../doubles/values";
import { UNKNOWN } from "../../doubles/values";
import { Bench } from "./fixtures";

/** Type, property and values; the types and properties of pitfalls.md first. */
const REPLACES: [string, string, Props, Props][] = [
  ["aws:route53/healthCheck:HealthCheck", "type", { type: "HTTP" }, { type: "HTTPS" }],
  [
    "aws:route53/healthCheck:HealthCheck",
    "requestInterval",
    { requestInterval: 10 },
    { requestInterval: 30 },
  ],
  ["aws:route53/healthCheck:HealthCheck", "measureLatency", {}, { measureLatency: true }],
  ["aws:route53/healthCheck:HealthCheck", "routingControlArn", {}, { routingControlArn: "a" }],
  [
    "aws:rds/globalCluster:GlobalCluster",
    "databaseName",
    { databaseName: "a" },
    { databaseName: "b" },
  ],
  ["aws:rds/cluster:Cluster", "databaseName", { databaseName: "a" }, { databaseName: "b" }],
  ["aws:rds/cluster:Cluster", "kmsKeyId", { kmsKeyId: "a" }, { kmsKeyId: "b" }],
  [
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    "primaryReplicationGroupId",
    { primaryReplicationGroupId: "a" },
    { primaryReplicationGroupId: "b" },
  ],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "atRestEncryptionEnabled",
    {},
    { atRestEncryptionEnabled: true },
  ],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "subnetGroupName",
    { subnetGroupName: "a" },
    { subnetGroupName: "b" },
  ],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "port", { port: 6379 }, { port: 6380 }],
  ["aws:eks/nodeGroup:NodeGroup", "amiType", { amiType: "a" }, { amiType: "b" }],
  [
    "aws:ec2/subnet:Subnet",
    "cidrBlock",
    { cidrBlock: "10.0.0.0/24" },
    { cidrBlock: "10.0.1.0/24" },
  ],
  ["aws:sqs/queue:Queue", "region", { region: "us-east-1" }, { region: "eu-west-1" }],
  ["aws:iam/role:Role", "name", { name: "a" }, { name: "b" }],
  [
    "kubernetes:core/v1:ConfigMap",
    "metadata",
    { metadata: { name: "a" } },
    { metadata: { name: "b" } },
  ],
];

const UPDATES: [string, string, Props, Props][] = [
  [
    "aws:route53/healthCheck:HealthCheck",
    "childHealthThreshold",
    { childHealthThreshold: 1 },
    { childHealthThreshold: 2 },
  ],
  [
    "aws:route53/healthCheck:HealthCheck",
    "failureThreshold",
    { failureThreshold: 3 },
    { failureThreshold: 4 },
  ],
  ["aws:rds/cluster:Cluster", "globalClusterIdentifier", { globalClusterIdentifier: "a" }, {}],
  [
    "aws:rds/cluster:Cluster",
    "engineVersion",
    { engineVersion: "16.6" },
    { engineVersion: "16.8" },
  ],
  [
    "aws:eks/cluster:Cluster",
    "vpcConfig",
    { vpcConfig: { publicAccessCidrs: [] } },
    { vpcConfig: { publicAccessCidrs: ["10.0.0.0/8"] } },
  ],
  [
    "kubernetes:core/v1:ConfigMap",
    "metadata",
    { metadata: { name: "a" } },
    { metadata: { name: "a", labels: { b: "c" } } },
  ],
  ["kubernetes:helm.sh/v3:Release", "values", { values: { a: 1 } }, { values: { a: 2 } }],
];

describe("differences", () => {
  const { provider } = new Bench();
  for (const [type, property, olds, news] of REPLACES) {
    it(`${property} of ${type} replaces`, () => {
      const { changes } = provider.diff(type, olds, news);
      assert.deepEqual(
        [...changes].map(([key, { replace }]) => [key, replace]),
        [[property, true]],
      );
    });
  }
  for (const [type, property, olds, news] of UPDATES) {
    it(`${property} of ${type} changes in place`, () => {
      const { changes } = provider.diff(type, olds, news);
      assert.deepEqual(
        [...changes].map(([key, { replace }]) => [key, replace]),
        [[property, false]],
      );
    });
  }

  it("equal inputs differ in nothing, whatever the order of keys", () => {
    const { changes } = provider.diff(
      "aws:sqs/queue:Queue",
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
    );
    assert.equal(changes.size, 0);
  });

  it("a resource that keeps its own name is deleted before it is replaced", () => {
    const diff = (olds: Props, news: Props): boolean =>
      provider.diff("aws:sqs/queue:Queue", olds, news).deleteBeforeReplace;
    assert.equal(diff({ name: "q" }, { name: "q", fifoQueue: true }), true);
    assert.equal(diff({ name: "q" }, { name: "p" }), false);
  });

  it("a preview answers what the cloud computes as unknown, and keeps it through an update", () => {
    const created = provider.previewCreate("aws:sqs/queue:Queue", { name: "q" });
    assert.equal(created.name, "q");
    assert.equal(created.arn, UNKNOWN);
    assert.equal(created.url, UNKNOWN);
    assert.equal(created.visibilityTimeoutSeconds, 30);
    const updated = provider.previewUpdate(
      "aws:sqs/queue:Queue",
      { name: "q", delaySeconds: 5 },
      { arn: "arn", url: "url", name: "q" },
    );
    assert.deepEqual([updated.arn, updated.delaySeconds], ["arn", 5]);
  });
});
