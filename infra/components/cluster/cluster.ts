import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Profile } from "../../config/profile";
import { accessEntries, type Operator } from "./accessEntries";
import { BootstrapAddons, NodeAddons } from "./addons";
import { regionalKubeconfig } from "./kubeconfig";
import { SystemNodes } from "./systemNodes";
import { ADDON_VERSIONS, KUBERNETES_VERSION } from "./versions";

export interface ClusterArgs {
  /** EKS cluster, at most 100 characters; also the prefix of its roles' names. */
  clusterName: string;
  vpcId: pulumi.Input<string>;
  privateSubnetIds: pulumi.Input<string[]>;
  /** KMS key that wraps Kubernetes secrets; fixed for the cluster's life. */
  secretsKeyArn: pulumi.Input<string>;
  /** KMS key of the control plane's logs; it must let `logs.<region>.amazonaws.com` use it. */
  logKeyArn: pulumi.Input<string>;
  operators: readonly Operator[];
  /** CIDRs from which the API endpoint answers; nodes reach it inside the VPC. */
  apiAllowedCidrs: readonly string[];
  systemNodes: Profile["cluster"]["systemNodes"];
  logRetentionDays: number;
  /** Creates the IAM OIDC provider as well (IRSA); Pod Identity needs none. */
  oidcProvider: boolean;
  /** EKS's own deletion protection and Pulumi's. */
  deletionProtection: boolean;
  tags: Record<string, string>;
}

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** An EKS cluster with its system nodes and add-ons, ready for releases. */
export class Cluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** The security group that EKS makes; every node is in it. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly nodeRoleArn: pulumi.Output<string>;
  readonly nodeRoleName: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  /** Releases depend on it: nodes to run on, with name resolution and volumes. */
  readonly systemNodes: pulumi.Resource;

  /** @throws OperatorError when the node group's instance types mix processors. */
  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:cluster:Cluster", name, {}, opts);
    const logs = this.createLogGroup(name, args);
    const cluster = this.createControlPlane(name, args, logs);
    this.clusterName = cluster.eksCluster.name;
    const bootstrap = this.createBootstrapAddons(name, args);
    const nodes = this.createSystemNodes(name, args, cluster, bootstrap);
    this.provider = this.createProvider(name, cluster);
    this.systemNodes = this.createNodeAddons(name, args, nodes);
    this.arn = cluster.eksCluster.arn;
    this.endpoint = cluster.eksCluster.endpoint;
    this.securityGroupId = cluster.clusterSecurityGroupId;
    this.nodeRoleArn = nodes.roleArn;
    this.nodeRoleName = nodes.roleName;
    this.registerOutputs({
      clusterName: this.clusterName,
      arn: this.arn,
      endpoint: this.endpoint,
      securityGroupId: this.securityGroupId,
      nodeRoleArn: this.nodeRoleArn,
    });
  }

  /** EKS would make the group itself, without retention and without our key. */
  private createLogGroup(name: string, args: ClusterArgs): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: `/aws/eks/${args.clusterName}/cluster`,
        kmsKeyId: args.logKeyArn,
        retentionInDays: args.logRetentionDays,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createControlPlane(
    name: string,
    args: ClusterArgs,
    logs: aws.cloudwatch.LogGroup,
  ): eks.Cluster {
    return new eks.Cluster(
      `${name}-eks`,
      {
        name: args.clusterName,
        version: KUBERNETES_VERSION,
        upgradePolicy: { supportType: "STANDARD" },
        vpcId: args.vpcId,
        privateSubnetIds: args.privateSubnetIds,
        // Access entries cannot be turned off later, and CONFIG_MAP, the default, has none.
        authenticationMode: "API",
        accessEntries: accessEntries(args.operators, args.tags),
        // Said explicitly: only then does the component wait until the API answers.
        endpointPublicAccess: true,
        publicAccessCidrs: [...args.apiAllowedCidrs],
        endpointPrivateAccess: true,
        encryptionConfigKeyArn: args.secretsKeyArn,
        enabledClusterLogTypes: LOG_TYPES,
        createOidcProvider: args.oidcProvider,
        deletionProtection: args.deletionProtection,
        // Nodes are in the group that EKS makes; a second one would carry the same cluster tag, which
        // the load-balancer controller refuses (aws-load-balancer-controller#1594).
        skipDefaultNodeGroup: true,
        skipDefaultSecurityGroups: true,
        bootstrapSelfManagedAddons: false,
        useDefaultVpcCni: false,
        vpcCniOptions: { addonVersion: ADDON_VERSIONS.vpcCni, enableNetworkPolicy: true },
        kubeProxyAddonOptions: { enabled: true, version: ADDON_VERSIONS.kubeProxy },
        // NodeAddons has it, after the nodes.
        corednsAddonOptions: { enabled: false },
        tags: args.tags,
      },
      { parent: this, dependsOn: [logs], protect: args.deletionProtection },
    );
  }

  private createBootstrapAddons(name: string, args: ClusterArgs): BootstrapAddons {
    return new BootstrapAddons(
      `${name}-bootstrap`,
      { clusterName: this.clusterName, prefix: args.clusterName, tags: args.tags },
      { parent: this },
    );
  }

  private createSystemNodes(
    name: string,
    args: ClusterArgs,
    cluster: eks.Cluster,
    bootstrap: BootstrapAddons,
  ): SystemNodes {
    return new SystemNodes(
      `${name}-system`,
      {
        cluster,
        clusterName: args.clusterName,
        subnetIds: args.privateSubnetIds,
        ...args.systemNodes,
        after: bootstrap,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createNodeAddons(name: string, args: ClusterArgs, nodes: SystemNodes): NodeAddons {
    return new NodeAddons(
      `${name}-addons`,
      {
        clusterName: this.clusterName,
        prefix: args.clusterName,
        provider: this.provider,
        nodes,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createProvider(name: string, cluster: eks.Cluster): k8s.Provider {
    return new k8s.Provider(
      `${name}-kubernetes`,
      {
        kubeconfig: pulumi.secret(
          regionalKubeconfig(cluster.kubeconfigJson, cluster.eksCluster.arn),
        ),
        // Without it a changed endpoint or proxy would replace every resource on the cluster
        // (pulumi-kubernetes#4019).
        clusterIdentifier: cluster.eksCluster.arn,
        enableServerSideApply: true,
      },
      { parent: this },
    );
  }
}
