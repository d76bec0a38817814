import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { QueueSpec } from "../../../workloads/catalogue";

/** Seconds that a receive waits for a message; SQS's maximum, so that idle workers cost little. */
const LONG_POLL_SECONDS = 20;

const DAY = 24 * 60 * 60;

/** Less than the dead letters': a message keeps its first time stamp when it moves there. */
const RETENTION_SECONDS = 4 * DAY;

/** SQS's maximum, so that people have time to look. */
const DEAD_LETTER_RETENTION_SECONDS = 14 * DAY;

export interface QueuesArgs {
  /** The queue of each service that has one. */
  specs: Readonly<Record<string, QueueSpec>>;
  /** Physical name of a service's queue, unique in account and region, at most 75 characters. */
  nameOf: (service: string) => string;
  kmsKeyArn: pulumi.Input<string>;
  tags: Record<string, string>;
}

export interface QueueReference {
  url: pulumi.Output<string>;
  arn: pulumi.Output<string>;
}

/** A queue per worker, each with dead letters of its own, encrypted, over TLS only. */
export class Queues extends pulumi.ComponentResource {
  readonly queues: Readonly<Record<string, QueueReference>>;

  constructor(name: string, args: QueuesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:queues:Queues", name, {}, opts);
    this.queues = Object.fromEntries(
      Object.entries(args.specs).map(([service, spec]) => [
        service,
        this.createQueueWithDeadLetters(`${name}-${service}`, service, spec, args),
      ]),
    );
    this.registerOutputs({ queues: this.queues });
  }

  private createQueueWithDeadLetters(
    name: string,
    service: string,
    spec: QueueSpec,
    args: QueuesArgs,
  ): QueueReference {
    const queue = this.createQueue(name, args, {
      name: args.nameOf(service),
      messageRetentionSeconds: RETENTION_SECONDS,
      visibilityTimeoutSeconds: spec.visibilityTimeoutSeconds,
      receiveWaitTimeSeconds: LONG_POLL_SECONDS,
    });
    const deadLetters = this.createQueue(`${name}-dead`, args, {
      name: `${args.nameOf(service)}-dead`,
      messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
    });
    this.createRedrive(name, queue, deadLetters, spec.maxReceives);
    return { url: queue.url, arn: queue.arn };
  }

  private createQueue(name: string, args: QueuesArgs, inputs: aws.sqs.QueueArgs): aws.sqs.Queue {
    const { kmsKeyArn: kmsMasterKeyId, tags } = args;
    const queue = new aws.sqs.Queue(name, { ...inputs, kmsMasterKeyId, tags }, { parent: this });
    new aws.sqs.QueuePolicy(
      name,
      {
        queueUrl: queue.url,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "sqs:*",
              Resource: queue.arn,
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        },
      },
      { parent: this },
    );
    return queue;
  }

  /** Resources of their own, because each queue names the other. */
  private createRedrive(
    name: string,
    queue: aws.sqs.Queue,
    deadLetters: aws.sqs.Queue,
    maxReceiveCount: number,
  ): void {
    new aws.sqs.RedrivePolicy(
      name,
      {
        queueUrl: queue.url,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: deadLetters.arn,
          maxReceiveCount,
        }),
      },
      { parent: this },
    );
    new aws.sqs.RedriveAllowPolicy(
      name,
      {
        queueUrl: deadLetters.url,
        redriveAllowPolicy: pulumi.jsonStringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [queue.arn],
        }),
      },
      { parent: this },
    );
  }
}
