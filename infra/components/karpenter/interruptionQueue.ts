import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface InterruptionQueueArgs {
  /** Physical name of the queue, unique in account and region. */
  queueName: string;
  tags: Record<string, string>;
}

/** A warning is worth nothing once the node is gone. */
const RETENTION_SECONDS = 300;

/** What EC2 and AWS Health say of an instance before it goes (Karpenter, "Interruption"). */
const WARNINGS = {
  health: { source: "aws.health", detailType: "AWS Health Event" },
  spot: { source: "aws.ec2", detailType: "EC2 Spot Instance Interruption Warning" },
  rebalance: { source: "aws.ec2", detailType: "EC2 Instance Rebalance Recommendation" },
  state: { source: "aws.ec2", detailType: "EC2 Instance State-change Notification" },
} as const;

/**
 * The queue that tells Karpenter of instances about to go, so that it drains them in time. Only the
 * rules made here may send to it. Encrypted by SQS's own keys: EventBridge could use a customer's key
 * only by a policy that lets the whole service in, and the messages name instances, nothing else.
 */
export class InterruptionQueue extends pulumi.ComponentResource {
  readonly queueName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: InterruptionQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:karpenter:InterruptionQueue", name, {}, opts);
    const queue = this.createQueue(name, args);
    const rules = Object.entries(WARNINGS).map(([warning, { source, detailType }]) =>
      this.createRule(`${name}-${warning}`, args, queue, { source, detailType }),
    );
    this.createPolicy(name, queue, rules);

    this.queueName = queue.name;
    this.arn = queue.arn;
    this.registerOutputs({ queueName: this.queueName, arn: this.arn });
  }

  private createQueue(name: string, { queueName, tags }: InterruptionQueueArgs): aws.sqs.Queue {
    return new aws.sqs.Queue(
      name,
      {
        name: queueName,
        messageRetentionSeconds: RETENTION_SECONDS,
        sqsManagedSseEnabled: true,
        tags,
      },
      { parent: this },
    );
  }

  private createRule(
    name: string,
    { tags }: InterruptionQueueArgs,
    queue: aws.sqs.Queue,
    { source, detailType }: { source: string; detailType: string },
  ): aws.cloudwatch.EventRule {
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: `Tells Karpenter: ${detailType}`,
        eventPattern: JSON.stringify({ source: [source], "detail-type": [detailType] }),
        tags,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: queue.arn }, { parent: this });
    return rule;
  }

  private createPolicy(
    name: string,
    queue: aws.sqs.Queue,
    rules: readonly aws.cloudwatch.EventRule[],
  ): void {
    new aws.sqs.QueuePolicy(
      name,
      {
        queueUrl: queue.url,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "OurRulesSend",
              Effect: "Allow",
              Principal: { Service: "events.amazonaws.com" },
              Action: "sqs:SendMessage",
              Resource: queue.arn,
              Condition: { ArnEquals: { "aws:SourceArn": rules.map(({ arn }) => arn) } },
            },
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "sqs:*",
              Resource: queue.arn,
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        }),
      },
      { parent: this },
    );
  }
}
