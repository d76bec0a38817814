import { Cloud } from "../cloud";
import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, number, type Props, text, texts } from "../values";
import { ROLE } from "./iam";
import { withKey } from "./kms";
import { SECURITY_GROUP, SUBNET } from "./vpc";

export const EKS = "aws:eks/cluster:Cluster";

/** Kubernetes versions that EKS creates clusters with. */
const VERSIONS = ["1.29", "1.30", "1.31", "1.32", "1.33", "1.34"];

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const onCluster = (blocks: boolean): { path: string; type: string; blocks: boolean } => ({
  path: "clusterName",
  type: EKS,
  blocks,
});

function validCluster(inputs: Props): void {
  const version = text(inputs, "version");
  if (version !== undefined && !VERSIONS.includes(version)) {
    refuse(`unsupported Kubernetes version ${version} (EKS has ${VERSIONS.join(", ")})`, "version");
  }
  const name = text(inputs, "name");
  if (name !== undefined && !/^[0-9A-Za-z][\w-]{0,99}$/.test(name)) {
    refuse(`cluster name "${name}": at most 100 letters, digits, "-", "_"`, "name");
  }
  const wrong = texts(inputs, "enabledClusterLogTypes[]").find((type) => !LOG_TYPES.includes(type));
  if (wrong !== undefined)
    refuse(`log type "${wrong}" is none of ${LOG_TYPES.join(", ")}`, "enabledClusterLogTypes");
  if (
    at(inputs, "vpcConfig.endpointPublicAccess")[0] === false &&
    at(inputs, "vpcConfig.endpointPrivateAccess")[0] === false
  ) {
    refuse("endpointPublicAccess and endpointPrivateAccess cannot both be off", "vpcConfig");
  }
}

function admitCluster(inputs: Props, { cloud, region }: Call): void {
  const zones = new Set(
    texts(inputs, "vpcConfig.subnetIds[]").map(
      (id) => cloud.get(SUBNET, region, id)?.state.availabilityZone ?? id,
    ),
  );
  if (zones.size < 2)
    refuse("subnets must be in at least two availability zones", "vpcConfig.subnetIds");
}

