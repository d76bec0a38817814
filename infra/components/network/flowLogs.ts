import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustPolicy } from "../identity/policy";

export interface FlowLogsArgs {
  vpcId: pulumi.Input<string>;
  region: string;
  accountId: pulumi.Input<string>;
  /** `<environment>-<region>`: part of the role's and the log group's name. */
  prefix: string;
  /** KMS key of the log group. */
  keyArn: pulumi.Input<string>;
  retentionDays: number;
  tags: Record<string, string>;
}

/** The VPC's flow logs, accepted and rejected, in an encrypted log group of their own. */
export class FlowLogs extends pulumi.ComponentResource {
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:network:FlowLogs", name, {}, opts);
    const group = this.createLogGroup(name, args);
    const role = this.createRole(name, args);
    const permission = this.grant(name, role, group);
    this.createFlowLog(name, args, group, role, permission);
    this.logGroupName = group.name;
    this.registerOutputs({ logGroupName: this.logGroupName });
  }

  private createLogGroup(name: string, args: FlowLogsArgs): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${name}-group`,
      {
        name: `/vpc/${args.prefix}/flow-logs`,
        kmsKeyId: args.keyArn,
        retentionInDays: args.retentionDays,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /** Conditions against the confused deputy as in the VPC guide, "IAM role for publishing flow logs". */
  private createRole(
    name: string,
    { prefix, region, accountId, tags }: FlowLogsArgs,
  ): aws.iam.Role {
    return new aws.iam.Role(
      `${name}-role`,
      {
        name: `${prefix}-flow-logs`,
        description: "Writes VPC flow logs",
        assumeRolePolicy: trustPolicy({
          service: "vpc-flow-logs.amazonaws.com",
          condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: {
              "aws:SourceArn": pulumi.interpolate`arn:aws:ec2:${region}:${accountId}:vpc-flow-log/*`,
            },
          },
        }),
        tags,
      },
      { parent: this },
    );
  }

  private grant(
    name: string,
    role: aws.iam.Role,
    group: aws.cloudwatch.LogGroup,
  ): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: policyDocument([
          {
            Sid: "WriteFlowLogs",
            Effect: "Allow",
            Action: [
              "logs:CreateLogStream",
              "logs:PutLogEvents",
              "logs:DescribeLogGroups",
              "logs:DescribeLogStreams",
            ],
            Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
          },
        ]),
      },
      { parent: this },
    );
  }

  private createFlowLog(
    name: string,
    args: FlowLogsArgs,
    group: aws.cloudwatch.LogGroup,
    role: aws.iam.Role,
    permission: aws.iam.RolePolicy,
  ): void {
    new aws.ec2.FlowLog(
      `${name}-log`,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        tags: args.tags,
      },
      { parent: this, dependsOn: [permission] },
    );
  }
}
