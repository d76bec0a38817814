import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cloud } from "../cloud";
import { refuse } from "../refusal";
import { type Args, input, plain, plainOr, tags } from "./args";

interface AccessEntry {
  principalArn: pulumi.Input<string>;
  type?: pulumi.Input<string>;
  kubernetesGroups?: pulumi.Input<pulumi.Input<string>[]>;
  username?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, string>>;
  accessPolicies?: Record<
    string,
    {
      policyArn: pulumi.Input<string>;
      accessScope: pulumi.Input<{ type: string; namespaces?: string[] }>;
    }
  >;
}

interface AddonOptions {
  enabled?: boolean;
  version?: pulumi.Input<string>;
  addonVersion?: pulumi.Input<string>;
  configurationValues?: pulumi.Input<Record<string, unknown>>;
  resolveConflictsOnCreate?: pulumi.Input<string>;
  resolveConflictsOnUpdate?: pulumi.Input<string>;
  serviceAccountRoleArn?: pulumi.Input<string>;
}

/** What a component may find around it. */
export interface Surroundings {
  /** Real API servers that clusters of this cloud stand for. */
  cloud?: Pick<Cloud, "realClusterAt">;
}

/** Inputs that go with the aws-auth config map only. */
const CONFIG_MAP_ONLY = ["roleMappings", "userMappings", "instanceRoles"];

/**
 * What `eks.Cluster` registers in API mode. The default node group, Fargate and auto mode are not
 * doubled and refused.
 * @see pulumi-eks nodejs/eks/cluster/cluster.ts
 */
export function buildCluster(
  parent: pulumi.Resource,
  name: string,
  args: Args,
  { cloud }: Surroundings = {},
): Promise<Record<string, unknown>> {
  validate(args);
  const role = serviceRole(parent, name, args);
  const cluster = controlPlane(parent, name, args, role);
  const kubeconfig = kubeconfigOf(cluster, args, cloud);
  const provider = new k8s.Provider(
    `${name}-eks-k8s`,
    { kubeconfig: kubeconfig.apply((config) => JSON.stringify(config)) },
    { parent },
  );
  const entries = accessEntries(parent, name, args, cluster);
  addons(parent, name, args, cluster, entries);
  const issuer = cluster.identities.apply(
    (identities) => identities[0]?.oidcs?.[0]?.issuer ?? refuse("the cluster has no issuer"),
  );
  const oidcProvider = args.createOidcProvider === true ? oidc(parent, name, issuer) : undefined;
  const securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
  const subnetIds = subnetsOf(args);
  return Promise.resolve({
    eksCluster: cluster,
    kubeconfig,
    kubeconfigJson: kubeconfig.apply((config) => JSON.stringify(config)),
    clusterSecurityGroupId: securityGroupId,
    clusterIngressRuleId: "",
    nodeSecurityGroupId: securityGroupId,
    instanceRoles: [],
    defaultNodeGroupAsgName: "",
    fargateProfileId: "",
    fargateProfileStatus: "",
    autoModeNodeRoleName: "",
    oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
    oidcProviderUrl: issuer,
    oidcProviderArn: oidcProvider?.arn ?? "",
    core: {
      cluster,
      clusterIamRole: role,
      endpoint: cluster.endpoint,
      instanceRoles: [],
      kubeconfig,
      nodeGroupOptions: {},
      provider,
      subnetIds,
      privateSubnetIds: args.privateSubnetIds,
      publicSubnetIds: args.publicSubnetIds,
      vpcId: cluster.vpcConfig.vpcId,
      tags: args.tags,
      ...(oidcProvider ? { oidcProvider } : {}),
    },
  });
}

