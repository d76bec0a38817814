import type { Dashboard } from "./grafana";

const BY_REGION = "{{region}}";
const GATEWAY = 'reporter="source", source_workload="istio-ingress", region=~"$region"';

const latency = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (region, le) (rate(istio_request_duration_milliseconds_bucket{${GATEWAY}}[5m])))`;

/** Traffic, errors, latency and saturation, a line per region. */
export const overview: Dashboard = {
  uid: "regions-overview",
  title: "Regions: overview",
  description: "What users get from each region, and how much of it is used.",
  variables: [
    { name: "region", label: "Region", query: "label_values(region:requests:rate5m, region)" },
  ],
  rows: [
    {
      title: "Traffic",
      panels: [
        {
          title: "Requests",
          description:
            "At the ingress gateway. A drained region falls to nothing, the others rise.",
          unit: "reqps",
          width: 12,
          queries: [{ expr: 'region:requests:rate5m{region=~"$region"}', legend: BY_REGION }],
        },
        {
          title: "Share of the traffic",
          description: "Of all requests, by region.",
          unit: "percentunit",
          width: 12,
          queries: [
            {
              expr: 'region:requests:rate5m{region=~"$region"} / scalar(sum(region:requests:rate5m))',
              legend: BY_REGION,
            },
          ],
        },
      ],
    },
    {
      title: "Errors",
      panels: [
        {
          title: "Failed requests",
          description: "Answers with 5xx. RegionErrors fires above 5 %.",
          unit: "percentunit",
          redFrom: 0.05,
          width: 12,
          queries: [{ expr: 'region:error_ratio:rate5m{region=~"$region"}', legend: BY_REGION }],
        },
        {
          title: "Failed requests by service",
          description: "Which service the errors come from.",
          unit: "reqps",
          width: 12,
          queries: [
            {
              expr: `sum by (region, destination_service_name) (rate(istio_requests_total{${GATEWAY}, response_code=~"5.."}[5m]))`,
              legend: "{{region}} {{destination_service_name}}",
            },
          ],
        },
      ],
    },
    {
      title: "Latency",
      panels: [0.5, 0.95, 0.99].map((quantile) => ({
        title: `p${quantile * 100}`,
        description: "From the gateway's side: the service and the way to it.",
        unit: "ms",
        queries: [{ expr: latency(quantile), legend: BY_REGION }],
      })),
    },
    {
      title: "Saturation",
      panels: [
        {
          title: "Pods of the api: needed, of those available",
          description: "At 1 the region has no more to give until it has grown.",
          unit: "percentunit",
          redFrom: 1,
          queries: [
            {
              expr: 'region:api_needed:replicas{region=~"$region"} / on (region) region:api_available:replicas',
              legend: BY_REGION,
            },
          ],
        },
        {
          title: "CPU of the nodes",
          description: "Used of what there is.",
          unit: "percentunit",
          redFrom: 0.9,
          queries: [
            {
              expr: '1 - avg by (region) (rate(node_cpu_seconds_total{mode="idle", region=~"$region"}[5m]))',
              legend: BY_REGION,
            },
          ],
        },
        {
          title: "Oldest message",
          description: "How long work waits, by region: the worst queue.",
          unit: "s",
          redFrom: 900,
          queries: [
            {
              expr: 'max by (region) (aws_sqs_approximate_age_of_oldest_message_maximum{region=~"$region", dimension_QueueName!~".*-dead"})',
              legend: BY_REGION,
            },
          ],
        },
      ],
    },
  ],
};
