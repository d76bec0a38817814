import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../../infra/components/identity/policy";
import type { Addon } from "./addon";
import { KEEP } from "./kubernetesObjects";
import { onSystemNodes } from "./placement";

const SERVICE_ACCOUNT = "keda-operator";

const REQUESTS = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } };

/** Scales workers on the depth of their SQS queues, which its operator asks for with its own role. */
export const keda: Addon = {
  name: "keda",
  namespace: { name: "keda", podSecurity: "restricted" },
  chart: { chart: "keda", version: "2.20.2", repository: "https://kedacore.github.io/charts" },
  crds: { by: "templates", value: "crds.install" },
  dependsOn: ["aws-load-balancer-controller", "metrics-server"],
  values: ({ names }) => ({
    clusterName: names.cluster,
    crds: { install: true, additionalAnnotations: KEEP },
    operator: { replicaCount: 2 },
    metricsServer: { replicaCount: 2 },
    webhooks: { replicaCount: 2 },
    serviceAccount: { operator: { name: SERVICE_ACCOUNT } },
    podDisruptionBudget: {
      operator: { maxUnavailable: 1 },
      metricServer: { maxUnavailable: 1 },
      webhooks: { maxUnavailable: 1 },
    },
    resources: { operator: REQUESTS, metricServer: REQUESTS, webhooks: REQUESTS },
    ...onSystemNodes(),
  }),
  identity: ({ queues }) => ({
    serviceAccount: SERVICE_ACCOUNT,
    statements: readQueueDepth(Object.values(queues).map(({ arn }) => arn)),
  }),
};

/** IAM takes no statement without a resource. */
function readQueueDepth(queueArns: pulumi.Input<string>[]): PolicyStatement[] {
  if (queueArns.length === 0) return [];
  return [
    {
      Sid: "ReadQueueDepth",
      Effect: "Allow",
      Action: ["sqs:GetQueueAttributes"],
      Resource: queueArns,
    },
  ];
}
