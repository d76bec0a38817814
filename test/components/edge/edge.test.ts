import assert from "node:assert/strict";
import { Edge, type EdgeArgs } from "../../../infra/components/edge/edge";
import { OperatorError } from "../../../infra/config/errors";
import { MockEngine } from "../../../doubles/mocks";

const CLUSTER_GROUP = "sg-0eeeeeeeeeeeeeeee";
const ZONE = "Z0123456789ABCDEFGHIJ";
const OWN = "eu-west-1.example.com";
const SHARED = ["api.example.com", "media.example.com"];
const RECORD = "aws:route53/record:Record";
const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const tags = { Project: "multi-region-eks" };

const run = (overrides: Partial<EdgeArgs> = {}, preview = false) =>
  MockEngine.run(
    { region: "eu-west-1", preview },
    () =>
      new Edge("edge", {
        host: OWN,
        hosts: SHARED,
        validates: [OWN],
        zoneId: ZONE,
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
        clusterSecurityGroupId: CLUSTER_GROUP,
        deletionProtection: true,
        tags,
        ...overrides,
      }),
  );

describe("Edge load balancer", () => {
  it("is public, dual stack, cross-zone and protected", async () => {
    const mocks = await run();
    const balancer = mocks.one("aws:lb/loadBalancer:LoadBalancer");
    const { securityGroups, ...inputs } = balancer.inputs;
    assert.deepEqual(inputs, {
      loadBalancerType: "network",
      internal: false,
      ipAddressType: "dualstack",
      subnets: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: true,
      tags,
    });
    assert.deepEqual(securityGroups, [await mocks.value(mocks.result.securityGroupId)]);
    assert.equal(balancer.options.protect, true);
    assert.equal(await mocks.value(mocks.result.dnsName), balancer.state.dnsName);
    assert.equal(await mocks.value(mocks.result.zoneId), balancer.state.zoneId);
  });

  it("can be deleted only where deletion protection is off", async () => {
    const balancer = (await run({ deletionProtection: false })).one(
      "aws:lb/loadBalancer:LoadBalancer",
    );
    assert.equal(balancer.inputs.enableDeletionProtection, false);
    assert.notEqual(balancer.options.protect, true);
  });

  it("terminates TLS on 443 with the issued certificate, and takes plain HTTP on 80", async () => {
    const mocks = await run();
    const [https, http] = [
      mocks.one("aws:lb/listener:Listener", "edge-https").inputs,
      mocks.one("aws:lb/listener:Listener", "edge-http").inputs,
    ];
    assert.equal(mocks.of("aws:lb/listener:Listener").length, 2);
    assert.deepEqual(
      [https.protocol, https.port, https.sslPolicy, https.alpnPolicy],
      ["TLS", 443, "ELBSecurityPolicy-TLS13-1-2-2021-06", "HTTP2Preferred"],
    );
    assert.equal(https.certificateArn, mocks.one(CERTIFICATE).state.arn);
    assert.deepEqual([http.protocol, http.port], ["TCP", 80]);
    assert.equal("certificateArn" in http, false);
    const targets = mocks.result.targetGroups;
    assert.deepEqual(https.defaultActions, [
      { type: "forward", targetGroupArn: await mocks.value(targets.https) },
    ]);
    assert.deepEqual(http.defaultActions, [
      { type: "forward", targetGroupArn: await mocks.value(targets.http) },
    ]);
  });

  it("has target groups for the ingress gateway alone, healthy as its status port says", async () => {
    const groups = (await run()).of("aws:lb/targetGroup:TargetGroup");
    assert.deepEqual(
      groups.map(({ name, inputs }): unknown[] => [
        name,
        inputs.protocol,
        inputs.port,
        inputs.targetType,
      ]),
      [
        ["edge-https", "TLS", 8443, "ip"],
        ["edge-http", "TCP", 8080, "ip"],
      ],
    );
    for (const { inputs } of groups) {
      assert.deepEqual(inputs.healthCheck, {
        protocol: "HTTP",
        port: "15021",
        path: "/healthz/ready",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      });
      assert.equal(inputs.preserveClientIp, "true");
      assert.equal(inputs.proxyProtocolV2, false);
      assert.equal(inputs.deregistrationDelay, 60);
    }
  });
});

