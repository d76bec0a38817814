import type { Dashboard } from "./grafana";

const health = (kind: "gate" | "endpoint"): string =>
  `min by (tag_Name) (aws_route53_health_check_status_minimum + on (name) group_left (tag_Name) aws_route53_info{tag_Name=~".* ${kind}"})`;

/** Who is served from where, who writes, and what a failover would cost right now. */
export const failover: Dashboard = {
  uid: "regions-failover",
  title: "Regions: failover",
  description: "Gates, writer, replication lag and capacity, before, during and after a failover.",
  variables: [
    { name: "region", label: "Region", query: "label_values(region:requests:rate5m, region)" },
  ],
  rows: [
    {
      title: "Gates (measured in the global region)",
      panels: [
        {
          title: "Gates",
          description: "1: the region is in DNS. 0: drained, or its endpoint fails.",
          unit: "none",
          kind: "stat",
          width: 12,
          queries: [{ expr: health("gate"), legend: "{{tag_Name}}" }],
        },
        {
          title: "Endpoint checks",
          description:
            "What Route 53 gets from /health of each region. A drained region's may well be 1.",
          unit: "none",
          kind: "stat",
          width: 12,
          queries: [{ expr: health("endpoint"), legend: "{{tag_Name}}" }],
        },
        {
          title: "Traffic",
          description:
            "Leaves a drained region within about a minute: the time that answers are cached.",
          unit: "reqps",
          width: 24,
          queries: [{ expr: 'region:requests:rate5m{region=~"$region"}', legend: "{{region}}" }],
        },
      ],
    },
    {
      title: "Data",
      panels: [
        {
          title: "Writer",
          description: "Commits by region: the writer is where they are.",
          unit: "ops",
          queries: [
            {
              expr: 'max by (region) (aws_rds_commit_throughput_average{region=~"$region"})',
              legend: "{{region}}",
            },
          ],
        },
        {
          title: "Replication lag",
          description: "Of secondary regions. Above 10 s a promotion is refused by default.",
          unit: "ms",
          redFrom: 1000,
          queries: [
            {
              expr: 'max by (region) (aws_rds_aurora_global_dbreplication_lag_maximum{region=~"$region"})',
              legend: "{{region}}",
            },
          ],
        },
        {
          title: "Connections",
          description: "Follow the writer after a promotion.",
          unit: "none",
          queries: [
            {
              expr: 'max by (region) (aws_rds_database_connections_maximum{region=~"$region"})',
              legend: "{{region}}",
            },
          ],
        },
      ],
    },
    {
      title: "Capacity",
      panels: [
        {
          title: "What is left without the largest region",
          description: "Needed above left: the loss of that region would overload the others.",
          unit: "none",
          width: 12,
          queries: [
            {
              expr: "sum(region:api_available:replicas) - max(region:api_available:replicas)",
              legend: "left",
            },
            { expr: "sum(region:api_needed:replicas)", legend: "needed" },
          ],
        },
        {
          title: "Pods of the api",
          description: "Rise where `capacity` was raised and where the traffic goes.",
          unit: "none",
          width: 12,
          queries: [
            {
              expr: 'region:api_available:replicas{region=~"$region"}',
              legend: "{{region}} available",
            },
            { expr: 'region:api_needed:replicas{region=~"$region"}', legend: "{{region}} needed" },
          ],
        },
      ],
    },
    {
      title: "Work of homed services",
      panels: [
        {
          title: "Oldest message by queue",
          description: "Of a drained home until `takeover` runs its workers elsewhere.",
          unit: "s",
          width: 24,
          queries: [
            {
              expr: 'max by (region, dimension_QueueName) (aws_sqs_approximate_age_of_oldest_message_maximum{region=~"$region", dimension_QueueName!~".*-dead"})',
              legend: "{{dimension_QueueName}}",
            },
          ],
        },
      ],
    },
  ],
};
