import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../../../infra/components/identity/policy";
import type { AddonContext } from "../addon";

/** Kinds of EC2 resources that come with an instance, as ARNs name them. */
const LAUNCHED = [
  "fleet",
  "instance",
  "volume",
  "network-interface",
  "launch-template",
  "spot-instances-request",
];

const NODE_POOL_TAG = "karpenter.sh/nodepool";
const NODE_CLASS_TAG = "karpenter.k8s.aws/ec2nodeclass";
const REGION_TAG = "topology.kubernetes.io/region";

/**
 * What Karpenter's controller may do: launch, tag and terminate instances of this cluster's node pools,
 * keep their instance profiles, read prices and images, and read the interruption queue. The statements
 * are those of the project's CloudFormation template (getting-started-with-karpenter/cloudformation.yaml,
 * v1 series), here with the cluster's account wherever an ARN has one.
 *
 * Without narrower resources: `ec2:Describe*` (held to the region), `pricing:GetProducts` and
 * `iam:ListInstanceProfiles`, which know none (Service Authorization Reference).
 */
export function controllerPolicy(context: AddonContext): PolicyStatement[] {
  return [
    ...launching(context),
    ...tagging(context),
    ...terminating(context),
    ...instanceProfiles(context),
    ...reading(context),
  ];
}

