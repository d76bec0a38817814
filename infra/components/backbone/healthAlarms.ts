import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmTopic } from "./alarmTopic";

/** Route 53 publishes the metrics of its health checks there and nowhere else, so the alarms live there. */
export const HEALTH_CHECK_METRICS_REGION = "us-east-1";

/** The two health checks of a region that the global stack made. */
export interface RegionChecks {
  gateId: string;
  endpointCheckId: string;
}

export interface HealthAlarmsArgs {
  /** The account that owns the topic's key. */
  accountId: pulumi.Input<string>;
  /** Environment of the fleet; first part of the alarms' names, which are unique in an account and region. */
  environment: string;
  /** By AWS region. */
  checks: Readonly<Record<string, RegionChecks>>;
  /** Addresses that the topic mails; each has to confirm its subscription. */
  emails: readonly string[];
  tags: Record<string, string>;
}

/** What a region's alarm is about, and what an operator does about it: the runbook's section. */
const WATCHED = [
  {
    check: "endpoint",
    idOf: ({ endpointCheckId }: RegionChecks) => endpointCheckId,
    describe: (region: string) =>
      `Nothing healthy answers at the endpoint of ${region}. Unless pinned, its users already go ` +
      `to other regions. Do: runbook, section "A region's endpoint fails".`,
  },
  {
    check: "gate",
    idOf: ({ gateId }: RegionChecks) => gateId,
    describe: (region: string) =>
      `${region} is out of DNS: it was drained by config, or its endpoint fails. ` +
      `Do: runbook, section "A region left DNS".`,
  },
] as const;

/** An alarm on every gate and endpoint check, and the topic that they go to. */
export class HealthAlarms extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: HealthAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:backbone:HealthAlarms", name, {}, opts);

    const topic = new AlarmTopic(
      `${name}-topic`,
      {
        region: HEALTH_CHECK_METRICS_REGION,
        accountId: args.accountId,
        environment: args.environment,
        emails: args.emails,
        tags: args.tags,
      },
      { parent: this },
    );
    for (const [region, checks] of Object.entries(args.checks)) {
      this.createAlarms(name, args, region, checks, topic.arn);
    }

    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private createAlarms(
    name: string,
    { environment, tags }: HealthAlarmsArgs,
    region: string,
    checks: RegionChecks,
    topicArn: pulumi.Input<string>,
  ): void {
    for (const { check, idOf, describe } of WATCHED) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${region}-${check}`,
        {
          region: HEALTH_CHECK_METRICS_REGION,
          name: `${environment}-${region}-${check}-unhealthy`,
          alarmDescription: describe(region),
          namespace: "AWS/Route53",
          metricName: "HealthCheckStatus",
          dimensions: { HealthCheckId: idOf(checks) },
          // 1 is healthy, 0 is not. A check that says nothing is as bad as one that fails.
          statistic: "Minimum",
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          period: 60,
          evaluationPeriods: 2,
          treatMissingData: "breaching",
          alarmActions: [topicArn],
          okActions: [topicArn],
          tags,
        },
        { parent: this },
      );
    }
  }
}
