import assert from "node:assert/strict";
import type { Props } from "../../doubles/values";
import { Bench, trust } from "./fixtures";

interface Case {
  type: string;
  /** Accepted as it stands, refused with `wrong` merged into it. */
  good: Props;
  wrong: Props;
  message: RegExp;
}

const check = { type: "HTTPS", fqdn: "us-east-1.example.com", port: 443 };
const calculated = { type: "CALCULATED", childHealthThreshold: 2, childHealthchecks: ["a"] };
const group = { replicationGroupId: "c", description: "c", nodeType: "cache.r7g.large" };

/** Refusals that need nothing else in the cloud. */
const CASES: Record<string, Case> = {
  "host bits in a VPC's block": {
    type: "aws:ec2/vpc:Vpc",
    good: { cidrBlock: "10.0.0.0/16" },
    wrong: { cidrBlock: "10.0.0.1/16" },
    message: /host bits/,
  },
  "a VPC wider than /16": {
    type: "aws:ec2/vpc:Vpc",
    good: { cidrBlock: "10.0.0.0/16" },
    wrong: { cidrBlock: "10.0.0.0/15" },
    message: /between \/16 and \/28/,
  },
  "a VPC narrower than /28": {
    type: "aws:ec2/vpc:Vpc",
    good: { cidrBlock: "10.0.0.0/28" },
    wrong: { cidrBlock: "10.0.0.0/29" },
    message: /between \/16 and \/28/,
  },
  "a role's name beyond 64 characters": {
    type: "aws:iam/role:Role",
    good: { name: "r".repeat(64), assumeRolePolicy: trust("ec2.amazonaws.com") },
    wrong: { name: "r".repeat(65) },
    message: /at most 64/,
  },
  "a trust policy without a principal": {
    type: "aws:iam/role:Role",
    good: { assumeRolePolicy: trust("ec2.amazonaws.com") },
    wrong: {
      assumeRolePolicy: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}',
    },
    message: /no Principal/,
  },
  "a policy that is not JSON": {
    type: "aws:kms/key:Key",
    good: {
      policy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}',
    },
    wrong: { policy: "{Statement" },
    message: /not JSON/,
  },
  "a KMS alias without its prefix": {
    type: "aws:kms/alias:Alias",
    good: { name: "alias/data", targetKeyId: "?" },
    wrong: { name: "data" },
    message: /begin with "alias\/"/,
  },
  "an unknown Aurora version": {
    type: "aws:rds/globalCluster:GlobalCluster",
    good: {
      globalClusterIdentifier: "g",
      engine: "aurora-postgresql",
      engineVersion: "16.6",
    },
    wrong: { engineVersion: "16.99" },
    message: /Cannot find version 16\.99/,
  },
  "a managed password in a global cluster": {
    type: "aws:rds/cluster:Cluster",
    good: { engine: "aurora-postgresql", masterUsername: "u", manageMasterUserPassword: true },
    wrong: { globalClusterIdentifier: "g" },
    message: /does not manage the password of a member/,
  },
  "a health check every 15 seconds": {
    type: "aws:route53/healthCheck:HealthCheck",
    good: { ...check, requestInterval: 10 },
    wrong: { requestInterval: 15 },
    message: /10 or 30/,
  },
  "a failure threshold of 11": {
    type: "aws:route53/healthCheck:HealthCheck",
    good: { ...check, failureThreshold: 10 },
    wrong: { failureThreshold: 11 },
    message: /1 to 10/,
  },
  "a gate's threshold of 257": {
    type: "aws:route53/healthCheck:HealthCheck",
    good: { ...calculated, childHealthThreshold: 256 },
    wrong: { childHealthThreshold: 257 },
    message: /0 to 256/,
  },
  "256 children": {
    type: "aws:route53/healthCheck:HealthCheck",
    good: { ...calculated, childHealthchecks: Array.from({ length: 255 }, () => "a") },
    wrong: { childHealthchecks: Array.from({ length: 256 }, () => "a") },
    message: /at most 255/,
  },
  "an auth token without TLS": {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    good: { ...group, authToken: "x".repeat(16), transitEncryptionEnabled: true },
    wrong: { transitEncryptionEnabled: false },
    message: /needs transitEncryptionEnabled/,
  },
  "several zones without a replica": {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    good: {
      ...group,
      multiAzEnabled: true,
      automaticFailoverEnabled: true,
      numCacheClusters: 2,
    },
    wrong: { numCacheClusters: 1 },
    message: /at least one replica/,
  },
  "a bucket's name in capitals": {
    type: "aws:s3/bucket:Bucket",
    good: { bucket: "example-data" },
    wrong: { bucket: "Example-Data" },
    message: /InvalidBucketName/,
  },
  "a visibility timeout beyond 12 hours": {
    type: "aws:sqs/queue:Queue",
    good: { name: "q", visibilityTimeoutSeconds: 43200 },
    wrong: { visibilityTimeoutSeconds: 43201 },
    message: /0 to 43200/,
  },
  "a dead-letter queue that is not there": {
    type: "aws:sqs/queue:Queue",
    good: { name: "q" },
    wrong: {
      redrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:no","maxReceiveCount":3}',
    },
    message: /dead-letter queue .* does not exist/,
  },
  "a secret replicated twice to one region": {
    type: "aws:secretsmanager/secret:Secret",
    good: { name: "s", replicas: [{ region: "eu-west-1" }, { region: "eu-west-2" }] },
    wrong: { replicas: [{ region: "eu-west-1" }, { region: "eu-west-1" }] },
    message: /eu-west-1 twice/,
  },
  "a secret replicated to its own region": {
    type: "aws:secretsmanager/secret:Secret",
    good: { name: "s", replicas: [{ region: "eu-west-1" }] },
    wrong: { replicas: [{ region: "us-east-1" }] },
    message: /its own region/,
  },
  "a Route 53 alarm outside us-east-1": {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    good: {
      name: "a",
      comparisonOperator: "LessThanThreshold",
      evaluationPeriods: 1,
      metricName: "HealthCheckStatus",
      namespace: "AWS/Route53",
    },
    wrong: { region: "eu-west-1" },
    message: /only in us-east-1/,
  },
  "a retention that CloudWatch does not know": {
    type: "aws:cloudwatch/logGroup:LogGroup",
    good: { name: "l", retentionInDays: 30 },
    wrong: { retentionInDays: 31 },
    message: /retentionInDays 31/,
  },
};

