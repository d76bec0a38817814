import * as assert from "node:assert/strict";
import { MockEngine } from "../../doubles/mocks";
import type { BackboneContext } from "../../infra/config/context";
import { OperatorError } from "../../infra/config/errors";
import { backboneStack } from "../../infra/stacks/backbone";
import { backboneContext, cidrOf, fleetOf, globalRecord, THREE, upStacks } from "./fixtures";

const CONNECTION = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
const ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter";
const OPTIONS = "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions";
const ROUTE = "aws:ec2/route:Route";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

const fleet = fleetOf(THREE);

const TAGS = {
  Project: "multi-region-eks",
  Environment: "production",
  ManagedBy: "pulumi",
  Stack: "backbone",
};

const everyStack = (regions: readonly string[] = THREE) => ({
  ...upStacks(fleetOf(regions)),
  global: { global: globalRecord(regions) },
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const up = (
  ctx: BackboneContext = backboneContext(fleet),
  stackOutputs: Record<string, Record<string, unknown>> = everyStack(),
  options: { preview?: boolean; region?: string } = {},
) =>
  MockEngine.run({ stack: "backbone", region: "us-east-1", stackOutputs, ...options }, () =>
    backboneStack(ctx),
  );

/** The mesh of the three regions; tests only read it. */
const mesh = once(() => up());

const skipping = (of = fleet) => backboneContext(of, { whenRegionMissing: "skip" });

describe("backbone stack: peering", () => {
  it("peers every two VPCs once, from the alphabetically first region", async () => {
    const run = await mesh();
    assert.deepEqual(
      run
        .of(CONNECTION)
        .map(({ name }) => name)
        .sort(),
      [
        "ap-southeast-1-eu-west-1-connection",
        "ap-southeast-1-us-east-1-connection",
        "eu-west-1-us-east-1-connection",
      ],
    );
    assert.deepEqual(run.one(CONNECTION, "eu-west-1-us-east-1-connection").inputs, {
      region: "eu-west-1",
      vpcId: "vpc-eu-west-1",
      peerVpcId: "vpc-us-east-1",
      peerRegion: "us-east-1",
      tags: { ...TAGS, Name: "eu-west-1-us-east-1" },
    });
  });

  it("accepts in the other region, and resolves names both ways once accepted", async () => {
    const run = await mesh();
    const id = run.one(CONNECTION, "eu-west-1-us-east-1-connection").id;
    assert.deepEqual(run.one(ACCEPTER, "eu-west-1-us-east-1-accepter").inputs, {
      region: "us-east-1",
      vpcPeeringConnectionId: id,
      autoAccept: true,
      tags: { ...TAGS, Name: "eu-west-1-us-east-1" },
    });
    const resolve = { allowRemoteVpcDnsResolution: true };
    assert.deepEqual(run.one(OPTIONS, "eu-west-1-us-east-1-requester-options").inputs, {
      region: "eu-west-1",
      vpcPeeringConnectionId: id,
      requester: resolve,
    });
    assert.deepEqual(run.one(OPTIONS, "eu-west-1-us-east-1-accepter-options").inputs, {
      region: "us-east-1",
      vpcPeeringConnectionId: id,
      accepter: resolve,
    });
    assert.equal(run.of(OPTIONS).length, 3 * 2);
  });

  it("makes options and routes wait for the acceptance", async () => {
    const run = await mesh();
    const { urn } = run.one(ACCEPTER, "eu-west-1-us-east-1-accepter");
    const waiting = [...run.of(OPTIONS), ...run.of(ROUTE)].filter(({ name }) =>
      name.startsWith("eu-west-1-us-east-1"),
    );
    assert.equal(waiting.length, 2 + 4);
    for (const { options } of waiting) assert.ok(options.dependsOn.includes(urn));
  });

  it("routes from every route table to every peer", async () => {
    const run = await mesh();
    const routes = run
      .of(ROUTE)
      .map(({ inputs }) => [
        inputs["region"] as string,
        inputs["routeTableId"] as string,
        inputs["destinationCidrBlock"] as string,
      ]);
    const expected = THREE.flatMap((from) =>
      ["private", "isolated"].flatMap((kind) =>
        THREE.filter((to) => to !== from).map((to) => [from, `rtb-${from}-${kind}`, cidrOf(to)]),
      ),
    );
    assert.deepEqual(routes.sort(), expected.sort());
    const route = run.one(ROUTE, "eu-west-1-us-east-1-from-us-east-1-rtb-us-east-1-private");
    assert.deepEqual(route.inputs, {
      region: "us-east-1",
      routeTableId: "rtb-us-east-1-private",
      destinationCidrBlock: cidrOf("eu-west-1"),
      vpcPeeringConnectionId: run.one(ACCEPTER, "eu-west-1-us-east-1-accepter").id,
    });
  });

  it("lets the peers' VPCs reach the database and nothing else", async () => {
    const run = await mesh();
    assert.equal(run.of(INGRESS).length, 3 * 2);
    assert.deepEqual(run.one(INGRESS, "us-east-1-database-from-eu-west-1").inputs, {
      region: "us-east-1",
      securityGroupId: "sg-us-east-1-database",
      description: "database from eu-west-1",
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      cidrIpv4: cidrOf("eu-west-1"),
      tags: { ...TAGS, Name: "database from eu-west-1" },
    });
    assert.ok(run.of(INGRESS).every(({ inputs }) => inputs["fromPort"] === 5432));
  });
});

describe("backbone stack: replication", () => {
  const rule = (region: string, priority: number, extra: object = {}) => ({
    id: `to-${region}`,
    priority,
    status: "Enabled",
    filter: {},
    deleteMarkerReplication: { status: "Enabled" },
    sourceSelectionCriteria: {
      replicaModifications: { status: "Enabled" },
      sseKmsEncryptedObjects: { status: "Enabled" },
    },
    destination: {
      bucket: `arn:aws:s3:::acme-production-${region}-data`,
      encryptionConfiguration: {
        replicaKmsKeyId: `arn:aws:kms:${region}:111122223333:key/storage`,
      },
      ...extra,
    },
  });

  it("copies every data bucket to every peer, under the peer's key", async () => {
    const run = await mesh();
    assert.equal(run.of(REPLICATION).length, 3);
    assert.deepEqual(run.one(REPLICATION, "eu-west-1-configuration").inputs, {
      region: "eu-west-1",
      bucket: "acme-production-eu-west-1-data",
      role: run.one(ROLE, "eu-west-1-role").state["arn"],
      rules: [rule("ap-southeast-1", 10 * 256 + 18), rule("us-east-1", 10 * 256 + 16)],
    });
  });

  it("has time control with its metrics only where config says so", async () => {
    const run = await up(backboneContext(fleet, { replication: { timeControl: true } }));
    const time = { minutes: 15 };
    const timed = {
      replicationTime: { status: "Enabled", time },
      metrics: { status: "Enabled", eventThreshold: time },
    };
    assert.deepEqual(run.one(REPLICATION, "eu-west-1-configuration").inputs["rules"], [
      rule("ap-southeast-1", 10 * 256 + 18, timed),
      rule("us-east-1", 10 * 256 + 16, timed),
    ]);
  });

  it("works under one role per region, whose policy is there first", async () => {
    const run = await mesh();
    assert.deepEqual(
      run
        .of(ROLE)
        .map(({ inputs }) => String(inputs["name"]))
        .sort(),
      [...THREE].sort().map((region) => `production-${region}-s3-replication`),
    );
    const policy = run.one(ROLE_POLICY, "eu-west-1-policy");
    assert.equal(policy.inputs["role"], run.one(ROLE, "eu-west-1-role").id);
    const { options } = run.one(REPLICATION, "eu-west-1-configuration");
    assert.ok(options.dependsOn.includes(policy.urn));
    const text = String(policy.inputs["policy"]);
    assert.ok(!text.includes("-metrics"));
    for (const region of THREE) assert.ok(text.includes(`acme-production-${region}-data`));
  });
});

describe("backbone stack: alarms", () => {
  it("watches every gate and endpoint check where their metrics are", async () => {
    const run = await mesh();
    const topic = run.one(TOPIC).state["arn"];
    assert.equal(run.of(ALARM).length, 3 * 2);
    const { alarmDescription, ...inputs } = run.one(ALARM, "health-eu-west-1-gate").inputs;
    assert.match(String(alarmDescription), /runbook, section "A region left DNS"\.$/);
    assert.deepEqual(inputs, {
      region: "us-east-1",
      name: "production-eu-west-1-gate-unhealthy",
      namespace: "AWS/Route53",
      metricName: "HealthCheckStatus",
      dimensions: { HealthCheckId: "gate-eu-west-1" },
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      period: 60,
      evaluationPeriods: 2,
      treatMissingData: "breaching",
      alarmActions: [topic],
      okActions: [topic],
      tags: TAGS,
    });
    const endpoint = run.one(ALARM, "health-eu-west-1-endpoint").inputs;
    assert.deepEqual(endpoint["dimensions"], { HealthCheckId: "endpoint-eu-west-1" });
    assert.match(String(endpoint["alarmDescription"]), /section "A region's endpoint fails"\.$/);
  });

  it("mails an encrypted topic that alarms may publish to, in us-east-1 wherever the stack runs", async () => {
    const run = await up(undefined, undefined, { region: "eu-west-1" });
    const { kmsMasterKeyId, ...topic } = run.one(TOPIC).inputs;
    assert.deepEqual(topic, { region: "us-east-1", tags: TAGS });
    assert.equal(kmsMasterKeyId, run.one(KEY).state["arn"]);
    for (const type of [KEY, ALIAS, TOPIC_POLICY, SUBSCRIPTION]) {
      assert.equal(run.one(type).inputs["region"], "us-east-1", type);
    }
    assert.match(String(run.one(KEY).inputs["policy"]), /"cloudwatch\.amazonaws\.com"/);
    assert.match(String(run.one(TOPIC_POLICY).inputs["policy"]), /"cloudwatch\.amazonaws\.com"/);
    assert.deepEqual(run.one(SUBSCRIPTION).inputs, {
      region: "us-east-1",
      topic: run.one(TOPIC).state["arn"],
      protocol: "email",
      endpoint: "ops@acme.test",
    });
  });

  it("has no subscription without addresses", async () => {
    const run = await up(backboneContext(fleetOf(THREE, { alarmEmails: [] })));
    assert.deepEqual(run.of(SUBSCRIPTION), []);
  });
});

describe("backbone stack: which regions are up", () => {
  const SPANNING = [CONNECTION, ACCEPTER, OPTIONS, ROUTE, INGRESS, REPLICATION, ROLE];

  it("joins nothing with one region up, and watches it all the same", async () => {
    const run = await up(skipping(), everyStack(["us-east-1"]));
    for (const type of SPANNING) assert.deepEqual(run.of(type), [], type);
    assert.equal(run.of(ALARM).length, 2);
  });

  it("has the topic ready where global is not up yet", async () => {
    const run = await up(skipping(), upStacks(fleet));
    assert.deepEqual(run.of(ALARM), []);
    assert.equal(run.of(TOPIC).length, 1);
    assert.equal(run.of(CONNECTION).length, 3);
  });

  it("refuses an up without global, and goes on in a preview", async () => {
    await assert.rejects(up(undefined, upStacks(fleet)), OperatorError);
    const run = await up(undefined, upStacks(fleet), { preview: true });
    assert.equal(run.of(CONNECTION).length, 3);
  });

  it("leaves what joins the others as it is when a region is added, apart from rules that gain a peer", async () => {
    const before = await mesh();
    const four = ["ca-central-1", ...THREE];
    const after = await up(backboneContext(fleetOf(four)), everyStack(four));
    const names = new Set(after.resources.map(({ urn }) => urn));
    assert.deepEqual(
      before.resources.filter(({ urn }) => !names.has(urn)),
      [],
    );
    const rules = (run: typeof before) =>
      run.one(REPLICATION, "eu-west-1-configuration").inputs["rules"] as { id: string }[];
    for (const old of rules(before)) {
      assert.deepEqual(
        rules(after).find(({ id }) => id === old.id),
        old,
      );
    }
    assert.equal(rules(after).length, 3);
  });

  it("puts nothing outside the region that it is for", async () => {
    const run = await mesh();
    for (const { type, name, inputs } of run.resources) {
      if (!type.startsWith("aws:") || type.startsWith("aws:iam/")) continue;
      assert.ok(inputs["region"] !== undefined, `${type} ${name} has no region`);
    }
  });

  it("exports the peerings and the topic", async () => {
    const run = await mesh();
    const exported = await run.value(run.result.backbone);
    assert.deepEqual(Object.keys(exported.peerings).sort(), [
      "ap-southeast-1-eu-west-1",
      "ap-southeast-1-us-east-1",
      "eu-west-1-us-east-1",
    ]);
    assert.equal(
      exported.peerings["eu-west-1-us-east-1"],
      run.one(ACCEPTER, "eu-west-1-us-east-1-accepter").id,
    );
    assert.equal(exported.alarmTopicArn, run.one(TOPIC).state["arn"]);
  });
});
