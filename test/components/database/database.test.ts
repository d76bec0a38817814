import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { regionNames } from "../../../infra/config/names";
import { Database, type DatabaseArgs } from "../../../infra/components/database/database";
import { Cloud } from "../../../doubles";
import { ReplicatedSecret } from "../../../infra/components/secrets/replicatedSecret";
import { MockEngine, type Registered } from "../../../doubles/mocks";
import { fleet } from "../support/fleet";

const CLUSTER = "aws:rds/cluster:Cluster";
const GLOBAL = "aws:rds/globalCluster:GlobalCluster";
const INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const MOVED = [
  "replicationSourceIdentifier",
  "globalClusterIdentifier",
  "engineVersion",
  "databaseName",
  "masterUsername",
];

const HOME = "us-east-1";
const OTHER = "eu-west-1";
const SECRET = "production/database";

function argsOf(region: string, overrides: Partial<DatabaseArgs> = {}): DatabaseArgs {
  const dataHome = region === HOME;
  return {
    names: regionNames(fleet, region),
    dataHome,
    sourceRegion: HOME,
    role: dataHome ? "primary" : "secondary",
    zones: [`${region}a`, `${region}b`, `${region}c`],
    instanceClass: "db.r6g.large",
    instances: 2,
    backupRetentionDays: 14,
    proxy: false,
    deletionProtection: true,
    logRetentionDays: 365,
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b", "subnet-0000000000000000c"],
    clientSecurityGroupIds: ["sg-0cccccccccccccccc"],
    kmsKeyArn: `arn:aws:kms:${region}:111122223333:key/11111111-2222-3333-4444-555555555555`,
    secretName: SECRET,
    masterPassword: dataHome ? "correct-horse-battery" : undefined,
    tags: { Project: "multi-region-eks" },
    ...overrides,
  };
}

function stack(region: string, overrides: Partial<DatabaseArgs>): Database {
  const args = argsOf(region, overrides);
  const { secretName } = new ReplicatedSecret("database-secret", {
    name: SECRET,
    home: args.dataHome,
    replicaRegions: [OTHER],
    deletionProtection: args.deletionProtection,
    tags: args.tags,
  });
  return new Database("database", { ...args, secretName });
}

const run = (
  region: string,
  overrides: Partial<DatabaseArgs> = {},
  cloud = new Cloud({ assumeExisting: true }),
) => MockEngine.run({ region, cloud }, () => stack(region, overrides));

/** Both regions over one cloud, as the bring-up order has it. */
async function runOther(overrides: Partial<DatabaseArgs> = {}) {
  const cloud = new Cloud({ assumeExisting: true });
  await run(HOME, {}, cloud);
  return run(OTHER, overrides, cloud);
}

const previewOther = () =>
  MockEngine.run({ region: OTHER, cloud: new Cloud({ assumeExisting: true }), preview: true }, () =>
    stack(OTHER, { proxy: true }),
  );

/** What a preview compares, by URN: registration has no fixed order. */
const essence = (resources: Registered[]) =>
  new Map(
    resources.map(({ urn, inputs, options: { protect, ignoreChanges } }) => [
      urn,
      { inputs, protect, ignoreChanges },
    ]),
  );

