import assert from "node:assert/strict";
import { MockEngine, type MockRun, type Registered } from "../../../doubles/mocks";
import { Cluster, type ClusterArgs } from "../../../infra/components/cluster/cluster";

const TAGS = { Project: "multi-region-eks" };
const SUBNETS = [
  "subnet-0aaaaaaaaaaaaaaaa",
  "subnet-0bbbbbbbbbbbbbbbb",
  "subnet-0cccccccccccccccc",
];
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-00000000000";

const ARGS: ClusterArgs = {
  clusterName: "production-eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: SUBNETS,
  secretsKeyArn: `${KEY}1`,
  logKeyArn: `${KEY}2`,
  operators: [
    { roleArn: "arn:aws:iam::111122223333:role/platform-operator", access: "admin" },
    { roleArn: "arn:aws:iam::111122223333:role/platform-viewer", access: "view" },
  ],
  apiAllowedCidrs: ["203.0.113.0/24"],
  systemNodes: { instanceTypes: ["m7g.large"], min: 3, max: 6 },
  logRetentionDays: 365,
  oidcProvider: false,
  deletionProtection: true,
  tags: TAGS,
};

/** Defaults that the package's own SDK fills in. */
const CONFLICTS = { resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "OVERWRITE" };

const ADDON = "aws:eks/addon:Addon";
const EKS = "eks:index:Cluster";
const GROUP = "eks:index:ManagedNodeGroup";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

const run = (args: Partial<ClusterArgs> = {}, preview = false) =>
  MockEngine.run(
    { region: "eu-west-1", preview },
    () => new Cluster("cluster", { ...ARGS, ...args }),
  );

const addonNamed = (mocks: MockRun<Cluster>, name: string): Registered => {
  const found = mocks.of(ADDON).find(({ inputs }) => inputs["addonName"] === name);
  assert.ok(found, `no add-on ${name}`);
  return found;
};