describe("refusals", () => {
  for (const [name, { type, good, wrong, message }] of Object.entries(CASES)) {
    it(`refuses ${name}, and accepts its neighbour`, () => {
      const bench = new Bench();
      const accepted = bench.provider.check(type, "it", {}, good);
      // Dangling references are not this test's business.
      const { assumeExisting } = bench.cloud;
      assert.equal(assumeExisting, false);
      if (!/alias|CALCULATED/i.test(JSON.stringify(good))) bench.provider.create(type, accepted);
      new Bench().refuses(type, { ...good, ...wrong }, message);
    });
  }
});

describe("the network refuses", () => {
  it("a subnet outside its VPC or over another one", () => {
    const bench = new Bench();
    const vpcId = bench.vpc();
    bench.subnet(vpcId, "10.0.0.0/24");
    bench.subnet(vpcId, "10.0.1.0/24");
    const zone = { vpcId, availabilityZone: "us-east-1a" };
    const subnet = "aws:ec2/subnet:Subnet";
    bench.refuses(subnet, { ...zone, cidrBlock: "10.1.0.0/24" }, /outside its VPC/);
    bench.refuses(subnet, { ...zone, cidrBlock: "10.0.1.128/25" }, /overlaps 10\.0\.1\.0\/24/);
    bench.refuses(subnet, { vpcId: "vpc-0", cidrBlock: "10.0.9.0/24" }, /no aws:ec2\/vpc:Vpc/);
  });

  it("peers that overlap", () => {
    const bench = new Bench();
    const vpcId = bench.vpc();
    const other = bench.vpc("10.1.0.0/16", { region: "eu-west-1" });
    const same = bench.vpc("10.0.0.0/16", { region: "eu-west-1" });
    const peering = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
    bench.make(peering, { vpcId, peerVpcId: other, peerRegion: "eu-west-1" });
    bench.refuses(peering, { vpcId, peerVpcId: same, peerRegion: "eu-west-1" }, /overlap/);
  });

  it("to delete what is in use", () => {
    const bench = new Bench();
    const vpcId = bench.vpc();
    const subnetId = bench.subnet(vpcId, "10.0.0.0/24");
    assert.throws(() => bench.delete("aws:ec2/vpc:Vpc", vpcId), /in use by aws:ec2\/subnet/);
    bench.delete("aws:ec2/subnet:Subnet", subnetId);
    bench.delete("aws:ec2/vpc:Vpc", vpcId);
    assert.deepEqual(bench.cloud.all(), [], "the default security group goes with its VPC");
  });
});