function validate(args: Args): void {
  const mode = plainOr<string>(args, "authenticationMode", "CONFIG_MAP");
  if (mode !== "API") {
    refuse(
      `the doubles know eks.Cluster with authenticationMode "API" only, not "${mode}"`,
      "authenticationMode",
    );
  }
  for (const key of CONFIG_MAP_ONLY) {
    if (args[key] !== undefined) {
      refuse(
        `The '${key}' property is not supported when 'authenticationMode' is set to 'API'.`,
        key,
      );
    }
  }
  if (plain<boolean>(args, "skipDefaultNodeGroup") !== true) {
    refuse(
      "the doubles know eks.Cluster without its default node group only: set skipDefaultNodeGroup",
      "skipDefaultNodeGroup",
    );
  }
  for (const key of [
    "fargate",
    "autoMode",
    "storageClasses",
    "serviceRole",
    "clusterSecurityGroup",
  ]) {
    if (args[key] !== undefined) refuse(`the doubles do not know ${key} of eks.Cluster`, key);
  }
  if (plain<boolean>(args, "skipDefaultSecurityGroups") !== true) {
    refuse(
      "the doubles know eks.Cluster without its own security groups only: set skipDefaultSecurityGroups",
      "skipDefaultSecurityGroups",
    );
  }
}

function serviceRole(parent: pulumi.Resource, name: string, args: Args): aws.iam.Role {
  const component = new pulumi.ComponentResource(
    "eks:index:ServiceRole",
    `${name}-eksRole`,
    {},
    { parent },
  );
  const role = new aws.iam.Role(
    `${name}-eksRole-role`,
    {
      description: "Allows EKS to manage clusters on your behalf.",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Effect: "Allow",
            Principal: { Service: "eks.amazonaws.com" },
          },
        ],
      }),
      tags: input(args, "tags"),
    },
    { parent: component },
  );
  new aws.iam.RolePolicyAttachment(
    `${name}-eksRole-4b490823`,
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
    { parent: component },
  );
  return role;
}

function subnetsOf(args: Args): pulumi.Output<string[]> {
  return pulumi
    .all(
      ["subnetIds", "publicSubnetIds", "privateSubnetIds"].map((key) =>
        pulumi.output(input<string[]>(args, key) ?? []),
      ),
    )
    .apply((lists) => [...new Set(lists.flat())]);
}

function controlPlane(
  parent: pulumi.Resource,
  name: string,
  args: Args,
  role: aws.iam.Role,
): aws.eks.Cluster {
  const keyArn = input<string>(args, "encryptionConfigKeyArn");
  return new aws.eks.Cluster(
    `${name}-eksCluster`,
    {
      name: input(args, "name"),
      version: input(args, "version"),
      roleArn: role.arn,
      vpcConfig: {
        subnetIds: subnetsOf(args),
        endpointPrivateAccess: input(args, "endpointPrivateAccess") ?? false,
        endpointPublicAccess: input(args, "endpointPublicAccess") ?? true,
        publicAccessCidrs: input(args, "publicAccessCidrs"),
      },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      bootstrapSelfManagedAddons: input(args, "bootstrapSelfManagedAddons"),
      deletionProtection: input(args, "deletionProtection"),
      enabledClusterLogTypes: input(args, "enabledClusterLogTypes"),
      encryptionConfig:
        keyArn === undefined ? undefined : { provider: { keyArn }, resources: ["secrets"] },
      kubernetesNetworkConfig: {
        ipFamily: input(args, "ipFamily") ?? "ipv4",
        serviceIpv4Cidr: input(args, "kubernetesServiceIpAddressRange"),
      },
      upgradePolicy: input(args, "upgradePolicy"),
      tags: tags({ Name: `${name}-eksCluster` }, input(args, "tags"), input(args, "clusterTags")),
    },
    { parent },
  );
}

/**
 * A kubeconfig that calls `aws eks get-token`, as the component's own; with a token in it where the
 * cluster stands for a real one, which knows nothing of AWS.
 */
function kubeconfigOf(
  cluster: aws.eks.Cluster,
  args: Args,
  cloud?: Surroundings["cloud"],
): pulumi.Output<unknown> {
  const credentials = input<{ roleArn?: string; profileName?: string }>(
    args,
    "providerCredentialOpts",
  );
  return pulumi
    .all([
      cluster.name,
      cluster.endpoint,
      cluster.certificateAuthority.data,
      pulumi.output(credentials),
    ])
    .apply(([name, server, ca, options]) => ({
      apiVersion: "v1",
      clusters: [{ cluster: { server, "certificate-authority-data": ca }, name: "kubernetes" }],
      contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
      "current-context": "aws",
      kind: "Config",
      users: [
        {
          name: "aws",
          user: tokenUser(cloud, server) ?? {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: [
                ...["eks", "get-token", "--cluster-name", name, "--output", "json"],
                ...(options?.roleArn === undefined ? [] : ["--role", options.roleArn]),
              ],
              env: [
                ...(options?.profileName === undefined
                  ? []
                  : [{ name: "AWS_PROFILE", value: options.profileName }]),
                {
                  name: "KUBERNETES_EXEC_INFO",
                  value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}',
                },
              ],
            },
          },
        },
      ],
    }));
}

