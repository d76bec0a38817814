import * as pulumi from "@pulumi/pulumi";
import type { Addon } from "./addon";

const SERVICE_ACCOUNT = "aws-for-fluent-bit";

/**
 * Sends what containers write to the region's log group, a stream per pod and container. The group is the
 * program's, with its retention and its key; the role may only write to it. Off in development.
 * It reads files of the node, hence a namespace without a Pod Security level.
 */
export const awsForFluentBit: Addon = {
  name: "aws-for-fluent-bit",
  namespace: "kube-system",
  chart: {
    chart: "aws-for-fluent-bit",
    version: "0.2.0",
    repository: "https://aws.github.io/eks-charts",
  },
  crds: { by: "none" },
  dependsOn: ["aws-load-balancer-controller"],
  values: ({ region, podLogs }) => ({
    serviceAccount: { name: SERVICE_ACCOUNT },
    cloudWatchLogs: {
      enabled: true,
      region,
      logGroupName: podLogs.name,
      logStreamPrefix: "unnamed-",
      logStreamTemplate:
        "$kubernetes['namespace_name'].$kubernetes['pod_name'].$kubernetes['container_name']",
      autoCreateGroup: false,
    },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "250Mi" } },
    // Every node has logs, tainted ones as well.
    tolerations: [{ operator: "Exists" }],
  }),
  identity: ({ podLogs }) => ({
    serviceAccount: SERVICE_ACCOUNT,
    statements: [
      {
        Sid: "WritePodLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [podLogs.arn, pulumi.interpolate`${podLogs.arn}:log-stream:*`],
      },
    ],
  }),
};