describe("the database refuses", () => {
  const CLUSTER = "aws:rds/cluster:Cluster";
  const GLOBAL = "aws:rds/globalCluster:GlobalCluster";
  const member = {
    engine: "aurora-postgresql",
    engineVersion: "16.6",
    globalClusterIdentifier: "g",
    skipFinalSnapshot: true,
  };
  const home = { clusterIdentifier: "home", masterUsername: "u", masterPassword: "p".repeat(12) };
  const away = { clusterIdentifier: "away", region: "eu-west-1" };

  function pair(): Bench {
    const bench = new Bench();
    bench.make(GLOBAL, { globalClusterIdentifier: "g", engineVersion: "16.6" });
    bench.make(CLUSTER, { ...member, ...home });
    return bench;
  }

  it("a secondary with credentials of its own", () => {
    const bench = pair();
    bench.refuses(
      CLUSTER,
      { ...member, ...away, masterUsername: "u" },
      /no masterUsername of its own/,
    );
    bench.make(CLUSTER, { ...member, ...away });
  });

  it("an encrypted secondary that does not say where its source is", () => {
    const bench = new Bench();
    bench.make("aws:kms/key:Key", { region: "eu-west-1" });
    const [key] = bench.cloud.all("aws:kms/key:Key");
    const encrypted = { storageEncrypted: true };
    bench.make(GLOBAL, { globalClusterIdentifier: "g", engineVersion: "16.6", ...encrypted });
    bench.make(CLUSTER, { ...member, ...home, ...encrypted });
    const secondary = { ...member, ...away, ...encrypted, kmsKeyId: key?.state.arn };
    bench.refuses(CLUSTER, secondary, /pre-signed URL has to be specified/);
    bench.make(CLUSTER, { ...secondary, sourceRegion: "us-east-1" });
  });

  it("to delete the primary before its secondaries, and the global cluster before its members", () => {
    const bench = pair();
    bench.make(CLUSTER, { ...member, ...away });
    assert.throws(() => bench.delete(CLUSTER, "home"), /is the primary of g, which still has away/);
    assert.throws(() => bench.delete(GLOBAL, "g"), /still has member home/);
    bench.provider.delete(CLUSTER, "away", { region: "eu-west-1" });
    bench.delete(CLUSTER, "home");
    bench.delete(GLOBAL, "g");
    assert.equal(bench.cloud.size, 0);
  });

  it("to delete what has deletionProtection", () => {
    const bench = new Bench();
    const id = bench.make(CLUSTER, {
      engine: "aurora-postgresql",
      ...home,
      skipFinalSnapshot: true,
      deletionProtection: true,
    });
    assert.throws(() => bench.delete(CLUSTER, id), /deletionProtection/);
  });

  it("an instance class that cannot be ordered, or not in a global cluster", () => {
    const bench = pair();
    const instance = { clusterIdentifier: "home", engine: "aurora-postgresql" };
    const type = "aws:rds/clusterInstance:ClusterInstance";
    bench.make(type, { ...instance, instanceClass: "db.r6g.large" });
    bench.refuses(type, { ...instance, instanceClass: "db.r6g.huge" }, /does not support/);
    bench.refuses(type, { ...instance, instanceClass: "db.t4g.medium" }, /cannot be in a global/);
  });
});