describe("Cluster", () => {
  let mocks: MockRun<Cluster>;
  before(async () => {
    mocks = await run();
  });

  it("gives eks.Cluster exactly this", () => {
    const control = mocks.one(EKS);
    assert.equal(control.name, "cluster-eks");
    assert.deepEqual(control.inputs, {
      name: "production-eu-west-1",
      version: "1.34",
      upgradePolicy: { supportType: "STANDARD" },
      vpcId: ARGS.vpcId,
      privateSubnetIds: SUBNETS,
      authenticationMode: "API",
      accessEntries: {
        "111122223333-platform-operator": {
          principalArn: "arn:aws:iam::111122223333:role/platform-operator",
          accessPolicies: {
            admin: {
              policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
              accessScope: { type: "cluster" },
            },
          },
          tags: TAGS,
        },
        "111122223333-platform-viewer": {
          principalArn: "arn:aws:iam::111122223333:role/platform-viewer",
          accessPolicies: {
            view: {
              policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
              accessScope: { type: "cluster" },
            },
          },
          tags: TAGS,
        },
      },
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
      endpointPrivateAccess: true,
      encryptionConfigKeyArn: `${KEY}1`,
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      createOidcProvider: false,
      deletionProtection: true,
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: false,
      vpcCniOptions: {
        addonVersion: "v1.21.1-eksbuild.1",
        enableNetworkPolicy: true,
        ...CONFLICTS,
      },
      kubeProxyAddonOptions: { enabled: true, version: "v1.34.1-eksbuild.2", ...CONFLICTS },
      corednsAddonOptions: { enabled: false, ...CONFLICTS },
      tags: TAGS,
    });
    assert.equal(control.options.protect, true);
  });

  it("makes the control plane's log group first, with retention and encryption", () => {
    const group = mocks.one("aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(group.inputs, {
      name: "/aws/eks/production-eu-west-1/cluster",
      kmsKeyId: `${KEY}2`,
      retentionInDays: 365,
      tags: TAGS,
    });
    assert.ok(mocks.one(EKS).options.dependsOn.includes(group.urn));
  });

  it("has every add-on once, pinned", () => {
    const addons = [...mocks.resources, ...mocks.inner]
      .filter(({ type }) => type === ADDON)
      .map(({ inputs }) => [String(inputs["addonName"]), String(inputs["addonVersion"])])
      .sort(([a = ""], [b = ""]) => a.localeCompare(b));
    assert.deepEqual(addons, [
      ["aws-ebs-csi-driver", "v1.54.0-eksbuild.1"],
      ["coredns", "v1.12.4-eksbuild.1"],
      ["eks-pod-identity-agent", "v1.3.10-eksbuild.2"],
      ["kube-proxy", "v1.34.1-eksbuild.2"],
      ["vpc-cni", "v1.21.1-eksbuild.1"],
    ]);
    for (const { inputs } of mocks.of(ADDON)) {
      assert.equal(inputs["clusterName"], "production-eu-west-1");
      assert.equal(inputs["resolveConflictsOnCreate"], "OVERWRITE");
      assert.equal(inputs["resolveConflictsOnUpdate"], "OVERWRITE");
    }
  });

  it("starts nodes after the Pod Identity agent and the CNI's role, and CoreDNS and volumes after nodes", () => {
    const group = mocks.one(GROUP);
    const cni = mocks.of(ASSOCIATION).find(({ inputs }) => inputs["serviceAccount"] === "aws-node");
    const ebs = mocks
      .of(ASSOCIATION)
      .find(({ inputs }) => inputs["serviceAccount"] === "ebs-csi-controller-sa");
    const has = (resource: Registered, dependency?: Registered) =>
      dependency !== undefined && resource.options.dependsOn.includes(dependency.urn);
    assert.ok(has(group, addonNamed(mocks, "eks-pod-identity-agent")));
    assert.ok(has(group, cni));
    for (const policy of mocks.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
      if (policy.name.startsWith("cluster-system-")) assert.ok(has(group, policy), policy.name);
    }
    assert.ok(has(addonNamed(mocks, "coredns"), group));
    assert.ok(has(addonNamed(mocks, "aws-ebs-csi-driver"), group));
    assert.ok(has(addonNamed(mocks, "aws-ebs-csi-driver"), ebs));
    const storage = mocks.one("kubernetes:storage.k8s.io/v1:StorageClass");
    assert.ok(has(storage, addonNamed(mocks, "aws-ebs-csi-driver")));
  });

  it("gives nodes three policies, and the CNI and the EBS driver roles of their own", () => {
    const attached = mocks
      .of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ inputs }) => [inputs["role"] as unknown, inputs["policyArn"] as unknown]);
    assert.deepEqual(
      new Set(attached.map((pair) => pair.join(" "))),
      new Set([
        "production-eu-west-1-vpc-cni arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        "production-eu-west-1-node arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "production-eu-west-1-node arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
        "production-eu-west-1-node arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        "production-eu-west-1-ebs-csi arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
      ]),
    );
    assert.equal(attached.length, 5);
    assert.equal(mocks.of("aws:iam/rolePolicy:RolePolicy").length, 0);
  });

  it("runs system nodes on one AMI type in private subnets, tainted", () => {
    const group = mocks.one(GROUP);
    const template = mocks.one("aws:ec2/launchTemplate:LaunchTemplate");
    assert.equal(group.name, "cluster-system-arm64");
    assert.deepEqual(group.inputs, {
      cluster: mocks.one(EKS).urn,
      version: "1.34",
      amiType: "AL2023_ARM_64_STANDARD",
      instanceTypes: ["m7g.large"],
      capacityType: "ON_DEMAND",
      nodeRoleArn: "arn:aws:iam::111122223333:role/production-eu-west-1-node",
      subnetIds: SUBNETS,
      scalingConfig: { minSize: 3, maxSize: 6, desiredSize: 3 },
      ignoreScalingChanges: true,
      launchTemplate: { id: template.id, version: "1" },
      labels: { "multi-region-eks/pool": "system" },
      taints: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
      tags: TAGS,
    });
  });

  it("makes nodes with IMDSv2 only, encrypted volumes and no public address", () => {
    const { inputs } = mocks.one("aws:ec2/launchTemplate:LaunchTemplate");
    assert.deepEqual(inputs, {
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: 50,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags: { ...TAGS, Name: "cluster-system" } },
        { resourceType: "volume", tags: { ...TAGS, Name: "cluster-system" } },
      ],
      updateDefaultVersion: true,
      tags: TAGS,
    });
  });

  it("makes no security group and no OIDC provider of its own", () => {
    const types = new Set([...mocks.resources, ...mocks.inner].map(({ type }) => type));
    assert.ok(!types.has("aws:ec2/securityGroup:SecurityGroup"));
    assert.ok(!types.has("aws:iam/openIdConnectProvider:OpenIdConnectProvider"));
    assert.ok(!types.has("kubernetes:core/v1:ConfigMap"));
  });

  it("keeps the kubeconfig secret and knows the cluster by its ARN", async () => {
    const provider = mocks.one("pulumi:providers:kubernetes", "cluster-kubernetes");
    const arn = await mocks.value(mocks.result.arn);
    assert.equal(arn, "arn:aws:eks:eu-west-1:111122223333:cluster/production-eu-west-1");
    assert.equal(provider.inputs["clusterIdentifier"], arn);
    assert.equal(String(provider.inputs["enableServerSideApply"]), "true");
    assert.ok(provider.secrets.includes("kubeconfig"));
    assert.match(
      String(provider.inputs["kubeconfig"]),
      /"get-token","--cluster-name","production-eu-west-1".*"--region","eu-west-1"/,
    );
    assert.equal("skipUpdateUnreachable" in provider.inputs, false);
  });

  it("has one default storage class, encrypted", () => {
    const storage = mocks.one("kubernetes:storage.k8s.io/v1:StorageClass");
    assert.equal(storage.inputs["provisioner"], "ebs.csi.aws.com");
    assert.deepEqual(storage.inputs["parameters"], { type: "gp3", encrypted: "true" });
    assert.equal(storage.inputs["volumeBindingMode"], "WaitForFirstConsumer");
    assert.deepEqual(storage.inputs["metadata"], {
      name: "gp3",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    });
    assert.match(storage.options.provider ?? "", /::cluster-kubernetes::/);
  });

  it("puts out addresses, no resources", async () => {
    const { result } = mocks;
    assert.equal(await mocks.value(result.clusterName), "production-eu-west-1");
    assert.match((await mocks.value(result.endpoint)) ?? "", /^https:\/\//);
    assert.match((await mocks.value(result.securityGroupId)) ?? "", /^sg-0[0-9a-f]{16}$/);
    assert.equal(
      await mocks.value(result.nodeRoleArn),
      "arn:aws:iam::111122223333:role/production-eu-west-1-node",
    );
    assert.equal(await mocks.value(result.nodeRoleName), "production-eu-west-1-node");
  });

  it("leaves an unprotected environment's cluster deletable", async () => {
    const other = await run({ deletionProtection: false });
    assert.equal(other.one(EKS).inputs["deletionProtection"], false);
    assert.notEqual(other.one(EKS).options.protect, true);
  });

  it("previews before anything exists", async () => {
    const other = await run({}, true);
    assert.equal(other.of(ADDON).length, 3);
  });

  it("refuses a mix of processors", async () => {
    await assert.rejects(
      run({ systemNodes: { instanceTypes: ["m7g.large", "m7i.large"], min: 1, max: 2 } }),
      /share one processor architecture/,
    );
  });
});
