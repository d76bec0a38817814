import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as eks from "@pulumi/eks";
import assert from "node:assert/strict";
import { layout, type SubnetSpec } from "../../doubles/components/vpcLayout";
import { MockEngine } from "../../doubles/mocks";
import { trust } from "./fixtures";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

function vpcArgs(): awsx.ec2.VpcArgs {
  return {
    cidrBlock: "10.16.0.0/16",
    availabilityZoneNames: ZONES,
    subnetStrategy: "Auto",
    subnetSpecs: [
      { type: "Private", cidrBlocks: ["10.16.0.0/19", "10.16.64.0/19", "10.16.128.0/19"] },
      { type: "Public", cidrBlocks: ["10.16.32.0/22", "10.16.96.0/22", "10.16.160.0/22"] },
    ],
    natGateways: { strategy: "Single" },
    assignGeneratedIpv6CidrBlock: true,
  };
}

function clusterArgs(vpc: awsx.ec2.Vpc): eks.ClusterArgs {
  return {
    name: "production",
    version: "1.34",
    vpcId: vpc.vpcId,
    privateSubnetIds: vpc.privateSubnetIds,
    authenticationMode: "API",
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    accessEntries: { operator: { principalArn: "arn:aws:iam::111122223333:role/operator" } },
  };
}

describe("remote components under mocks", function () {
  this.timeout(30_000);

  it("register real children and answer from them", async () => {
    const run = await MockEngine.run({}, () => {
      const vpc = new awsx.ec2.Vpc("net", vpcArgs());
      const cluster = new eks.Cluster("cluster", clusterArgs(vpc));
      const role = new aws.iam.Role("node", { assumeRolePolicy: trust("ec2.amazonaws.com") });
      const group = new eks.ManagedNodeGroup("system", { cluster, nodeRoleArn: role.arn });
      return { vpc, cluster, group };
    });
    const inner = (type: string): number => run.inner.filter((r) => r.type === type).length;
    assert.equal(inner("aws:ec2/subnet:Subnet"), 6);
    assert.equal(inner("aws:ec2/routeTable:RouteTable"), 6);
    assert.equal(inner("aws:ec2/natGateway:NatGateway"), 1);
    assert.equal(inner("aws:eks/addon:Addon"), 2, "vpc-cni and kube-proxy, no coredns");
    assert.deepEqual(run.resources.map(({ type }) => type).sort(), [
      "aws:iam/role:Role",
      "awsx:ec2:Vpc",
      "eks:index:Cluster",
      "eks:index:ManagedNodeGroup",
    ]);
    const { vpc, cluster, group } = run.result;
    assert.match(await run.value(vpc.vpcId), /^vpc-0[0-9a-f]{16}$/);
    assert.match((await run.value(vpc.vpc.ipv6CidrBlock)) ?? "", /::\/56$/);
    assert.match(await run.value(cluster.clusterSecurityGroupId), /^sg-0/);
    assert.match(
      await run.value(group.nodeGroup.arn),
      /^arn:aws:eks:us-east-1:111122223333:nodegroup/,
    );
    const kubeconfig = JSON.parse(await run.value(cluster.kubeconfigJson)) as { kind: string };
    assert.equal(kubeconfig.kind, "Config");
  });

  it("know nothing beforehand in a preview", async () => {
    const run = await MockEngine.run({ preview: true }, () => new awsx.ec2.Vpc("net", vpcArgs()));
    assert.equal(await run.value(run.result.vpcId), undefined);
    assert.equal(run.cloud.all().length, 0);
  });

  it("coredns comes only when it is enabled", async () => {
    const run = await MockEngine.run({}, () => {
      const vpc = new awsx.ec2.Vpc("net", vpcArgs());
      return new eks.Cluster("c", { ...clusterArgs(vpc), corednsAddonOptions: { enabled: true } });
    });
    const names = run.inner.map(({ inputs }) => (inputs as { addonName?: string }).addonName);
    assert.ok(names.includes("coredns"));
  });

  it("role mappings are refused in API mode", async () => {
    const run = MockEngine.run({}, () => {
      const vpc = new awsx.ec2.Vpc("net", vpcArgs());
      return new eks.Cluster("c", { ...clusterArgs(vpc), roleMappings: [] });
    });
    await assert.rejects(run, /'roleMappings' property is not supported/);
  });
});

describe("awsx's layout of subnets", () => {
  const zoned = (type: SubnetSpec["type"], cidrBlocks: string[]): SubnetSpec => ({
    type,
    cidrBlocks,
  });
  const plan = (specs: SubnetSpec[], strategy = "Auto", zones = ZONES.slice(0, 2)): number =>
    layout("v", "10.0.0.0/16", zones, specs, strategy).length;

  it("refuses explicit blocks in some specs only, or not one per zone", () => {
    const halves = ["10.0.0.0/17", "10.0.128.0/17"];
    assert.equal(plan([zoned("Private", halves)]), 2);
    assert.throws(() => plan([zoned("Private", halves), { type: "Public" }]), /all specs must/);
    assert.throws(() => plan([zoned("Private", ["10.0.0.0/17"])]), /must match the number/);
  });

  it("refuses overlaps, those of its own allocation too", () => {
    const twice = ["10.0.0.0/18", "10.0.64.0/18"];
    assert.throws(() => plan([zoned("Private", twice), zoned("Public", twice)]), /subnets overlap/);
    const own: SubnetSpec[] = [
      { type: "Public", cidrMask: 22 },
      { type: "Private", cidrMask: 19 },
      { type: "Isolated", cidrMask: 24 },
    ];
    assert.throws(() => plan(own, "Auto", ZONES), /subnets overlap/);
  });

  it("Exact leaves no gap; Unused fills one", () => {
    const private_ = zoned("Private", ["10.0.0.0/17", "10.0.128.0/18"]);
    assert.throws(() => plan([private_], "Exact"), /gaps/);
    const halves = [
      zoned("Private", ["10.0.0.0/18", "10.0.128.0/18"]),
      zoned("Unused", ["10.0.64.0/18", "10.0.192.0/18"]),
    ];
    assert.equal(plan(halves, "Exact"), 2, "Unused makes no subnet");
  });
});