describe("Database", () => {
  describe("in the data home", () => {
    it("creates the Global Database, encrypted and protected, naming no database", async () => {
      const global = (await run(HOME)).one(GLOBAL);
      assert.deepEqual(global.inputs, {
        globalClusterIdentifier: "acme-production",
        engine: "aurora-postgresql",
        engineVersion: "17.7",
        storageEncrypted: true,
        deletionProtection: true,
        tags: { Project: "multi-region-eks" },
      });
      assert.equal(global.options.protect, true);
      // RDS tells the first cluster's afterwards; taking it away would replace the Global Database.
      assert.deepEqual(global.options.ignoreChanges, ["databaseName"]);
    });

    it("creates the first cluster with the given password and a final snapshot", async () => {
      const mocks = await run(HOME);
      const { inputs, options, secrets } = mocks.one(CLUSTER);
      assert.equal(inputs.clusterIdentifier, "production-us-east-1");
      assert.equal(inputs.globalClusterIdentifier, "acme-production");
      assert.equal(inputs.masterUsername, "platform");
      assert.equal(inputs.masterPassword, "correct-horse-battery");
      assert.ok(secrets.includes("masterPassword"));
      assert.equal(inputs.manageMasterUserPassword, undefined);
      assert.equal(inputs.databaseName, "app");
      assert.equal(inputs.skipFinalSnapshot, false);
      assert.match(
        String(inputs.finalSnapshotIdentifier),
        /^production-us-east-1-final-[0-9a-f]{8}$/,
      );
      assert.deepEqual(options.ignoreChanges, MOVED);
      assert.equal(options.protect, true);
    });

    it("answers with the Global Database's own writer endpoint", async () => {
      const mocks = await run(HOME);
      const global = mocks.one(GLOBAL);
      assert.equal(await mocks.value(mocks.result.writerEndpoint), global.state.endpoint);
    });

    it("asks for it once there is an instance that can be the writer", async () => {
      const { result } = await run(HOME);
      const endpoint = result.writerEndpoint as unknown as {
        allResources: () => Promise<Set<{ urn: pulumi.Output<string> }>>;
      };
      const waitsFor = [...(await endpoint.allResources())].map(({ constructor }) => constructor);
      assert.ok(waitsFor.includes(aws.rds.Cluster));
      assert.equal(waitsFor.filter((type) => type === aws.rds.ClusterInstance).length, 1);
    });

    it("neither protects nor snapshots where deletion protection is off", async () => {
      const mocks = await run(HOME, { deletionProtection: false });
      const cluster = mocks.one(CLUSTER);
      assert.equal(cluster.inputs.deletionProtection, false);
      assert.equal(cluster.inputs.skipFinalSnapshot, true);
      assert.equal(cluster.inputs.finalSnapshotIdentifier, undefined);
      assert.equal(mocks.one(GLOBAL).inputs.deletionProtection, false);
      for (const { options } of mocks.resources) assert.notEqual(options.protect, true);
    });

    it("refuses to come up without a password", async () => {
      await assert.rejects(run(HOME, { masterPassword: undefined }), /master password/);
    });
  });

  describe("in another region", () => {
    it("joins by the Global Database's name, with no credentials and no final snapshot", async () => {
      const mocks = await runOther();
      const { inputs, options } = mocks.one(CLUSTER);
      assert.equal(inputs.globalClusterIdentifier, "acme-production");
      assert.equal(inputs.clusterIdentifier, "production-eu-west-1");
      assert.match(String(inputs.kmsKeyId), /^arn:aws:kms:eu-west-1:/);
      assert.equal(inputs.enableGlobalWriteForwarding, true);
      assert.equal(inputs.skipFinalSnapshot, true);
      for (const absent of [
        "masterUsername",
        "masterPassword",
        "manageMasterUserPassword",
        "databaseName",
        "finalSnapshotIdentifier",
        "replicationSourceIdentifier",
      ]) {
        assert.equal(absent in inputs, false, absent);
      }
      assert.equal(inputs.sourceRegion, HOME);
      assert.deepEqual(options.ignoreChanges, [...MOVED, "masterPassword", "sourceRegion"]);
      assert.equal(options.protect, true);
      assert.equal(mocks.of(GLOBAL).length, 0);
    });

    it("refuses a password", async () => {
      await assert.rejects(runOther({ masterPassword: "another-password" }), /master password/);
    });

    it("answers with the same writer endpoint as the data home, and its own reader's", async () => {
      const cloud = new Cloud({ assumeExisting: true });
      const home = await run(HOME, {}, cloud);
      const expected = await home.value(home.result.writerEndpoint);
      const other = await run(OTHER, {}, cloud);
      assert.equal(await other.value(other.result.writerEndpoint), expected);
      assert.match(await other.value(other.result.readerEndpoint), /eu-west-1/);
    });

    it("previews before the Global Database exists, with the endpoint unknown", async () => {
      const mocks = await previewOther();
      assert.equal(await mocks.value(mocks.result.writerEndpoint), undefined);
    });

    it("knows its region's APIs only: no resource sets a region of its own", async () => {
      for (const { inputs } of (await runOther({ proxy: true })).resources) {
        assert.equal("region" in inputs, false);
      }
    });
  });

  it("shows no difference at all when the role changes", async () => {
    const before = await run(HOME, { role: "primary", proxy: true });
    const after = await run(HOME, { role: "secondary", proxy: true });
    assert.ok(before.resources.length > 10);
    assert.deepEqual(essence(after.resources), essence(before.resources));
  });

  it("turns on encryption, IAM authentication, log export and tag copies in every member", async () => {
    for (const mocks of [await run(HOME), await runOther()]) {
      const { inputs } = mocks.one(CLUSTER);
      assert.equal(inputs.storageEncrypted, true);
      assert.equal(inputs.iamDatabaseAuthenticationEnabled, true);
      assert.equal(inputs.enableGlobalWriteForwarding, true);
      assert.equal(inputs.copyTagsToSnapshot, true);
      assert.equal(inputs.deletionProtection, true);
      assert.equal(inputs.backupRetentionPeriod, 14);
      assert.deepEqual(inputs.enabledCloudwatchLogsExports, ["postgresql"]);
      assert.equal(inputs.engineVersion, "17.7");
    }
  });

  it("makes the log group, with its retention, before the cluster", async () => {
    const mocks = await run(HOME);
    const logs = mocks.one("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(logs.inputs.name, "/aws/rds/cluster/production-us-east-1/postgresql");
    assert.equal(logs.inputs.retentionInDays, 365);
    assert.ok(mocks.one(CLUSTER).options.dependsOn.includes(logs.urn));
  });

  it("spreads the instances over the zones, private, monitored and never upgraded alone", async () => {
    const mocks = await run(HOME, { instances: 4 });
    const instances = mocks.of(INSTANCE).map(({ inputs }) => inputs);
    assert.deepEqual(
      instances.map(({ availabilityZone, promotionTier }): unknown[] => [
        availabilityZone,
        promotionTier,
      ]),
      [
        ["us-east-1a", 0],
        ["us-east-1b", 1],
        ["us-east-1c", 2],
        ["us-east-1a", 3],
      ],
    );
    for (const inputs of instances) {
      assert.equal(inputs.publiclyAccessible, false);
      assert.equal(inputs.autoMinorVersionUpgrade, false);
      assert.equal(inputs.performanceInsightsEnabled, true);
      assert.match(String(inputs.performanceInsightsKmsKeyId), /^arn:aws:kms:us-east-1:/);
      assert.equal(inputs.monitoringInterval, 60);
      assert.equal("engineVersion" in inputs, false);
    }
  });

  it("gives enhanced monitoring a role of the region's name and AWS's one policy", async () => {
    const mocks = await run(HOME);
    assert.equal(
      mocks.one("aws:iam/role:Role").inputs.name,
      "production-us-east-1-database-monitoring",
    );
    assert.deepEqual(
      mocks
        .of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        .map(({ inputs }): unknown => inputs.policyArn),
      ["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"],
    );
  });

  it("lets in port 5432 from the client groups alone, and nothing out", async () => {
    const clientSecurityGroupIds = ["sg-0cccccccccccccccc", "sg-0dddddddddddddddd"];
    const mocks = await run(HOME, { clientSecurityGroupIds });
    const rules = mocks.of(INGRESS).map(({ inputs }) => inputs);
    assert.deepEqual(
      rules.map(({ referencedSecurityGroupId }): unknown => referencedSecurityGroupId),
      clientSecurityGroupIds,
    );
    for (const rule of rules) {
      assert.deepEqual([rule.ipProtocol, rule.fromPort, rule.toPort], ["tcp", 5432, 5432]);
      assert.equal(rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.prefixListId, undefined);
    }
    assert.equal(mocks.of(EGRESS).length, 0);
    const group = mocks.one("aws:ec2/securityGroup:SecurityGroup").inputs;
    assert.equal(group.ingress ?? group.egress, undefined);
  });
});

describe("Database parameters", () => {
  const clusterParameters = async (globalRpoSeconds?: number): Promise<unknown> =>
    (await run(HOME, { globalRpoSeconds })).one(
      "aws:rds/clusterParameterGroup:ClusterParameterGroup",
    ).inputs.parameters;

  it("force TLS, log schema changes and slow statements", async () => {
    const mocks = await run(HOME);
    const cluster = mocks.one("aws:rds/clusterParameterGroup:ClusterParameterGroup").inputs;
    assert.equal(cluster.family, "aurora-postgresql17");
    assert.deepEqual(cluster.parameters, [
      // Aurora 17's default, of which RDS says nothing else.
      { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
      { name: "log_statement", value: "ddl", applyMethod: "immediate" },
    ]);
    const instance = mocks.one("aws:rds/parameterGroup:ParameterGroup").inputs;
    assert.deepEqual(instance.parameters, [
      { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
      { name: "log_lock_waits", value: "1", applyMethod: "immediate" },
    ]);
  });

  it("cap the data that a failover may lose when told to", async () => {
    assert.deepEqual(((await clusterParameters(60)) as unknown[]).at(-1), {
      name: "rds.global_db_rpo",
      value: "60",
      applyMethod: "immediate",
    });
  });

  it("refuse a cap below Aurora's 20 seconds", async () => {
    await assert.rejects(clusterParameters(19), /database\.globalRpoSeconds is 19/);
    await assert.rejects(clusterParameters(20.5), /database\.globalRpoSeconds is 20\.5/);
    await clusterParameters(20);
  });
});
