import assert from "node:assert/strict";
import { regionNames } from "../../../infra/config/names";
import { Database } from "../../../infra/components/database/database";
import { databaseCredentials } from "../../../infra/components/database/credentials";
import { ReplicatedSecret } from "../../../infra/components/secrets/replicatedSecret";
import { Cloud } from "../../../doubles";
import { MockEngine } from "../../../doubles/mocks";
import { fleet } from "../support/fleet";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const CLIENT = "sg-0cccccccccccccccc";
const tags = { Project: "multi-region-eks" };

function stack(region: string, instances: number): Database {
  const home = region === "us-east-1";
  const masterPassword = home ? "correct-horse-battery" : undefined;
  const secret = new ReplicatedSecret("database-secret", {
    name: "production/database",
    home,
    value: masterPassword === undefined ? undefined : databaseCredentials(masterPassword),
    replicaRegions: ["eu-west-1"],
    tags,
  });
  return new Database("database", {
    names: regionNames(fleet, region),
    dataHome: home,
    sourceRegion: "us-east-1",
    role: home ? "primary" : "secondary",
    zones: [`${region}a`, `${region}b`],
    instanceClass: "db.r6g.large",
    instances,
    backupRetentionDays: 1,
    proxy: true,
    deletionProtection: true,
    logRetentionDays: 30,
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    clientSecurityGroupIds: [CLIENT],
    kmsKeyArn: `arn:aws:kms:${region}:111122223333:key/11111111-2222-3333-4444-555555555555`,
    secretName: secret.secretName,
    masterPassword,
    tags,
  });
}

async function run(region: string, instances = 2) {
  const cloud = new Cloud({ assumeExisting: true });
  const inRegion = (name: string) =>
    MockEngine.run({ region: name, cloud }, () => stack(name, instances));
  const home = await inRegion("us-east-1");
  return region === "us-east-1" ? home : inRegion(region);
}

describe("DatabaseProxy", () => {
  for (const region of ["us-east-1", "eu-west-1"]) {
    it(`requires TLS and reads this region's copy of the secret, in ${region}`, async () => {
      const { inputs } = (await run(region)).one("aws:rds/proxy:Proxy");
      assert.equal(inputs.name, `production-${region}`);
      assert.equal(inputs.requireTls, true);
      assert.equal(inputs.engineFamily, "POSTGRESQL");
      assert.equal(inputs.debugLogging, undefined);
      const [auth, ...others] = inputs.auths as Record<string, string>[];
      assert.deepEqual(others, []);
      assert.equal(auth?.authScheme, "SECRETS");
      assert.equal(auth?.clientPasswordAuthType, "POSTGRES_SCRAM_SHA_256");
      assert.match(
        auth?.secretArn ?? "",
        new RegExp(`^arn:aws:secretsmanager:${region}:\\d{12}:secret:production/database-\\w{6}$`),
      );
    });
  }

  it("may read that one secret and nothing else", async () => {
    const mocks = await run("eu-west-1");
    const { inputs } = mocks.one("aws:iam/rolePolicy:RolePolicy");
    const policy: unknown =
      typeof inputs.policy === "string" ? JSON.parse(inputs.policy) : inputs.policy;
    const auths = mocks.one("aws:rds/proxy:Proxy").inputs.auths as { secretArn: string }[];
    assert.deepEqual(policy, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "secretsmanager:GetSecretValue",
          Resource: auths[0]?.secretArn,
        },
      ],
    });
  });

  it("reaches the database, and clients reach it, by group alone", async () => {
    const mocks = await run("us-east-1");
    const database = await mocks.value(mocks.result.securityGroupId);
    const [proxy] = mocks.one("aws:rds/proxy:Proxy").inputs.vpcSecurityGroupIds as string[];
    const edges = (type: string): unknown[] =>
      mocks.of(type).map(({ inputs }): unknown[] => {
        assert.deepEqual([inputs.fromPort, inputs.toPort], [5432, 5432]);
        return [inputs.securityGroupId, inputs.referencedSecurityGroupId];
      });
    assert.notEqual(proxy, database);
    assert.deepEqual(edges(INGRESS), [
      [database, CLIENT],
      [proxy, CLIENT],
      [database, proxy],
    ]);
    assert.deepEqual(edges(EGRESS), [[proxy, database]]);
  });

  it("targets the cluster once its instances are there, and leaves room for forwarded writes", async () => {
    const mocks = await run("us-east-1");
    const target = mocks.one("aws:rds/proxyTarget:ProxyTarget");
    assert.equal(target.inputs.dbClusterIdentifier, "production-us-east-1");
    for (const { urn } of mocks.of("aws:rds/clusterInstance:ClusterInstance")) {
      assert.ok(target.options.dependsOn.includes(urn));
    }
    assert.deepEqual(
      mocks.one("aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup").inputs
        .connectionPoolConfig,
      { maxConnectionsPercent: 75 },
    );
  });

  it("pools reads in either role, and leaves writes to the endpoint that follows the writer", async () => {
    const mocks = await run("eu-west-1");
    const endpoint = mocks.one("aws:rds/proxyEndpoint:ProxyEndpoint");
    assert.equal(endpoint.inputs.targetRole, "READ_ONLY");
    assert.equal(endpoint.inputs.dbProxyEndpointName, "production-eu-west-1-reader");
    assert.equal(await mocks.value(mocks.result.readerEndpoint), endpoint.state.endpoint);
    assert.notEqual(
      await mocks.value(mocks.result.writerEndpoint),
      mocks.one("aws:rds/proxy:Proxy").state.endpoint,
    );
  });

  it("has no read-only endpoint over a single instance, which has no reader", async () => {
    const mocks = await run("us-east-1", 1);
    assert.equal(mocks.of("aws:rds/proxyEndpoint:ProxyEndpoint").length, 0);
    assert.equal(
      await mocks.value(mocks.result.readerEndpoint),
      mocks.one("aws:rds/cluster:Cluster").state.readerEndpoint,
    );
  });
});