describe("Route 53 and ACM refuse", () => {
  const RECORD = "aws:route53/record:Record";

  function zone(): Bench {
    const bench = new Bench();
    bench.cloud.addZone("example.com", "Z1");
    return bench;
  }

  const latency = (region: string, more: Props = {}): Props => ({
    zoneId: "Z1",
    name: "api.example.com",
    type: "A",
    setIdentifier: region,
    latencyRoutingPolicies: [{ region }],
    aliases: [{ name: "nlb.example.com", zoneId: "Z2", evaluateTargetHealth: true }],
    ...more,
  });

  it("latency records that clash", () => {
    const bench = zone();
    bench.make(RECORD, latency("us-east-1"));
    bench.make(RECORD, latency("eu-west-1"));
    bench.refuses(
      RECORD,
      latency("us-east-1", { setIdentifier: "other" }),
      /latency record for us-east-1/,
    );
    const sameId = latency("ap-southeast-1", { setIdentifier: "us-east-1" });
    bench.refuses(RECORD, sameId, /set identifier "us-east-1" already/);
    const simple = {
      zoneId: "Z1",
      name: "api.example.com",
      type: "A",
      ttl: 60,
      records: ["192.0.2.1"],
    };
    bench.refuses(RECORD, simple, /cannot stand beside/);
  });

  it("a second record of one name and type, and one outside the zone", () => {
    const bench = zone();
    const record = { zoneId: "Z1", name: "a.example.com", type: "CNAME", ttl: 60, records: ["b"] };
    bench.make(RECORD, record);
    bench.refuses(RECORD, record, /already exists/);
    bench.refuses(RECORD, { ...record, name: "a.example.org" }, /not within the zone/);
  });

  it("an alias that does not say evaluateTargetHealth", () => {
    const aliases = [{ name: "nlb.example.com", zoneId: "Z2" }];
    zone().refuses(RECORD, latency("us-east-1", { aliases }), /evaluateTargetHealth/);
  });

  it("a check whose name is the record's, and a calculated child", () => {
    const bench = zone();
    const type = "aws:route53/healthCheck:HealthCheck";
    const own = bench.make(type, { ...check, fqdn: "api.example.com" });
    bench.refuses(RECORD, latency("us-east-1", { healthCheckId: own }), /unpredictable/);
    const gate = { type: "CALCULATED", childHealthThreshold: 1 };
    const inner = bench.make(type, { ...gate, childHealthchecks: [own] });
    bench.refuses(type, { ...gate, childHealthchecks: [inner] }, /cannot have the CALCULATED/);
  });

  it("a listener before its certificate is issued, which needs the validation record", () => {
    const bench = zone();
    const certificateArn = bench.make("aws:acm/certificate:Certificate", {
      domainName: "api.example.com",
      validationMethod: "DNS",
    });
    const validation = { certificateArn };
    const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
    bench.refuses(VALIDATION, validation, /no validation record for api\.example\.com/);
    const vpcId = bench.vpc();
    const loadBalancerArn = bench.make("aws:lb/loadBalancer:LoadBalancer", {
      name: "edge",
      loadBalancerType: "network",
      subnets: [bench.subnet(vpcId, "10.0.0.0/24")],
    });
    const listener = {
      loadBalancerArn,
      port: 443,
      protocol: "TLS",
      certificateArn,
      defaultActions: [{ type: "forward" }],
    };
    bench.refuses("aws:lb/listener:Listener", listener, /is not issued/);
    const bare = { ...listener, certificateArn: undefined };
    bench.refuses("aws:lb/listener:Listener", bare, /needs a certificateArn/);
    const [option] = bench.state("aws:acm/certificate:Certificate", certificateArn)
      .domainValidationOptions as Props[];
    bench.make(RECORD, {
      zoneId: "Z1",
      name: option?.resourceRecordName,
      type: "CNAME",
      ttl: 60,
      records: [option?.resourceRecordValue ?? null],
    });
    bench.make(VALIDATION, validation);
    bench.make("aws:lb/listener:Listener", listener);
  });
});