function tokenUser(cloud: Surroundings["cloud"], server: string): { token: string } | undefined {
  const access = cloud?.realClusterAt(server);
  return access && { token: access.token };
}

function accessEntries(
  parent: pulumi.Resource,
  name: string,
  args: Args,
  cluster: aws.eks.Cluster,
): pulumi.Resource[] {
  const entries = plainOr<Record<string, AccessEntry>>(args, "accessEntries", {});
  return Object.entries(entries).flatMap(([key, entry]) => {
    const made = new aws.eks.AccessEntry(
      `${name}-${key}`,
      {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        type: entry.type,
        kubernetesGroups: entry.kubernetesGroups,
        userName: entry.username,
        tags: tags(input(args, "tags"), entry.tags),
      },
      { parent },
    );
    const policies = Object.entries(entry.accessPolicies ?? {}).map(
      ([policy, association]) =>
        new aws.eks.AccessPolicyAssociation(
          `${name}-${key}-${policy}`,
          {
            clusterName: cluster.name,
            principalArn: entry.principalArn,
            policyArn: association.policyArn,
            accessScope: association.accessScope,
          },
          { parent: made },
        ),
    );
    return [made, ...policies];
  });
}

function addons(
  parent: pulumi.Resource,
  name: string,
  args: Args,
  cluster: aws.eks.Cluster,
  dependsOn: pulumi.Resource[],
): void {
  const add = (addonName: string, options: AddonOptions, under: pulumi.Resource): void => {
    new aws.eks.Addon(
      `${name}-${addonName}`,
      {
        clusterName: cluster.name,
        addonName,
        addonVersion: addonVersion(addonName, options, cluster),
        configurationValues:
          options.configurationValues === undefined
            ? undefined
            : pulumi.jsonStringify(options.configurationValues),
        resolveConflictsOnCreate: options.resolveConflictsOnCreate ?? "OVERWRITE",
        resolveConflictsOnUpdate: options.resolveConflictsOnUpdate ?? "OVERWRITE",
        serviceAccountRoleArn: options.serviceAccountRoleArn,
        tags: input(args, "tags"),
      },
      { parent: under, dependsOn },
    );
  };
  if (plainOr(args, "useDefaultVpcCni", false) === false) {
    const options = plainOr<AddonOptions>(args, "vpcCniOptions", {});
    const component = new pulumi.ComponentResource(
      "eks:index:VpcCniAddon",
      `${name}-vpc-cni`,
      {},
      { parent },
    );
    add("vpc-cni", options, component);
  }
  const proxy = plainOr<AddonOptions>(args, "kubeProxyAddonOptions", {});
  if (proxy.enabled !== false) add("kube-proxy", proxy, parent);
  // Without nodes CoreDNS cannot become active: the component leaves it out unless it is asked for.
  const coredns = plainOr<AddonOptions>(args, "corednsAddonOptions", {});
  if (coredns.enabled === true) add("coredns", coredns, parent);
}

function addonVersion(
  addonName: string,
  options: AddonOptions,
  cluster: aws.eks.Cluster,
): pulumi.Input<string> {
  const pinned = options.addonVersion ?? options.version;
  if (pinned !== undefined) return pinned;
  return aws.eks.getAddonVersionOutput({
    addonName,
    kubernetesVersion: cluster.version,
    mostRecent: true,
  }).version;
}

function oidc(
  parent: pulumi.Resource,
  name: string,
  issuer: pulumi.Output<string>,
): aws.iam.OpenIdConnectProvider {
  return new aws.iam.OpenIdConnectProvider(
    `${name}-oidcProvider`,
    {
      clientIdLists: ["sts.amazonaws.com"],
      url: issuer,
      thumbprintLists: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    },
    { parent },
  );
}
