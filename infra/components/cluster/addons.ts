import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { WorkloadIdentity } from "../identity/workloadIdentity";
import { ADDON_VERSIONS } from "./versions";

export interface AddonsArgs {
  clusterName: pulumi.Input<string>;
  /** `<environment>-<region>`, part of the roles' names. */
  prefix: string;
  tags: Record<string, string>;
}

export interface NodeAddonsArgs extends AddonsArgs {
  /** The cluster's Kubernetes provider. */
  provider: k8s.Provider;
  /** The nodes to run on. A component hands `dependsOn` of its options to no child, hence an argument. */
  nodes: pulumi.Resource;
}

/** An EKS add-on at its pinned version; the program's settings win over what is changed by hand. */
function addon(
  name: string,
  { clusterName, tags }: AddonsArgs,
  addonName: string,
  addonVersion: string,
  opts: pulumi.CustomResourceOptions,
): aws.eks.Addon {
  return new aws.eks.Addon(
    `${name}-${addonName}`,
    {
      clusterName,
      addonName,
      addonVersion,
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      tags,
    },
    opts,
  );
}

/**
 * What has to be there before the first node: the Pod Identity agent, and the VPC CNI's own role, for
 * pods that start before their association get no credentials. Both are DaemonSets, active without nodes.
 */
export class BootstrapAddons extends pulumi.ComponentResource {
  constructor(name: string, args: AddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:cluster:BootstrapAddons", name, {}, opts);
    addon(name, args, "eks-pod-identity-agent", ADDON_VERSIONS.podIdentityAgent, { parent: this });
    new WorkloadIdentity(
      `${name}-vpc-cni`,
      {
        roleName: `${args.prefix}-vpc-cni`,
        clusterName: args.clusterName,
        namespace: "kube-system",
        serviceAccount: "aws-node",
        statements: [],
        managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
        tags: args.tags,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/**
 * What needs nodes to become active: CoreDNS and the EBS CSI driver, with the default storage class. CoreDNS is not left to
 * `eks.Cluster`: there it would wait for nodes inside the component, which has to be finished before
 * the node group can start, until it times out as DEGRADED (pulumi-eks#1819).
 */
export class NodeAddons extends pulumi.ComponentResource {
  constructor(name: string, args: NodeAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:cluster:NodeAddons", name, {}, opts);
    addon(name, args, "coredns", ADDON_VERSIONS.coredns, {
      parent: this,
      dependsOn: [args.nodes],
    });
    const ebsCsi = new WorkloadIdentity(
      `${name}-ebs-csi`,
      {
        roleName: `${args.prefix}-ebs-csi`,
        clusterName: args.clusterName,
        namespace: "kube-system",
        serviceAccount: "ebs-csi-controller-sa",
        statements: [],
        managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
        tags: args.tags,
      },
      { parent: this },
    );
    const driver = addon(name, args, "aws-ebs-csi-driver", ADDON_VERSIONS.ebsCsiDriver, {
      parent: this,
      dependsOn: [args.nodes, ebsCsi],
    });
    this.createStorageClass(name, args, driver);
    this.registerOutputs({});
  }

  /** EKS has made no default class since 1.30, and its own gp2 is not encrypted. */
  private createStorageClass(name: string, args: NodeAddonsArgs, driver: aws.eks.Addon): void {
    new k8s.storage.v1.StorageClass(
      `${name}-gp3`,
      {
        metadata: {
          name: "gp3",
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true" },
        // A volume is made in the zone of the pod that uses it.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this, provider: args.provider, dependsOn: [driver] },
    );
  }
}
