import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createCloud, startDoubles } from "../../doubles";
import { engineOrSkip } from "../support/engine";

/** Part of a secret; must not stand in the state. */
const MARK = "not-to-be-seen-in-state";

function program(): Record<string, unknown> {
  const vpc = new awsx.ec2.Vpc("net", {
    cidrBlock: "10.16.0.0/16",
    availabilityZoneNames: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    subnetStrategy: "Auto",
    subnetSpecs: [
      { type: "Private", cidrBlocks: ["10.16.0.0/19", "10.16.64.0/19", "10.16.128.0/19"] },
      { type: "Public", cidrBlocks: ["10.16.32.0/22", "10.16.96.0/22", "10.16.160.0/22"] },
    ],
    natGateways: { strategy: "Single" },
    assignGeneratedIpv6CidrBlock: true,
  });
  const role = new aws.iam.Role("node", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ec2.amazonaws.com" }),
  });
  const cluster = new eks.Cluster("cluster", {
    name: "production",
    version: "1.34",
    vpcId: vpc.vpcId,
    privateSubnetIds: vpc.privateSubnetIds,
    authenticationMode: "API",
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    accessEntries: {
      operator: {
        principalArn: "arn:aws:iam::111122223333:role/operator",
        accessPolicies: {
          admin: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
          },
        },
      },
    },
  });
  const group = new eks.ManagedNodeGroup("system", {
    cluster,
    nodeRoleArn: role.arn,
    ignoreScalingChanges: true,
  });
  const provider = new k8s.Provider("k8s", {
    kubeconfig: cluster.kubeconfigJson,
    clusterIdentifier: cluster.eksCluster.arn,
  });
  const release = new k8s.helm.v3.Release(
    "app",
    { chart: "./chart", namespace: "app", values: { replicas: 3 } },
    { provider, dependsOn: [group] },
  );
  const password = new random.RandomPassword("password", { length: 24 });
  const secret = new aws.secretsmanager.Secret("secret", { name: "app/database" });
  new aws.secretsmanager.SecretVersion("secret", {
    secretId: secret.id,
    secretString: password.result.apply((value) => `${MARK} ${value}`),
  });
  return {
    vpcId: vpc.vpcId,
    ipv6: vpc.vpc.ipv6CidrBlock,
    group: vpc.vpcId && cluster.clusterSecurityGroupId,
    release: release.status.name,
  };
}

async function createStack(dir: string, binary: string, debugProviders: string): Promise<Stack> {
  process.env.PATH = [dirname(binary), process.env.PATH].join(delimiter);
  const stack = await LocalWorkspace.createStack(
    { stackName: "eu-west-1", projectName: "doubles", program: () => Promise.resolve(program()) },
    {
      pulumiCommand: await PulumiCommand.get({ skipVersionCheck: true }),
      pulumiHome: join(dir, "home"),
      workDir: dir,
      envVars: {
        PULUMI_BACKEND_URL: `file://${dir}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: debugProviders,
      },
    },
  );
  await stack.setConfig("aws:region", { value: "eu-west-1" });
  return stack;
}

describe("doubles under the real engine", function () {
  this.timeout(180_000);
  const dir = mkdtempSync(join(tmpdir(), "doubles-"));
  const path = process.env.PATH;
  after(() => {
    process.env.PATH = path;
    rmSync(dir, { recursive: true });
  });

  it("up, no changes, refresh, destroy, nothing left", async function () {
    const { path: binary } = await engineOrSkip(this);
    const cloud = createCloud();
    const doubles = await startDoubles(cloud, {});
    try {
      const stack = await createStack(dir, binary, doubles.debugProviders);
      const up = await stack.up();
      assert.match(String(up.outputs.vpcId?.value), /^vpc-0/);
      assert.equal(up.stderr, "", "no warnings");
      const state = readFileSync(join(dir, ".pulumi/stacks/doubles/eu-west-1.json"), "utf8");
      assert.ok(!state.includes(MARK), "the state holds a secret in plain text");
      const again = await stack.preview();
      assert.deepEqual(Object.keys(again.changeSummary), ["same"]);
      const refreshed = await stack.refresh();
      assert.deepEqual(Object.keys(refreshed.summary.resourceChanges ?? {}), ["same"]);
      await stack.destroy();
      assert.deepEqual(cloud.all(), []);
    } finally {
      await doubles.stop();
    }
  });
});