export const eks: Catalogue = {
  [EKS]: {
    autoName: { property: "name", max: 100 },
    forceNew: [
      "name",
      "roleArn",
      "bootstrapSelfManagedAddons",
      "encryptionConfig.provider",
      "kubernetesNetworkConfig.ipFamily",
      "kubernetesNetworkConfig.serviceIpv4Cidr",
      "outpostConfig",
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      "region",
    ],
    defaults: { bootstrapSelfManagedAddons: true },
    references: [
      { path: "roleArn", type: ROLE, by: "arn" },
      { path: "vpcConfig.subnetIds[]", type: SUBNET },
      { path: "vpcConfig.securityGroupIds[]", type: SECURITY_GROUP },
      withKey("encryptionConfig.provider.keyArn"),
    ],
    validate: validCluster,
    admit: admitCluster,
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (inputs, { cloud, region, id, old }) => {
      const [issuer] = texts(old ?? {}, "identities[].oidcs[].issuer");
      const unique = issuer?.slice(-32) ?? cloud.hex(32).toUpperCase();
      const real = cloud.realClusterIn(region);
      const group = text(old ?? {}, "vpcConfig.clusterSecurityGroupId") ?? `sg-0${cloud.hex(16)}`;
      const vpcId = cloud.get(SUBNET, region, texts(inputs, "vpcConfig.subnetIds[]")[0] ?? "")
        ?.inputs.vpcId;
      const { vpcConfig } = inputs;
      return {
        arn: cloud.arn("eks", region, `cluster/${id}`),
        endpoint: real?.endpoint ?? `https://${unique}.gr7.${region}.eks.amazonaws.com`,
        certificateAuthority: { data: real?.certificateAuthority ?? CERTIFICATE },
        identities: [
          { oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${unique}` }] },
        ],
        version: inputs.version ?? VERSIONS.at(-1),
        platformVersion: "eks.1",
        status: "ACTIVE",
        createdAt: "2026-01-01T00:00:00Z",
        vpcConfig: {
          endpointPrivateAccess: false,
          endpointPublicAccess: true,
          publicAccessCidrs: ["0.0.0.0/0"],
          ...(typeof vpcConfig === "object" && !Array.isArray(vpcConfig) ? vpcConfig : {}),
          clusterSecurityGroupId: group,
          ...(vpcId === undefined ? {} : { vpcId }),
        },
        accessConfig: inputs.accessConfig ?? {
          authenticationMode: "CONFIG_MAP",
          bootstrapClusterCreatorAdminPermissions: true,
        },
        kubernetesNetworkConfig: inputs.kubernetesNetworkConfig ?? {
          ipFamily: "ipv4",
          serviceIpv4Cidr: "172.20.0.0/16",
        },
        upgradePolicy: inputs.upgradePolicy ?? { supportType: "EXTENDED" },
        enabledClusterLogTypes: inputs.enabledClusterLogTypes ?? [],
      };
    },
    created: (thing, { cloud }) => {
      const id = text(thing.state, "vpcConfig.clusterSecurityGroupId") ?? "";
      cloud.put({
        type: SECURITY_GROUP,
        id,
        region: thing.region,
        inputs: { vpcId: text(thing.state, "vpcConfig.vpcId"), name: `eks-cluster-sg-${thing.id}` },
        state: { id },
        owner: Cloud.key(thing),
      });
    },
    deleted: (thing) => {
      if (flag(thing.inputs, "deletionProtection")) refuse(`${thing.id} has deletionProtection`);
    },
  },
  "aws:eks/addon:Addon": {
    forceNew: ["addonName", "clusterName", "region"],
    references: [onCluster(false), { path: "serviceAccountRoleArn", type: ROLE, by: "arn" }],
    validate: (inputs) => {
      const version = text(inputs, "addonVersion");
      if (version !== undefined && !/^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version)) {
        refuse(`addonVersion "${version}" is not of the form v1.2.3-eksbuild.4`, "addonVersion");
      }
    },
    unique: { of: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "addonName")}` },
    id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "addonName")}`,
    outputs: (inputs, { cloud, region, id }) => ({
      arn: cloud.arn("eks", region, `addon/${id.replace(":", "/")}/${cloud.hex(32)}`),
      addonVersion:
        inputs.addonVersion ??
        ADDON_VERSIONS[text(inputs, "addonName") ?? ""] ??
        "v1.0.0-eksbuild.1",
      createdAt: "2026-01-01T00:00:00Z",
      modifiedAt: "2026-01-01T00:00:00Z",
      configurationValues: inputs.configurationValues ?? "",
    }),
  },
  "aws:eks/accessEntry:AccessEntry": {
    forceNew: ["clusterName", "principalArn", "type", "region"],
    defaults: { type: "STANDARD" },
    references: [onCluster(false)],
    admit: (inputs, { cloud, self }) => {
      if (self === undefined && text(inputs, "principalArn") === cloud.callerRoleArn) {
        refuse(
          `ResourceInUseException (409): ${cloud.callerRoleArn} created the cluster and has an access entry already`,
          "principalArn",
        );
      }
    },
    unique: { of: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}` },
    id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`,
    outputs: (inputs, { cloud, region, id, old }) => ({
      accessEntryArn:
        old?.accessEntryArn ??
        cloud.arn(
          "eks",
          region,
          `access-entry/${text(inputs, "clusterName")}/role/${cloud.account}/${id.split("/").at(-1)}/${cloud.hex(32)}`,
        ),
      createdAt: "2026-01-01T00:00:00Z",
      modifiedAt: "2026-01-01T00:00:00Z",
      kubernetesGroups: inputs.kubernetesGroups ?? [],
      userName: inputs.userName ?? text(inputs, "principalArn"),
    }),
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    forceNew: ["accessScope", "clusterName", "policyArn", "principalArn", "region"],
    references: [onCluster(false)],
    validate: (inputs) => {
      const arn = text(inputs, "policyArn");
      if (arn !== undefined && !/^arn:aws:eks::aws:cluster-access-policy\/Amazon\w+$/.test(arn)) {
        refuse(`policyArn "${arn}" is not an EKS access policy`, "policyArn");
      }
      if (
        text(inputs, "accessScope.type") === "namespace" &&
        at(inputs, "accessScope.namespaces").length === 0
      ) {
        refuse("a namespace scope names namespaces", "accessScope");
      }
    },
    admit: (inputs, { cloud, region }) => {
      const id = `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`;
      if (!cloud.get("aws:eks/accessEntry:AccessEntry", region, id) && !cloud.assumeExisting) {
        refuse(
          `ResourceNotFoundException: no access entry of ${text(inputs, "principalArn")}`,
          "principalArn",
        );
      }
    },
    unique: {
      of: (inputs) =>
        [text(inputs, "clusterName"), text(inputs, "principalArn"), text(inputs, "policyArn")].join(
          "#",
        ),
    },
    id: (inputs) =>
      [text(inputs, "clusterName"), text(inputs, "principalArn"), text(inputs, "policyArn")].join(
        "#",
      ),
    outputs: () => ({ associatedAt: "2026-01-01T00:00:00Z", modifiedAt: "2026-01-01T00:00:00Z" }),
  },
  "aws:eks/nodeGroup:NodeGroup": {
    autoName: { property: "nodeGroupName", max: 63 },
    forceNew: [
      "amiType",
      "capacityType",
      "clusterName",
      "diskSize",
      "instanceTypes",
      "launchTemplate.id",
      "launchTemplate.name",
      "nodeGroupName",
      "nodeGroupNamePrefix",
      "nodeRoleArn",
      "remoteAccess",
      "subnetIds",
      "region",
    ],
    references: [
      onCluster(true),
      { path: "nodeRoleArn", type: ROLE, by: "arn" },
      { path: "subnetIds[]", type: SUBNET },
      { path: "launchTemplate.id", type: "aws:ec2/launchTemplate:LaunchTemplate" },
    ],
    validate: (inputs) => {
      const min = number(inputs, "scalingConfig.minSize");
      const max = number(inputs, "scalingConfig.maxSize");
      const desired = number(inputs, "scalingConfig.desiredSize");
      if (min !== undefined && max !== undefined && min > max)
        refuse(`minSize ${min} is greater than maxSize ${max}`, "scalingConfig");
      if (
        desired !== undefined &&
        ((min !== undefined && desired < min) || (max !== undefined && desired > max))
      ) {
        refuse(`desiredSize ${desired} is not within minSize and maxSize`, "scalingConfig");
      }
      const arm = texts(inputs, "instanceTypes[]").filter((type) => /^[a-z]+\d+g/.test(type));
      const ami = text(inputs, "amiType");
      if (ami !== undefined && arm.length > 0 && !/ARM|CUSTOM/.test(ami)) {
        refuse(`${arm.join(", ")} are not supported by AMI type ${ami}`, "instanceTypes");
      }
      if (
        ami !== undefined &&
        arm.length === 0 &&
        /ARM/.test(ami) &&
        at(inputs, "instanceTypes[]").length > 0
      ) {
        refuse(`the instance types are not supported by AMI type ${ami}`, "instanceTypes");
      }
    },
    unique: { of: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}` },
    id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`,
    outputs: (inputs, { cloud, region, id, old }) => ({
      arn:
        old?.arn ??
        cloud.arn(
          "eks",
          region,
          `nodegroup/${id.replace(":", "/")}/${cloud.hex(8)}-${cloud.hex(4)}-${cloud.hex(4)}`,
        ),
      amiType: inputs.amiType ?? "AL2023_x86_64_STANDARD",
      capacityType: inputs.capacityType ?? "ON_DEMAND",
      diskSize: inputs.diskSize ?? 20,
      instanceTypes: inputs.instanceTypes ?? ["t3.medium"],
      releaseVersion: inputs.releaseVersion ?? "1.34.0-20260101",
      version: inputs.version ?? "1.34",
      status: "ACTIVE",
      resources: [
        {
          autoscalingGroups: [{ name: `eks-${id.replace(":", "-")}` }],
          remoteAccessSecurityGroupId: "",
        },
      ],
    }),
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    forceNew: ["clusterName", "namespace", "serviceAccount", "region"],
    references: [onCluster(false), { path: "roleArn", type: ROLE, by: "arn" }],
    unique: {
      of: (inputs) =>
        [
          text(inputs, "clusterName"),
          text(inputs, "namespace"),
          text(inputs, "serviceAccount"),
        ].join("/"),
    },
    id: (_inputs, { cloud }) => `a-${cloud.hex(18)}`,
    outputs: (inputs, { cloud, region, id }) => ({
      associationId: id,
      associationArn: cloud.arn(
        "eks",
        region,
        `podidentityassociation/${text(inputs, "clusterName")}/${id}`,
      ),
      externalId: "",
    }),
  },
};

/** Default add-on versions of the newest Kubernetes version above. */
export const ADDON_VERSIONS: Record<string, string> = {
  "vpc-cni": "v1.20.4-eksbuild.1",
  "kube-proxy": "v1.34.0-eksbuild.4",
  coredns: "v1.12.4-eksbuild.1",
  "aws-ebs-csi-driver": "v1.51.1-eksbuild.1",
  "eks-pod-identity-agent": "v1.3.9-eksbuild.3",
  "metrics-server": "v0.8.0-eksbuild.2",
};

/** A certificate of the shape that EKS answers with: PEM in base 64. */
const CERTIFICATE = Buffer.from(
  `-----BEGIN CERTIFICATE-----\n${Buffer.from("a certificate authority of the doubles").toString("base64")}\n-----END CERTIFICATE-----\n`,
).toString("base64");