function launching(context: AddonContext): PolicyStatement[] {
  const { region, accountId } = context;
  const actions = ["ec2:RunInstances", "ec2:CreateFleet"];
  return [
    {
      Sid: "AllowScopedEC2InstanceAccessActions",
      Effect: "Allow",
      Action: actions,
      Resource: [
        // Images and snapshots are AWS's own: their ARNs have no account.
        `arn:aws:ec2:${region}::image/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
        ...["security-group", "subnet", "capacity-reservation"].map(
          (kind) => pulumi.interpolate`arn:aws:ec2:${region}:${accountId}:${kind}/*`,
        ),
      ],
    },
    {
      Sid: "AllowScopedEC2LaunchTemplateAccessActions",
      Effect: "Allow",
      Action: actions,
      Resource: resourcesOf(context, ["launch-template"]),
      Condition: ownedResource(context),
    },
    {
      Sid: "AllowScopedEC2InstanceActionsWithTags",
      Effect: "Allow",
      Action: [...actions, "ec2:CreateLaunchTemplate"],
      Resource: resourcesOf(context, LAUNCHED),
      Condition: ownedRequest(context),
    },
  ];
}

function tagging(context: AddonContext): PolicyStatement[] {
  const { cluster } = context.names;
  const request = ownedRequest(context);
  const resource = ownedResource(context);
  return [
    {
      Sid: "AllowScopedResourceCreationTagging",
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: resourcesOf(context, LAUNCHED),
      Condition: {
        ...request,
        StringEquals: {
          ...request.StringEquals,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
      },
    },
    {
      Sid: "AllowScopedResourceTagging",
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: resourcesOf(context, ["instance"]),
      Condition: {
        ...resource,
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": cluster },
        "ForAllValues:StringEquals": {
          "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
        },
      },
    },
  ];
}

function terminating(context: AddonContext): PolicyStatement[] {
  return [
    {
      Sid: "AllowScopedDeletion",
      Effect: "Allow",
      Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      Resource: resourcesOf(context, ["instance", "launch-template"]),
      Condition: ownedResource(context),
    },
  ];
}

function instanceProfiles(context: AddonContext): PolicyStatement[] {
  const { accountId, nodeRole } = context;
  const profiles = [pulumi.interpolate`arn:aws:iam::${accountId}:instance-profile/*`];
  const byRequest = profileTags("RequestTag", context);
  const byResource = profileTags("ResourceTag", context);
  return [
    {
      Sid: "AllowPassingInstanceRole",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [nodeRole.arn],
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    {
      Sid: "AllowScopedInstanceProfileCreationActions",
      Effect: "Allow",
      Action: ["iam:CreateInstanceProfile"],
      Resource: profiles,
      Condition: byRequest,
    },
    {
      Sid: "AllowScopedInstanceProfileTagActions",
      Effect: "Allow",
      Action: ["iam:TagInstanceProfile"],
      Resource: profiles,
      Condition: {
        StringEquals: { ...byResource.StringEquals, ...byRequest.StringEquals },
        StringLike: { ...byResource.StringLike, ...byRequest.StringLike },
      },
    },
    {
      Sid: "AllowScopedInstanceProfileActions",
      Effect: "Allow",
      Action: [
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:DeleteInstanceProfile",
      ],
      Resource: profiles,
      Condition: byResource,
    },
    {
      Sid: "AllowInstanceProfileReadActions",
      Effect: "Allow",
      Action: ["iam:GetInstanceProfile"],
      Resource: profiles,
    },
    {
      Sid: "AllowUnscopedInstanceProfileListAction",
      Effect: "Allow",
      Action: ["iam:ListInstanceProfiles"],
      Resource: "*",
    },
  ];
}

function reading(context: AddonContext): PolicyStatement[] {
  const { region, accountId, names } = context;
  return [
    {
      Sid: "AllowRegionalReadActions",
      Effect: "Allow",
      Action: [
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
      ],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      Sid: "AllowSSMReadActions",
      Effect: "Allow",
      Action: ["ssm:GetParameter"],
      Resource: [`arn:aws:ssm:${region}::parameter/aws/service/*`],
    },
    {
      Sid: "AllowPricingReadActions",
      Effect: "Allow",
      Action: ["pricing:GetProducts"],
      Resource: "*",
    },
    {
      Sid: "AllowAPIServerEndpointDiscovery",
      Effect: "Allow",
      Action: ["eks:DescribeCluster"],
      Resource: [pulumi.interpolate`arn:aws:eks:${region}:${accountId}:cluster/${names.cluster}`],
    },
    {
      Sid: "AllowInterruptionQueueActions",
      Effect: "Allow",
      Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      Resource: [interruptionQueueOf(context).arn],
    },
  ];
}

/** @throws Error when the stack has made none. */
export function interruptionQueueOf({
  interruptionQueue,
}: AddonContext): NonNullable<AddonContext["interruptionQueue"]> {
  if (interruptionQueue !== undefined) return interruptionQueue;
  throw new Error("Karpenter is among the add-ons, and there is no interruption queue for it");
}

function resourcesOf(
  { region, accountId }: AddonContext,
  kinds: readonly string[],
): pulumi.Output<string>[] {
  return kinds.map((kind) => pulumi.interpolate`arn:aws:ec2:${region}:${accountId}:${kind}/*`);
}

/** The call gives what it makes this cluster's tags. */
function ownedRequest({ names }: AddonContext) {
  return {
    StringEquals: {
      [`aws:RequestTag/kubernetes.io/cluster/${names.cluster}`]: "owned",
      "aws:RequestTag/eks:eks-cluster-name": names.cluster,
    },
    StringLike: { [`aws:RequestTag/${NODE_POOL_TAG}`]: "*" },
  };
}

/** What the call is about has this cluster's tags. */
function ownedResource({ names }: AddonContext) {
  return {
    StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${names.cluster}`]: "owned" },
    StringLike: { [`aws:ResourceTag/${NODE_POOL_TAG}`]: "*" },
  };
}

function profileTags(of: "RequestTag" | "ResourceTag", { names, region }: AddonContext) {
  const requested = { "aws:RequestTag/eks:eks-cluster-name": names.cluster };
  return {
    StringEquals: {
      [`aws:${of}/kubernetes.io/cluster/${names.cluster}`]: "owned",
      ...(of === "RequestTag" && requested),
      [`aws:${of}/${REGION_TAG}`]: region,
    },
    StringLike: { [`aws:${of}/${NODE_CLASS_TAG}`]: "*" },
  };
}
