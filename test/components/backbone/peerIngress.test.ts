import * as assert from "node:assert/strict";
import { MockEngine } from "../../../doubles/mocks";
import { PeerIngress } from "../../../infra/components/backbone/peerIngress";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describe("PeerIngress", () => {
  const ports = [
    { purpose: "database", securityGroupId: "sg-database", port: 5432 },
    { purpose: "metrics", securityGroupId: "sg-cluster", port: 9090 },
  ];
  const open = (peers: Record<string, string>) =>
    MockEngine.run({ stack: "backbone" }, () => {
      new PeerIngress("eu-west-1", { region: "eu-west-1", ports, peers, tags: {} });
    });

  it("has one rule for each port and peer, on the port's own group", async () => {
    const run = await open({ "us-east-1": "10.16.0.0/16", "ap-southeast-1": "10.18.0.0/16" });
    assert.deepEqual(
      run
        .of(INGRESS)
        .map(({ name }) => name)
        .sort(),
      [
        "eu-west-1-database-from-ap-southeast-1",
        "eu-west-1-database-from-us-east-1",
        "eu-west-1-metrics-from-ap-southeast-1",
        "eu-west-1-metrics-from-us-east-1",
      ],
    );
    const { inputs } = run.one(INGRESS, "eu-west-1-metrics-from-us-east-1");
    assert.equal(inputs["securityGroupId"], "sg-cluster");
    assert.equal(inputs["fromPort"], 9090);
    assert.equal(inputs["toPort"], 9090);
    assert.equal(inputs["cidrIpv4"], "10.16.0.0/16");
  });

  it("has none without peers", async () => {
    assert.deepEqual((await open({})).of(INGRESS), []);
  });
});
