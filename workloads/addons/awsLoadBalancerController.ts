import type { PolicyStatement } from "../../infra/components/identity/policy";
import type { Addon, AddonContext } from "./addon";
import { onSystemNodes } from "./placement";

const SERVICE_ACCOUNT = "aws-load-balancer-controller";

/**
 * Registers the ingress gateway's pods with the target groups of the region's load balancer. It makes no
 * load balancer: those belong to the program. Before every other add-on, for its webhooks must answer.
 */
export const awsLoadBalancerController: Addon = {
  name: "aws-load-balancer-controller",
  namespace: "kube-system",
  chart: {
    chart: "aws-load-balancer-controller",
    version: "3.5.0",
    repository: "https://aws.github.io/eks-charts",
  },
  crds: { by: "addon", addon: "aws-load-balancer-controller-crds" },
  dependsOn: ["aws-load-balancer-controller-crds"],
  values: ({ names, region, vpcId }) => ({
    clusterName: names.cluster,
    // Said, because pods reach no instance metadata (the nodes' hop limit is 1).
    region,
    vpcId,
    replicaCount: 2,
    podDisruptionBudget: { maxUnavailable: 1 },
    serviceAccount: { name: SERVICE_ACCOUNT },
    // While it is not ready it would refuse every Service in the cluster
    // (aws-load-balancer-controller#4140); we have none of type LoadBalancer.
    enableServiceMutatorWebhook: false,
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    // The certificate of the webhooks is made by the chart; a new one at each upgrade would cut them off.
    keepTLSSecret: true,
    // What it would ask AWS for otherwise; its role allows none of it.
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
    enableBackendSecurityGroup: false,
    controllerConfig: { featureGates: { ALBGatewayAPI: false, NLBGatewayAPI: false } },
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    ...onSystemNodes(),
  }),
  identity: (context) => ({
    serviceAccount: SERVICE_ACCOUNT,
    statements: targetGroupStatements(context),
  }),
};

/**
 * "IAM permission subset for those who use TargetGroupBinding only" (the controller's documentation,
 * deploy/installation), less `ModifyTargetGroup*`: the program alone changes target groups. The
 * Describe actions know no resources (Service Authorization Reference, EC2 and Elastic Load Balancing).
 */
function targetGroupStatements({ targetGroups, metricsEntry }: AddonContext): PolicyStatement[] {
  return [
    {
      Sid: "ReadTargets",
      Effect: "Allow",
      Action: [
        "ec2:DescribeInstances",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      Resource: "*",
    },
    {
      Sid: "RegisterWithOurTargetGroups",
      Effect: "Allow",
      Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      Resource: [
        targetGroups.https,
        targetGroups.http,
        ...(metricsEntry === undefined ? [] : [metricsEntry.grpc, metricsEntry.http]),
      ],
    },
  ];
}