describe("Edge security", () => {
  it("opens 80 and 443 to everyone, IPv4 and IPv6, and nothing else", async () => {
    const mocks = await run();
    const group = await mocks.value(mocks.result.securityGroupId);
    const rules = mocks.of(INGRESS).filter(({ inputs }) => inputs.securityGroupId === group);
    assert.deepEqual(
      rules.map(({ inputs }): unknown[] => [
        inputs.fromPort,
        inputs.toPort,
        inputs.cidrIpv4 ?? inputs.cidrIpv6,
      ]),
      [
        [80, 80, "0.0.0.0/0"],
        [80, 80, "::/0"],
        [443, 443, "0.0.0.0/0"],
        [443, 443, "::/0"],
      ],
    );
  });

  it("lets the load balancer, and it alone, reach the gateway's three ports", async () => {
    const mocks = await run();
    const group = await mocks.value(mocks.result.securityGroupId);
    const ends = (type: string, owner: string): unknown[] =>
      mocks
        .of(type)
        .filter(({ inputs }) => inputs.securityGroupId === owner)
        .map(({ inputs }): unknown[] => [
          inputs.fromPort,
          inputs.toPort,
          inputs.referencedSecurityGroupId,
        ]);
    const toGateway = (peer: string) => [8080, 8443, 15021].map((port) => [port, port, peer]);
    assert.deepEqual(ends(INGRESS, CLUSTER_GROUP), toGateway(group));
    assert.deepEqual(ends(EGRESS, group), toGateway(CLUSTER_GROUP));
    assert.equal(mocks.of(EGRESS).length, 3);
  });
});

describe("Edge certificate", () => {
  it("covers the region's own name and every public host", async () => {
    const { inputs } = (await run()).one(CERTIFICATE);
    assert.equal(inputs.domainName, OWN);
    assert.deepEqual(inputs.subjectAlternativeNames, SHARED);
    assert.equal(inputs.validationMethod, "DNS");
  });

  it("owns its own name's validation record alone, and still waits for the whole certificate", async () => {
    const mocks = await run();
    const record = mocks.one(RECORD);
    const options = mocks.one(CERTIFICATE).state.domainValidationOptions as Record<
      string,
      string
    >[];
    const own = options.find(({ domainName }) => domainName === OWN);
    assert.ok(own);
    assert.deepEqual(record.inputs, {
      zoneId: ZONE,
      name: own.resourceRecordName,
      type: "CNAME",
      records: [own.resourceRecordValue],
      ttl: 300,
    });
    const validation = mocks.one(VALIDATION);
    assert.equal("validationRecordFqdns" in validation.inputs, false);
    assert.ok(validation.options.dependsOn.includes(record.urn));
  });

  it("owns the shared hosts' records as well in the data home", async () => {
    const mocks = await run({ validates: [OWN, ...SHARED] });
    assert.equal(mocks.of(RECORD).length, 3);
    assert.equal(new Set(mocks.of(RECORD).map(({ inputs }): unknown => inputs.name)).size, 3);
  });

  it("shows every record in a first preview, when ACM has not answered yet", async () => {
    const mocks = await run({ validates: [OWN, ...SHARED] }, true);
    assert.deepEqual(
      mocks.of(RECORD).map(({ name }) => name),
      [OWN, ...SHARED].map((host) => `edge-certificate-${host}`),
    );
  });

  it("is not made where one is given, and the zone is not touched", async () => {
    const certificateArn =
      "arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555";
    const mocks = await run({ certificateArn, zoneId: undefined });
    for (const type of [CERTIFICATE, VALIDATION, RECORD]) assert.equal(mocks.of(type).length, 0);
    assert.equal(
      mocks.one("aws:lb/listener:Listener", "edge-https").inputs.certificateArn,
      certificateArn,
    );
  });

  it("asks the operator for the zone when there is nothing to validate in", async () => {
    await assert.rejects(run({ zoneId: undefined }), (error: unknown) => {
      assert.ok(error instanceof OperatorError);
      assert.equal(error.details.key, "zone.id");
      return true;
    });
  });
});
