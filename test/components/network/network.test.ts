import assert from "node:assert/strict";
import { MockEngine, type MockRun } from "../../../doubles/mocks";
import { Network, type NetworkArgs } from "../../../infra/components/network/network";
import { planVpc } from "../../../infra/plan/cidr";

const TAGS = { Project: "multi-region-eks" };

const ARGS: NetworkArgs = {
  region: "eu-west-1",
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  plan: planVpc("10.17.0.0/16"),
  nat: "per-zone",
  interfaceEndpoints: true,
  clusterName: "production-eu-west-1",
  accountId: "111122223333",
  logKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000",
  logRetentionDays: 365,
  tags: TAGS,
};

const SUBNET = "aws:ec2/subnet:Subnet";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

const run = (args: Partial<NetworkArgs> = {}, preview = false) =>
  MockEngine.run(
    { region: "eu-west-1", preview },
    () => new Network("network", { ...ARGS, ...args }),
  );

/** Subnets by their IPv4 block. */
const subnetsAt = (mocks: MockRun<Network>, blocks: string[]) =>
  blocks.map((block) => {
    const subnet = [...mocks.resources, ...mocks.inner].find(
      ({ type, inputs }) => type === SUBNET && inputs["cidrBlock"] === block,
    );
    assert.ok(subnet, `no subnet ${block}`);
    return subnet;
  });

describe("Network", () => {
  let mocks: MockRun<Network>;
  before(async () => {
    mocks = await run();
  });

  it("gives awsx the whole plan, so that it allocates nothing by itself", () => {
    assert.deepEqual(mocks.one("awsx:ec2:Vpc").inputs, {
      cidrBlock: "10.17.0.0/16",
      availabilityZoneNames: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      subnetStrategy: "Auto",
      subnetSpecs: [
        {
          type: "Private",
          cidrBlocks: ["10.17.0.0/19", "10.17.64.0/19", "10.17.128.0/19"],
          tags: {
            "kubernetes.io/role/internal-elb": "1",
            "karpenter.sh/discovery": "production-eu-west-1",
          },
        },
        { type: "Public", cidrBlocks: ["10.17.32.0/22", "10.17.96.0/22", "10.17.160.0/22"] },
        { type: "Isolated", cidrBlocks: ["10.17.36.0/24", "10.17.100.0/24", "10.17.164.0/24"] },
      ],
      natGateways: { strategy: "OnePerAz" },
      assignGeneratedIpv6CidrBlock: true,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: TAGS,
    });
    assert.equal(mocks.one("awsx:ec2:Vpc").name, "network-vpc");
  });

  it("has one NAT gateway where the profile says single", async () => {
    const other = await run({ nat: "single" });
    assert.deepEqual(other.one("awsx:ec2:Vpc").inputs["natGateways"], { strategy: "Single" });
    const gateways = other.inner.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway");
    assert.equal(gateways.length, 1);
  });

  it("puts out each kind of subnet in the zones' order", async () => {
    const { plan } = ARGS;
    const { result } = mocks;
    const ids = (blocks: string[]) => subnetsAt(mocks, blocks).map(({ id }) => id);
    assert.deepEqual(await mocks.value(result.privateSubnetIds), ids(plan.private));
    assert.deepEqual(await mocks.value(result.isolatedSubnetIds), ids(plan.isolated));
    assert.deepEqual(await mocks.value(result.edgeSubnetIds), ids(plan.edge));
    const zones = subnetsAt(mocks, plan.edge).map(({ inputs }) =>
      String(inputs["availabilityZone"]),
    );
    assert.deepEqual(zones, ARGS.zones);
  });

  it("puts out the route tables of private and isolated subnets, and no other", async () => {
    const wanted = subnetsAt(mocks, [...ARGS.plan.private, ...ARGS.plan.isolated]).map(
      ({ id }) =>
        mocks.inner.find(({ type, inputs }) => type === ASSOCIATION && inputs["subnetId"] === id)
          ?.inputs["routeTableId"] as unknown,
    );
    assert.equal(wanted.filter(Boolean).length, 6);
    assert.deepEqual(await mocks.value(mocks.result.routeTableIds), wanted);
    const [s3] = mocks
      .of("aws:ec2/vpcEndpoint:VpcEndpoint")
      .filter(({ inputs }) => inputs["vpcEndpointType"] === "Gateway");
    assert.deepEqual(s3?.inputs["routeTableIds"], wanted);
  });

  it("lets no node have a public address: nothing maps one, and private subnets have no internet route", async () => {
    for (const { inputs } of subnetsAt(mocks, [...ARGS.plan.private, ...ARGS.plan.isolated])) {
      assert.notEqual(inputs["mapPublicIpOnLaunch"], true);
    }
    const gatewayRoutes = [...mocks.resources, ...mocks.inner].filter(
      ({ type, inputs }) => type === "aws:ec2/route:Route" && inputs["gatewayId"] !== undefined,
    );
    const tables = new Set((await mocks.value(mocks.result.routeTableIds)) ?? []);
    assert.ok(gatewayRoutes.length > 0);
    for (const { inputs } of gatewayRoutes) {
      assert.ok(!tables.has(String(inputs["routeTableId"])));
    }
  });

  it("takes every rule out of the default security group, and opens nothing to the internet", async () => {
    assert.deepEqual(mocks.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs, {
      vpcId: await mocks.value(mocks.result.vpcId),
      ingress: [],
      egress: [],
      tags: TAGS,
    });
    const rules = mocks.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      rules.map(({ inputs }) => String(inputs["cidrIpv4"])),
      ["10.17.0.0/16"],
    );
  });

  it("hands endpoints and flow logs what is theirs", async () => {
    const other = await run({ interfaceEndpoints: false, logRetentionDays: 7 });
    assert.equal(other.of("aws:ec2/vpcEndpoint:VpcEndpoint").length, 1);
    assert.equal(other.one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"], 7);
    assert.equal(other.one("aws:cloudwatch/logGroup:LogGroup").inputs["kmsKeyId"], ARGS.logKeyArn);
  });

  it("previews before anything exists", async () => {
    const other = await run({}, true);
    assert.equal(other.of(SUBNET).length, 3);
  });

  it("refuses a plan for another number of zones", async () => {
    await assert.rejects(run({ zones: ["eu-west-1a", "eu-west-1b"] }), {
      name: "RangeError",
      message: "3 private subnets are planned for 2 zones",
    });
  });
});
