import assert from "node:assert/strict";
import { MockEngine } from "../../../doubles/mocks";
import { INTERFACE_ENDPOINTS, VpcEndpoints } from "../../../infra/components/network/vpcEndpoints";

const TAGS = { Project: "multi-region-eks" };
const VPC = "vpc-0123456789abcdef0";
const SUBNETS = [
  "subnet-0aaaaaaaaaaaaaaaa",
  "subnet-0bbbbbbbbbbbbbbbb",
  "subnet-0cccccccccccccccc",
];
const TABLES = ["rtb-0aaaaaaaaaaaaaaaa", "rtb-0bbbbbbbbbbbbbbbb"];

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const run = (interfaces: boolean) =>
  MockEngine.run(
    { region: "eu-west-1" },
    () =>
      new VpcEndpoints("endpoints", {
        vpcId: VPC,
        region: "eu-west-1",
        cidr: "10.17.0.0/16",
        routeTableIds: TABLES,
        subnetIds: SUBNETS,
        interfaces,
        tags: TAGS,
      }),
  );

describe("VpcEndpoints", () => {
  it("reaches S3 by gateway, and nothing else where interfaces are off", async () => {
    const mocks = await run(false);
    assert.deepEqual(mocks.one(ENDPOINT).inputs, {
      vpcId: VPC,
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.eu-west-1.s3",
      routeTableIds: TABLES,
      tags: { ...TAGS, Name: "endpoints-s3" },
    });
    assert.equal(mocks.of(GROUP).length, 0);
    assert.equal(mocks.resources.filter(({ custom }) => custom).length, 1);
  });

  it("has an interface in every zone for each service that nodes call", async () => {
    const mocks = await run(true);
    const group = mocks.one(GROUP);
    const interfaces = mocks
      .of(ENDPOINT)
      .filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface");
    assert.deepEqual(
      interfaces.map(({ inputs }) => String(inputs["serviceName"])).sort(),
      [
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "eks",
        "eks-auth",
        "elasticloadbalancing",
        "secretsmanager",
        "sqs",
        "ssm",
        "ssmmessages",
        "sts",
      ].map((service) => `com.amazonaws.eu-west-1.${service}`),
    );
    for (const { inputs } of interfaces) {
      assert.deepEqual(inputs["subnetIds"], SUBNETS);
      assert.deepEqual(inputs["securityGroupIds"], [group.id]);
      assert.equal(inputs["privateDnsEnabled"], true);
    }
    assert.equal(mocks.of(ENDPOINT).length, Object.keys(INTERFACE_ENDPOINTS).length + 1);
  });

  it("admits HTTPS from the VPC and nothing else", async () => {
    const mocks = await run(true);
    const group = mocks.one(GROUP);
    assert.equal("ingress" in group.inputs || "egress" in group.inputs, false);
    assert.deepEqual(mocks.one(INGRESS).inputs, {
      description: "HTTPS from the VPC",
      securityGroupId: group.id,
      cidrIpv4: "10.17.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      tags: TAGS,
    });
    assert.equal(mocks.of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").length, 0);
  });
});
