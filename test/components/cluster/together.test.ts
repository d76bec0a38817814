import assert from "node:assert/strict";
import { Cloud } from "../../../doubles/cloud";
import { MockEngine } from "../../../doubles/mocks";
import { Cluster } from "../../../infra/components/cluster/cluster";
import { EncryptionKey } from "../../../infra/components/encryption/encryptionKey";
import { servicePolicy } from "../../../infra/components/identity/servicePolicy";
import { WorkloadIdentity } from "../../../infra/components/identity/workloadIdentity";
import { Network } from "../../../infra/components/network/network";
import { PROFILES } from "../../../infra/config/profile";
import type { Environment } from "../../../infra/config/stackName";
import { planVpc } from "../../../infra/plan/cidr";

/** Keys, network, cluster and a workload's role, as a regional stack joins them. */
function ground(environment: Environment) {
  const profile = PROFILES[environment];
  const region = "eu-west-1";
  const clusterName = `${environment}-${region}`;
  const shared = { accountId: "111122223333", tags: {} };
  const key = (name: string, services?: [`logs.${string}.amazonaws.com`]) =>
    new EncryptionKey(name, {
      ...shared,
      alias: `${clusterName}-${name}`,
      description: name,
      services,
    });
  const logs = key("logs", [`logs.${region}.amazonaws.com`]);
  const secrets = key("secrets");
  const network = new Network("network", {
    ...shared,
    ...profile.network,
    region,
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    plan: planVpc("10.17.0.0/16"),
    clusterName,
    logKeyArn: logs.arn,
    logRetentionDays: profile.logRetentionDays,
  });
  const cluster = new Cluster("cluster", {
    clusterName,
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    secretsKeyArn: secrets.arn,
    logKeyArn: logs.arn,
    operators: [{ roleArn: "arn:aws:iam::111122223333:role/operator", access: "admin" }],
    apiAllowedCidrs: ["203.0.113.0/24"],
    systemNodes: profile.cluster.systemNodes,
    logRetentionDays: profile.logRetentionDays,
    oidcProvider: false,
    deletionProtection: profile.deletionProtection,
    tags: {},
  });
  return new WorkloadIdentity("ray", {
    roleName: `${clusterName}-ray`,
    clusterName: cluster.clusterName,
    namespace: "services",
    serviceAccount: "ray",
    statements: servicePolicy(
      { name: "ray", placement: "everywhere", data: "read-write" },
      {
        region,
        queues: {},
        queueKeyArn: secrets.arn,
        dataBucketArn: "arn:aws:s3:::data",
        dataKeyArn: secrets.arn,
      },
    ),
    tags: {},
  });
}

describe("network, keys, cluster and workload roles together", () => {
  for (const environment of ["production", "staging", "development"] as const) {
    it(`stand up in a cloud that refuses a dangling reference, ${environment}`, async () => {
      const mocks = await MockEngine.run({ region: "eu-west-1", cloud: new Cloud() }, () =>
        ground(environment),
      );
      const gateways = mocks.inner.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway");
      assert.equal(gateways.length, environment === "production" ? 3 : 1);
      const endpoints = mocks.of("aws:ec2/vpcEndpoint:VpcEndpoint");
      assert.equal(endpoints.length, environment === "production" ? 12 : 1);
      const open = [...mocks.resources, ...mocks.inner].filter(({ type, inputs }) =>
        /SecurityGroup|SecurityGroupRule/.test(type)
          ? JSON.stringify(inputs).includes("0.0.0.0/0")
          : false,
      );
      assert.deepEqual(open, []);
      const names = [...mocks.resources, ...mocks.inner].map(({ urn }) => urn);
      assert.equal(new Set(names).size, names.length);
    });
  }

  it("preview before anything exists", async () => {
    const mocks = await MockEngine.run({ region: "eu-west-1", preview: true }, () =>
      ground("production"),
    );
    assert.ok(mocks.of("aws:eks/podIdentityAssociation:PodIdentityAssociation").length === 3);
  });
});