describe("other services refuse", () => {
  it("duplicate physical names: S3 in the world, IAM in the account, SQS in the region", () => {
    const bench = new Bench();
    const elsewhere = { region: "eu-west-1" };
    bench.make("aws:s3/bucket:Bucket", { bucket: "example-data" });
    bench.refuses(
      "aws:s3/bucket:Bucket",
      { bucket: "example-data", ...elsewhere },
      /already exists/,
    );
    bench.role("r");
    bench.refuses(
      "aws:iam/role:Role",
      { name: "r", assumeRolePolicy: trust("a") },
      /already exists/,
    );
    bench.make("aws:sqs/queue:Queue", { name: "q" });
    bench.make("aws:sqs/queue:Queue", { name: "q", ...elsewhere });
    bench.refuses("aws:sqs/queue:Queue", { name: "q" }, /already exists/);
  });

  it("replication without versioning at both ends", () => {
    const bench = new Bench();
    bench.make("aws:s3/bucket:Bucket", { bucket: "source" });
    bench.make("aws:s3/bucket:Bucket", { bucket: "target", region: "eu-west-1" });
    const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
    const enabled = { versioningConfiguration: { status: "Enabled" } };
    const config = {
      bucket: "source",
      role: bench.role("replication", "s3.amazonaws.com"),
      rules: [{ status: "Enabled", destination: { bucket: "arn:aws:s3:::target" } }],
    };
    const type = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
    bench.refuses(type, config, /versioning must be enabled on source/);
    bench.make(VERSIONING, { bucket: "source", ...enabled });
    bench.refuses(type, config, /on the destination target/);
    bench.make(VERSIONING, { bucket: "target", region: "eu-west-1", ...enabled });
    bench.make(type, config);
    assert.throws(() => bench.delete(VERSIONING, "source"), /replicates/);
  });

  it("an access entry for the creator and Pod Identity that is there or has no cluster", () => {
    const bench = new Bench();
    const vpcId = bench.vpc();
    const subnetIds = [
      bench.subnet(vpcId, "10.0.0.0/24"),
      bench.subnet(vpcId, "10.0.1.0/24", "us-east-1b"),
    ];
    const roleArn = bench.role("eks");
    const cluster = { name: "c", roleArn, vpcConfig: { subnetIds } };
    const EKS = "aws:eks/cluster:Cluster";
    bench.refuses(EKS, { ...cluster, version: "1.99" }, /unsupported Kubernetes version/);
    bench.make(EKS, { ...cluster, version: "1.34" });
    const entry = { clusterName: "c", principalArn: bench.cloud.callerRoleArn };
    bench.refuses("aws:eks/accessEntry:AccessEntry", entry, /409/);
    const type = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
    const association = { clusterName: "c", namespace: "n", serviceAccount: "s", roleArn };
    bench.make(type, association);
    bench.refuses(type, association, /already exists/);
    bench.refuses(type, { ...association, clusterName: "none" }, /no aws:eks\/cluster/);
  });

  it("everything of a region whose API has failed, and nothing of another", () => {
    const bench = new Bench();
    bench.cloud.failRegion("eu-west-1");
    bench.refuses("aws:sqs/queue:Queue", { name: "q", region: "eu-west-1" }, /does not answer/);
    bench.make("aws:sqs/queue:Queue", { name: "q" });
    bench.cloud.restoreRegion("eu-west-1");
    bench.make("aws:sqs/queue:Queue", { name: "q", region: "eu-west-1" });
  });
});
