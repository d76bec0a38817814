import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "../encryption/encryptionKey";

export interface AlarmTopicArgs {
  /** The alarms' region: CloudWatch notifies topics of its own region only. */
  region: string;
  /** The account that owns the key. */
  accountId: pulumi.Input<string>;
  /** Environment of the fleet; part of the key's alias. */
  environment: string;
  /** Addresses that the topic mails; each has to confirm its subscription. */
  emails: readonly string[];
  tags: Record<string, string>;
}

const CLOUDWATCH = "cloudwatch.amazonaws.com";

/** The encrypted topic that CloudWatch alarms publish to, and its mail subscriptions. */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlarmTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:backbone:AlarmTopic", name, {}, opts);

    const key = this.createKey(name, args);
    const topic = this.createTopic(name, args, key.arn);
    this.allowAlarms(name, args, topic.arn);
    this.subscribe(name, args, topic.arn);

    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** AWS's own key for SNS does not let CloudWatch in, so alarms on a topic under it are lost. */
  private createKey(
    name: string,
    { region, accountId, environment, tags }: AlarmTopicArgs,
  ): EncryptionKey {
    return new EncryptionKey(
      `${name}-key`,
      {
        region,
        accountId,
        alias: `${environment}-health-alarms`,
        description: "Encrypts the topic that health-check alarms go to",
        services: [CLOUDWATCH],
        tags,
      },
      { parent: this },
    );
  }

  private createTopic(
    name: string,
    { region, tags }: AlarmTopicArgs,
    kmsMasterKeyId: pulumi.Input<string>,
  ): aws.sns.Topic {
    return new aws.sns.Topic(`${name}-topic`, { region, kmsMasterKeyId, tags }, { parent: this });
  }

  private allowAlarms(
    name: string,
    { region }: AlarmTopicArgs,
    topicArn: pulumi.Output<string>,
  ): void {
    new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        region,
        arn: topicArn,
        policy: topicArn.apply((arn) => JSON.stringify(alarmTopicPolicy(arn))),
      },
      { parent: this },
    );
  }

  private subscribe(
    name: string,
    { region, emails }: AlarmTopicArgs,
    topicArn: pulumi.Output<string>,
  ): void {
    for (const email of emails) {
      new aws.sns.TopicSubscription(
        `${name}-${email}`,
        { region, topic: topicArn, protocol: "email", endpoint: email },
        { parent: this },
      );
    }
  }
}

/** Alarms of the topic's own account and region may publish, nobody without TLS may. */
export function alarmTopicPolicy(topicArn: string): aws.iam.PolicyDocument {
  const [, partition, , region, account] = topicArn.split(":");
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: CLOUDWATCH },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: {
          StringEquals: { "aws:SourceAccount": `${account}` },
          ArnLike: { "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      },
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
