import { SERVICES_NAMESPACE } from "../catalogue";
import type { Dashboard } from "./grafana";

const REQUESTS = `reporter="destination", destination_service_namespace="${SERVICES_NAMESPACE}", destination_service_name=~"$service", region=~"$region"`;
const PODS = `namespace="${SERVICES_NAMESPACE}", container=~"$service", region=~"$region"`;
const BY = "{{region}} {{destination_service_name}}";

/** One service: its requests as its own sidecars see them, and its pods. */
export const service: Dashboard = {
  uid: "regions-service",
  title: "Regions: service",
  description: "Requests, latency, pods and resources of a service, by region.",
  variables: [
    {
      name: "region",
      label: "Region",
      query: "label_values(kube_deployment_spec_replicas, region)",
    },
    {
      name: "service",
      label: "Service",
      query: `label_values(kube_deployment_spec_replicas{namespace="${SERVICES_NAMESPACE}"}, deployment)`,
    },
  ],
  rows: [
    {
      title: "Requests",
      panels: [
        {
          title: "Requests",
          description: "From the gateway and from other services.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (region, destination_service_name) (rate(istio_requests_total{${REQUESTS}}[5m]))`,
              legend: BY,
            },
          ],
        },
        {
          title: "Failed",
          description: "Answers with 5xx, of all.",
          unit: "percentunit",
          redFrom: 0.05,
          queries: [
            {
              expr: `sum by (region, destination_service_name) (rate(istio_requests_total{${REQUESTS}, response_code=~"5.."}[5m])) / sum by (region, destination_service_name) (rate(istio_requests_total{${REQUESTS}}[5m]))`,
              legend: BY,
            },
          ],
        },
        {
          title: "p95",
          description: "As the service's own sidecars measure it.",
          unit: "ms",
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (region, destination_service_name, le) (rate(istio_request_duration_milliseconds_bucket{${REQUESTS}}[5m])))`,
              legend: BY,
            },
          ],
        },
      ],
    },
    {
      title: "Pods",
      panels: [
        {
          title: "Pods available",
          description: "Ready to serve.",
          unit: "none",
          queries: [
            {
              expr: `max by (region, deployment) (kube_deployment_status_replicas_available{namespace="${SERVICES_NAMESPACE}", deployment=~"$service", region=~"$region"})`,
              legend: "{{region}} {{deployment}}",
            },
          ],
        },
        {
          title: "CPU of requests",
          description: "At 70 % the api and media grow.",
          unit: "percentunit",
          queries: [
            {
              expr: `sum by (region, container) (rate(container_cpu_usage_seconds_total{${PODS}}[5m])) / sum by (region, container) (kube_pod_container_resource_requests{${PODS}, resource="cpu"})`,
              legend: "{{region}} {{container}}",
            },
          ],
        },
        {
          title: "Memory of limits",
          description: "At 1 the container is killed.",
          unit: "percentunit",
          redFrom: 0.9,
          queries: [
            {
              expr: `max by (region, container) (container_memory_working_set_bytes{${PODS}}) / max by (region, container) (kube_pod_container_resource_limits{${PODS}, resource="memory"})`,
              legend: "{{region}} {{container}}",
            },
          ],
        },
        {
          title: "Restarts",
          description: "In the last hour.",
          unit: "none",
          redFrom: 1,
          width: 12,
          queries: [
            {
              expr: `sum by (region, container) (increase(kube_pod_container_status_restarts_total{${PODS}}[1h]))`,
              legend: "{{region}} {{container}}",
            },
          ],
        },
        {
          title: "Oldest message of its queue",
          description: "How long its work waits; nothing for a service without a queue.",
          unit: "s",
          width: 12,
          queries: [
            {
              expr: 'max by (region, dimension_QueueName) (aws_sqs_approximate_age_of_oldest_message_maximum{region=~"$region", dimension_QueueName=~".*-($service)"})',
              legend: "{{dimension_QueueName}}",
            },
          ],
        },
      ],
    },
  ],
};
