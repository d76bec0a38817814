import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { MockEngine } from "../../../doubles/mocks";
import { EdgeSubnets } from "../../../infra/components/network/edgeSubnets";

const TAGS = { Project: "multi-region-eks" };
const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const BLOCKS = ["10.17.37.0/24", "10.17.101.0/24", "10.17.165.0/24"];

const run = (use: (edge: EdgeSubnets) => void = () => undefined) =>
  MockEngine.run({ region: "eu-west-1" }, () => {
    const vpc = new aws.ec2.Vpc("vpc", {
      cidrBlock: "10.17.0.0/16",
      assignGeneratedIpv6CidrBlock: true,
    });
    const gateway = new aws.ec2.InternetGateway("igw", { vpcId: vpc.id });
    const edge = new EdgeSubnets("edge", {
      vpcId: vpc.id,
      zones: ZONES,
      cidrBlocks: BLOCKS,
      vpcIpv6CidrBlock: vpc.ipv6CidrBlock,
      internetGatewayId: gateway.id,
      tags: TAGS,
    });
    use(edge);
    return edge;
  });

describe("EdgeSubnets", () => {
  it("has a dual-stack subnet per zone, each with its own /64", async () => {
    const mocks = await run();
    const vpc = mocks.one("aws:ec2/vpc:Vpc");
    const prefix = String(vpc.state["ipv6CidrBlock"]).replace(/00::\/56$/, "");
    const subnets = mocks.of("aws:ec2/subnet:Subnet");
    assert.deepEqual(
      subnets.map(({ name, inputs }) => ({ name, inputs })),
      ZONES.map((zone, index) => ({
        name: `edge-${zone}`,
        inputs: {
          vpcId: vpc.id,
          availabilityZone: zone,
          cidrBlock: BLOCKS[index],
          ipv6CidrBlock: `${prefix}0${index}::/64`,
          assignIpv6AddressOnCreation: true,
          mapPublicIpOnLaunch: false,
          tags: { ...TAGS, Name: `edge-${zone}`, "kubernetes.io/role/elb": "1" },
        },
      })),
    );
    assert.deepEqual(
      await mocks.value(mocks.result.subnetIds),
      subnets.map(({ id }) => id),
    );
  });

  it("routes both address families to the internet gateway, from one table for all three", async () => {
    const mocks = await run();
    const table = mocks.one("aws:ec2/routeTable:RouteTable").id;
    const gateway = mocks.one("aws:ec2/internetGateway:InternetGateway").id;
    assert.deepEqual(
      mocks.of("aws:ec2/route:Route").map(({ inputs }) => inputs),
      [
        { routeTableId: table, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway },
        { routeTableId: table, destinationIpv6CidrBlock: "::/0", gatewayId: gateway },
      ],
    );
    assert.deepEqual(
      mocks
        .of("aws:ec2/routeTableAssociation:RouteTableAssociation")
        .map(({ inputs }) => [String(inputs["subnetId"]), String(inputs["routeTableId"])]),
      mocks.of("aws:ec2/subnet:Subnet").map(({ id }) => [id, table]),
    );
  });

  it("tells its subnets only when they have their routes", async () => {
    const mocks = await run((edge) => {
      new aws.lb.LoadBalancer("balancer", {
        loadBalancerType: "network",
        subnets: edge.subnetIds,
      });
    });
    const { dependsOn } = mocks.one("aws:lb/loadBalancer:LoadBalancer").options;
    for (const type of ["route:Route", "routeTableAssociation:RouteTableAssociation"]) {
      for (const { urn } of mocks.of(`aws:ec2/${type}`)) assert.ok(dependsOn.includes(urn), urn);
    }
  });
});
