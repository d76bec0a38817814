import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustPolicy, type PolicyStatement } from "./policy";

export interface WorkloadIdentityArgs {
  /** The role's name, at most 64 characters; with the region in it, for IAM is not regional. */
  roleName: string;
  /** Name of the EKS cluster that the pods run on. */
  clusterName: pulumi.Input<string>;
  namespace: string;
  serviceAccount: string;
  /** What the pods may do; may be empty. */
  statements: readonly PolicyStatement[];
  /** Policies that AWS maintains for its own components (VPC CNI, EBS CSI driver). */
  managedPolicyArns?: readonly string[];
  tags: Record<string, string>;
}

/**
 * An IAM role for the pods of one service account, by EKS Pod Identity: it needs no OIDC provider and
 * no annotation. The role can be assumed for that service account of that cluster only.
 */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  /** Pods that start before the association exists get no credentials: releases depend on it. */
  readonly association: aws.eks.PodIdentityAssociation;

  constructor(name: string, args: WorkloadIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:identity:WorkloadIdentity", name, {}, opts);
    const role = this.createRole(name, args);
    const permissions = this.grant(name, args, role);
    this.association = this.associate(name, args, role, permissions);
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }

  private createRole(name: string, args: WorkloadIdentityArgs): aws.iam.Role {
    return new aws.iam.Role(
      `${name}-role`,
      {
        name: args.roleName,
        description: `Pods of ${args.namespace}/${args.serviceAccount}`,
        // The tags are set by EKS, not by the pod: EKS user guide, "Create IAM role with trust policy
        // required by EKS Pod Identity".
        assumeRolePolicy: trustPolicy({
          service: "pods.eks.amazonaws.com",
          actions: ["sts:AssumeRole", "sts:TagSession"],
          condition: {
            StringEquals: {
              "aws:RequestTag/eks-cluster-name": args.clusterName,
              "aws:RequestTag/kubernetes-namespace": args.namespace,
              "aws:RequestTag/kubernetes-service-account": args.serviceAccount,
            },
          },
        }),
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private grant(
    name: string,
    { statements, managedPolicyArns = [] }: WorkloadIdentityArgs,
    role: aws.iam.Role,
  ): pulumi.Resource[] {
    const attachments = managedPolicyArns.map(
      (policyArn) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policyArn.split("/").at(-1) ?? policyArn}`,
          { role: role.name, policyArn },
          { parent: this },
        ),
    );
    if (statements.length === 0) return attachments;
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: policyDocument(statements) },
      { parent: this },
    );
    return [...attachments, policy];
  }

  private associate(
    name: string,
    { clusterName, namespace, serviceAccount, tags }: WorkloadIdentityArgs,
    role: aws.iam.Role,
    permissions: pulumi.Resource[],
  ): aws.eks.PodIdentityAssociation {
    return new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      { clusterName, namespace, serviceAccount, roleArn: role.arn, tags },
      { parent: this, dependsOn: permissions },
    );
  }
}
