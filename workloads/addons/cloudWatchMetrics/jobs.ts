import type { AddonContext } from "../addon";
import { isGlobalRegion } from "../observability";

interface Metric {
  name: string;
  statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  /** How often AWS measures it; once a minute when left out. */
  every?: "1d";
}

/** Route 53 measures its health checks in this region only (Route 53 guide, "Monitoring health checks"). */
const ROUTE53_REGION = "us-east-1";

const QUEUE_METRICS: readonly Metric[] = [
  { name: "ApproximateAgeOfOldestMessage", statistic: "Maximum" },
  { name: "ApproximateNumberOfMessagesVisible", statistic: "Maximum" },
];

const DATABASE_METRICS: readonly Metric[] = [
  // Milliseconds, of a secondary alone (Aurora guide, "CloudWatch metrics").
  { name: "AuroraGlobalDBReplicationLag", statistic: "Maximum" },
  // Where there are any the writer is.
  { name: "CommitThroughput", statistic: "Average" },
  { name: "DatabaseConnections", statistic: "Maximum" },
];

/**
 * Alloy's configuration: what to read from CloudWatch, once a minute however often Prometheus asks.
 * Queues and the database are named, for their names are known; the rest is found by our tags.
 */
export function cloudWatchJobs(context: AddonContext): string {
  const { region, names, queues, fleet } = context;
  const queueNames = Object.keys(queues).flatMap((service) => [
    names.queue(service),
    `${names.queue(service)}-dead`,
  ]);
  const jobs = [
    ...queueNames.map((queue) =>
      named({
        label: queue,
        region,
        namespace: "AWS/SQS",
        dimensions: { QueueName: queue },
        metrics: QUEUE_METRICS,
      }),
    ),
    named({
      label: "database",
      region,
      namespace: "AWS/RDS",
      dimensions: { DBClusterIdentifier: names.databaseCluster },
      metrics: DATABASE_METRICS,
    }),
    found(context, region, "AWS/CertificateManager", [
      { name: "DaysToExpiry", statistic: "Minimum", every: "1d" },
    ]),
    ...(isGlobalRegion(fleet, region)
      ? [
          found(context, ROUTE53_REGION, "AWS/Route53", [
            { name: "HealthCheckStatus", statistic: "Minimum" },
          ]),
        ]
      : []),
  ];
  return block(`prometheus.exporter.cloudwatch "region"`, [
    `sts_region = ${quote(region)}`,
    block("decoupled_scraping", ["enabled = true", `scrape_interval = "1m"`]),
    ...jobs,
  ]);
}

function named(job: {
  label: string;
  region: string;
  namespace: string;
  dimensions: Readonly<Record<string, string>>;
  metrics: readonly Metric[];
}): string {
  const dimensions = Object.entries(job.dimensions).map(
    ([name, value]) => `${quote(name)} = ${quote(value)}`,
  );
  return block(`static ${quote(job.label)}`, [
    `regions = [${quote(job.region)}]`,
    `namespace = ${quote(job.namespace)}`,
    `dimensions = { ${dimensions.join(", ")} }`,
    ...job.metrics.map(metric),
  ]);
}

/** Everything of a kind that carries the environment's tags (regular expressions). */
function found(
  { tags }: AddonContext,
  region: string,
  type: string,
  metrics: readonly Metric[],
): string {
  const wanted = ["Project", "Environment"].map(
    (name) => `${quote(name)} = ${quote(`^${tags[name] ?? ""}$`)}`,
  );
  return block("discovery", [
    `type = ${quote(type)}`,
    `regions = [${quote(region)}]`,
    `search_tags = { ${wanted.join(", ")} }`,
    ...metrics.map(metric),
  ]);
}

function metric({ name, statistic, every }: Metric): string {
  return block("metric", [
    `name = ${quote(name)}`,
    `statistics = [${quote(statistic)}]`,
    `period = ${quote(every ?? "1m")}`,
    // Enough to find a figure that CloudWatch has late.
    `length = ${quote(every === undefined ? "5m" : "2d")}`,
  ]);
}

function block(head: string, lines: readonly string[]): string {
  const inner = lines
    .join("\n")
    .split("\n")
    .map((line) => `  ${line}`);
  return [`${head} {`, ...inner, "}"].join("\n");
}

const quote = (text: string): string => JSON.stringify(text);
