import assert from "node:assert/strict";
import { MetricsEntry } from "../../../infra/components/metricsEntry/metricsEntry";
import { MockEngine } from "../../../doubles/mocks";

const CLUSTER_GROUP = "sg-0eeeeeeeeeeeeeeee";
const ASKING = "10.17.0.0/16";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const tags = { Project: "multi-region-eks" };

const run = () =>
  MockEngine.run(
    { region: "us-east-1" },
    () =>
      new MetricsEntry("metrics", {
        host: "metrics.us-east-1.example.com",
        zoneId: "Z0123456789ABCDEFGHIJ",
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
        clientCidr: ASKING,
        clusterSecurityGroupId: CLUSTER_GROUP,
        tags,
      }),
  );

describe("Metrics entry", () => {
  it("is a load balancer inside the VPC, found by its name", async () => {
    const mocks = await run();
    const balancer = mocks.one("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(balancer.inputs, {
      loadBalancerType: "network",
      internal: true,
      ipAddressType: "ipv4",
      subnets: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
      securityGroups: [await mocks.value(mocks.result.securityGroupId)],
      enableCrossZoneLoadBalancing: true,
      tags,
    });
    assert.deepEqual(mocks.one("aws:route53/record:Record").inputs, {
      zoneId: "Z0123456789ABCDEFGHIJ",
      name: "metrics.us-east-1.example.com",
      type: "A",
      aliases: [
        {
          name: balancer.state.dnsName,
          zoneId: balancer.state.zoneId,
          evaluateTargetHealth: false,
        },
      ],
    });
  });

  it("hands both ports on to the pods that are ready, with addresses of its own", async () => {
    const mocks = await run();
    const listeners = mocks.of("aws:lb/listener:Listener").map(({ inputs }) => inputs);
    assert.deepEqual(
      listeners.map(({ protocol, port }): unknown[] => [protocol, port]),
      [
        ["TCP", 10901],
        ["TCP", 10902],
      ],
    );
    const groups = mocks.of("aws:lb/targetGroup:TargetGroup").map(({ inputs }) => inputs);
    assert.deepEqual(
      groups.map(({ targetType, protocol, port, preserveClientIp }): unknown[] => [
        targetType,
        protocol,
        port,
        preserveClientIp,
      ]),
      [
        ["ip", "TCP", 10901, "false"],
        ["ip", "TCP", 10902, "false"],
      ],
    );
    for (const { healthCheck } of groups) {
      const { protocol, port, path } = healthCheck as Record<string, string>;
      assert.deepEqual([protocol, port, path], ["HTTP", "10902", "/-/ready"]);
    }
  });

  it("lets the global region's network in, on two ports, and nobody else", async () => {
    const mocks = await run();
    const group = await mocks.value(mocks.result.securityGroupId);
    const rules = (type: string) =>
      mocks
        .of(type)
        .map(({ inputs }): unknown[] => [
          inputs.securityGroupId,
          inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId,
          inputs.fromPort,
          inputs.toPort,
        ]);
    assert.deepEqual(
      rules(INGRESS).sort(),
      [
        [CLUSTER_GROUP, group, 10901, 10901],
        [CLUSTER_GROUP, group, 10902, 10902],
        [group, ASKING, 10901, 10901],
        [group, ASKING, 10902, 10902],
      ].sort(),
    );
    assert.deepEqual(rules(EGRESS), [
      [group, CLUSTER_GROUP, 10901, 10901],
      [group, CLUSTER_GROUP, 10902, 10902],
    ]);
  });
});
