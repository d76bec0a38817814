import assert from "node:assert/strict";
import { regionNames } from "../../../infra/config/names";
import { Cache, type CacheArgs } from "../../../infra/components/cache/cache";
import { MockEngine } from "../../../doubles/mocks";
import { fleet } from "../support/fleet";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const TOKEN = "0123456789abcdef0123456789abcdef";

const run = (overrides: Partial<CacheArgs> = {}) =>
  MockEngine.run(
    { region: "eu-west-1" },
    () =>
      new Cache("cache", {
        names: regionNames(fleet, "eu-west-1"),
        nodeType: "cache.r7g.large",
        replicas: 1,
        snapshotRetentionDays: 7,
        logRetentionDays: 30,
        deletionProtection: true,
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
        clientSecurityGroupIds: ["sg-0cccccccccccccccc"],
        kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555",
        authToken: TOKEN,
        tags: { Project: "multi-region-eks" },
        ...overrides,
      }),
  );

describe("Cache", () => {
  it("runs Valkey, encrypted at rest, with TLS and a token required", async () => {
    const { inputs, secrets } = (await run()).one(GROUP);
    assert.equal(inputs.engine, "valkey");
    assert.equal(inputs.engineVersion, "8.0");
    assert.equal(inputs.atRestEncryptionEnabled, true);
    assert.match(String(inputs.kmsKeyId), /^arn:aws:kms:eu-west-1:/);
    assert.equal(inputs.transitEncryptionEnabled, true);
    assert.equal(inputs.transitEncryptionMode, "required");
    assert.equal(inputs.authToken, TOKEN);
    assert.ok(secrets.includes("authToken"));
    assert.equal(inputs.authTokenUpdateStrategy, "ROTATE");
    assert.equal("userGroupIds" in inputs, false);
    assert.equal("globalReplicationGroupId" in inputs, false);
  });

  it("spans zones and fails over with a replica", async () => {
    const { inputs } = (await run({ replicas: 1 })).one(GROUP);
    assert.equal(inputs.numCacheClusters, 2);
    assert.equal(inputs.automaticFailoverEnabled, true);
    assert.equal(inputs.multiAzEnabled, true);
    assert.equal(inputs.snapshotRetentionLimit, 7);
  });

  it("does neither without one, which ElastiCache would refuse", async () => {
    const { inputs } = (await run({ replicas: 0, nodeType: "cache.t4g.micro" })).one(GROUP);
    assert.equal(inputs.numCacheClusters, 1);
    assert.equal(inputs.automaticFailoverEnabled, false);
    assert.equal(inputs.multiAzEnabled, false);
  });

  it("makes room when full", async () => {
    const { inputs } = (await run()).one("aws:elasticache/parameterGroup:ParameterGroup");
    assert.equal(inputs.family, "valkey8");
    assert.deepEqual(inputs.parameters, [{ name: "maxmemory-policy", value: "allkeys-lru" }]);
  });

  it("sends its logs to groups that expire", async () => {
    const mocks = await run();
    const names = [
      "/aws/elasticache/production-eu-west-1/slow-log",
      "/aws/elasticache/production-eu-west-1/engine-log",
    ];
    const groups = mocks.of("aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs);
    assert.deepEqual(
      groups.map(({ name, retentionInDays }): unknown[] => [name, retentionInDays]),
      names.map((name) => [name, 30]),
    );
    assert.deepEqual(mocks.one(GROUP).inputs.logDeliveryConfigurations, [
      {
        destinationType: "cloudwatch-logs",
        destination: names[0],
        logFormat: "json",
        logType: "slow-log",
      },
      {
        destinationType: "cloudwatch-logs",
        destination: names[1],
        logFormat: "json",
        logType: "engine-log",
      },
    ]);
  });

  it("lets in port 6379 from the client groups alone, and nothing out", async () => {
    const mocks = await run();
    const rule = mocks.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs;
    assert.equal(rule.referencedSecurityGroupId, "sg-0cccccccccccccccc");
    assert.deepEqual([rule.ipProtocol, rule.fromPort, rule.toPort], ["tcp", 6379, 6379]);
    assert.equal(rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.prefixListId, undefined);
    assert.equal(mocks.of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").length, 0);
  });

  it("keeps the credentials in a secret of the region, and in no output", async () => {
    const mocks = await run();
    const secret = mocks.one("aws:secretsmanager/secret:Secret").inputs;
    assert.equal(secret.name, "production/eu-west-1/cache");
    assert.equal(secret.recoveryWindowInDays, 30);
    assert.equal("replicas" in secret, false);
    const version = mocks.one("aws:secretsmanager/secretVersion:SecretVersion");
    assert.ok(version.secrets.includes("secretString"));
    assert.deepEqual(JSON.parse(String(version.inputs.secretString)), {
      host: await mocks.value(mocks.result.endpoint),
      port: 6379,
      token: TOKEN,
    });
    assert.equal(await mocks.value(mocks.result.secretName), "production/eu-west-1/cache");
    assert.equal(await mocks.value(mocks.result.port), 6379);
  });

  it("frees the secret's name at once where deletion protection is off", async () => {
    const mocks = await run({ deletionProtection: false });
    assert.equal(mocks.one("aws:secretsmanager/secret:Secret").inputs.recoveryWindowInDays, 0);
  });
});
