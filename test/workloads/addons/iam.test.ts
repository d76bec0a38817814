import assert from "node:assert/strict";
import type { PolicyStatement } from "../../../infra/components/identity/policy";
import { ADDONS } from "../../../workloads/addons/catalogue";
import type { AddonName } from "../../../workloads/addons/names";
import { context, resolved } from "./sample";

const ACCOUNT = "000000000000";
const CLUSTER = "production-eu-west-1";
const EC2 = "arn:aws:ec2:eu-west-1";

interface Policy {
  serviceAccount: string;
  statements: Pick<PolicyStatement, "Sid" | "Action" | "Resource" | "Condition">[];
}

async function policyOf(name: AddonName): Promise<Policy> {
  const addon = ADDONS.find((each) => each.name === name);
  return (await resolved(() => addon?.identity?.(context))) as Policy;
}

const ownedRequest = {
  StringEquals: {
    [`aws:RequestTag/kubernetes.io/cluster/${CLUSTER}`]: "owned",
    "aws:RequestTag/eks:eks-cluster-name": CLUSTER,
  },
  StringLike: { "aws:RequestTag/karpenter.sh/nodepool": "*" },
};
const ownedResource = {
  StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${CLUSTER}`]: "owned" },
  StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
};
const profileRequest = {
  StringEquals: {
    [`aws:RequestTag/kubernetes.io/cluster/${CLUSTER}`]: "owned",
    "aws:RequestTag/eks:eks-cluster-name": CLUSTER,
    "aws:RequestTag/topology.kubernetes.io/region": "eu-west-1",
  },
  StringLike: { "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*" },
};
const profileResource = {
  StringEquals: {
    [`aws:ResourceTag/kubernetes.io/cluster/${CLUSTER}`]: "owned",
    "aws:ResourceTag/topology.kubernetes.io/region": "eu-west-1",
  },
  StringLike: { "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "*" },
};
const launched = [
  ...["fleet", "instance", "volume", "network-interface"],
  ...["launch-template", "spot-instances-request"],
].map((kind) => `${EC2}:${ACCOUNT}:${kind}/*`);
const profiles = [`arn:aws:iam::${ACCOUNT}:instance-profile/*`];

/** Actions and resources of Karpenter's statements, with their conditions. */
const KARPENTER: Record<string, { actions: string[]; resources: unknown; condition?: unknown }> = {
  AllowScopedEC2InstanceAccessActions: {
    actions: ["ec2:RunInstances", "ec2:CreateFleet"],
    resources: [
      ...["image", "snapshot"].map((kind) => `${EC2}::${kind}/*`),
      ...["security-group", "subnet", "capacity-reservation"].map(
        (kind) => `${EC2}:${ACCOUNT}:${kind}/*`,
      ),
    ],
  },
  AllowScopedEC2LaunchTemplateAccessActions: {
    actions: ["ec2:RunInstances", "ec2:CreateFleet"],
    resources: [`${EC2}:${ACCOUNT}:launch-template/*`],
    condition: ownedResource,
  },
  AllowScopedEC2InstanceActionsWithTags: {
    actions: ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
    resources: launched,
    condition: ownedRequest,
  },
  AllowScopedResourceCreationTagging: {
    actions: ["ec2:CreateTags"],
    resources: launched,
    condition: {
      ...ownedRequest,
      StringEquals: {
        ...ownedRequest.StringEquals,
        "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
      },
    },
  },
  AllowScopedResourceTagging: {
    actions: ["ec2:CreateTags"],
    resources: [`${EC2}:${ACCOUNT}:instance/*`],
    condition: {
      ...ownedResource,
      StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": CLUSTER },
      "ForAllValues:StringEquals": {
        "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
      },
    },
  },
  AllowScopedDeletion: {
    actions: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
    resources: ["instance", "launch-template"].map((kind) => `${EC2}:${ACCOUNT}:${kind}/*`),
    condition: ownedResource,
  },
  AllowPassingInstanceRole: {
    actions: ["iam:PassRole"],
    resources: [`arn:aws:iam::${ACCOUNT}:role/${CLUSTER}-node`],
    condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
  },
  AllowScopedInstanceProfileCreationActions: {
    actions: ["iam:CreateInstanceProfile"],
    resources: profiles,
    condition: profileRequest,
  },
  AllowScopedInstanceProfileTagActions: {
    actions: ["iam:TagInstanceProfile"],
    resources: profiles,
    condition: {
      StringEquals: { ...profileResource.StringEquals, ...profileRequest.StringEquals },
      StringLike: { ...profileResource.StringLike, ...profileRequest.StringLike },
    },
  },
  AllowScopedInstanceProfileActions: {
    actions: [
      "iam:AddRoleToInstanceProfile",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:DeleteInstanceProfile",
    ],
    resources: profiles,
    condition: profileResource,
  },
  AllowInstanceProfileReadActions: { actions: ["iam:GetInstanceProfile"], resources: profiles },
  AllowUnscopedInstanceProfileListAction: { actions: ["iam:ListInstanceProfiles"], resources: "*" },
  AllowRegionalReadActions: {
    actions: [
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
    resources: "*",
    condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
  },
  AllowSSMReadActions: {
    actions: ["ssm:GetParameter"],
    resources: ["arn:aws:ssm:eu-west-1::parameter/aws/service/*"],
  },
  AllowPricingReadActions: { actions: ["pricing:GetProducts"], resources: "*" },
  AllowAPIServerEndpointDiscovery: {
    actions: ["eks:DescribeCluster"],
    resources: [`arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/${CLUSTER}`],
  },
  AllowInterruptionQueueActions: {
    actions: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
    resources: [`arn:aws:sqs:eu-west-1:${ACCOUNT}:${CLUSTER}-karpenter`],
  },
};

describe("roles of the add-ons", () => {
  it("aws-load-balancer-controller: our two target groups, and reading", async () => {
    const { serviceAccount, statements } = await policyOf("aws-load-balancer-controller");
    assert.equal(serviceAccount, "aws-load-balancer-controller");
    assert.deepEqual(statements, [
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
        Resource: ["https", "http"].map(
          (name) =>
            `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:targetgroup/edge-${name}/0123456789abcdef`,
        ),
      },
    ]);
  });

  it("external-secrets: reads the services' three secrets, by name", async () => {
    const { serviceAccount, statements } = await policyOf("external-secrets");
    assert.equal(serviceAccount, "external-secrets");
    const secrets = ["production/common", "production/database", "production/eu-west-1/cache"];
    assert.deepEqual(statements, [
      {
        Sid: "ReadSecretsOfServices",
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        Resource: secrets.map(
          (name) => `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:${name}-??????`,
        ),
      },
    ]);
  });

  it("keda: the depth of each worker's queue", async () => {
    const { serviceAccount, statements } = await policyOf("keda");
    assert.equal(serviceAccount, "keda-operator");
    const workers = [
      ...["media-processor", "outbox", "data-export", "chat-generation"],
      ...["text-editor-chat", "feed-copy-generation", "ai-inference", "ai-training"],
    ];
    assert.deepEqual(statements, [
      {
        Sid: "ReadQueueDepth",
        Effect: "Allow",
        Action: ["sqs:GetQueueAttributes"],
        Resource: workers.map((name) => `arn:aws:sqs:eu-west-1:${ACCOUNT}:${CLUSTER}-${name}`),
      },
    ]);
  });

  it("keda: nothing where no service has a queue, for IAM takes no empty list", async () => {
    const keda = ADDONS.find(({ name }) => name === "keda");
    const identity = await resolved(() => keda?.identity?.({ ...context, queues: {} }));
    assert.deepEqual(identity?.statements, []);
  });

  it("karpenter: instances and profiles with this cluster's tags", async () => {
    const { serviceAccount, statements } = await policyOf("karpenter");
    assert.equal(serviceAccount, "karpenter");
    assert.deepEqual(
      Object.fromEntries(
        statements.map(({ Sid, Action, Resource, Condition }) => [
          Sid,
          {
            actions: Action,
            resources: Resource,
            ...(Condition !== undefined && { condition: Condition }),
          },
        ]),
      ),
      KARPENTER,
    );
  });

  const bucket = "arn:aws:s3:::example-production-eu-west-1-metrics";
  const bucketStatements = (sid: string, objects: string[], key: string[]) => [
    { Sid: "ListBlocks", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucket] },
    { Sid: sid, Effect: "Allow", Action: objects, Resource: [`${bucket}/*`] },
    {
      Sid: "UseBucketKey",
      Effect: "Allow",
      Action: key,
      Resource: [`arn:aws:kms:eu-west-1:${ACCOUNT}:key/01234567-89ab-4cde-8f01-23456789abcd`],
      Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
    },
  ];

  for (const [name, account] of [
    ["kube-prometheus-stack", "prometheus"],
    ["thanos-compactor", "thanos-compactor"],
  ] as const) {
    it(`${name}: writes to the region's metrics bucket`, async () => {
      assert.deepEqual(await policyOf(name), {
        serviceAccount: account,
        statements: bucketStatements(
          "ReadWriteBlocks",
          ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
          ["kms:Decrypt", "kms:GenerateDataKey"],
        ),
      });
    });
  }

  it("thanos: reads the region's metrics bucket", async () => {
    assert.deepEqual(await policyOf("thanos"), {
      serviceAccount: "thanos-store",
      statements: bucketStatements("ReadBlocks", ["s3:GetObject"], ["kms:Decrypt"]),
    });
  });

  it("cloudwatch-metrics: reads metrics and tags", async () => {
    assert.deepEqual(await policyOf("cloudwatch-metrics"), {
      serviceAccount: "cloudwatch-metrics",
      statements: [
        {
          Sid: "ReadMetrics",
          Effect: "Allow",
          Action: ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources"],
          Resource: "*",
        },
      ],
    });
  });

  it("aws-for-fluent-bit: writes to the one log group of pods", async () => {
    const group = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/eks/${CLUSTER}/pods`;
    assert.deepEqual(await policyOf("aws-for-fluent-bit"), {
      serviceAccount: "aws-for-fluent-bit",
      statements: [
        {
          Sid: "WritePodLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [group, `${group}:log-stream:*`],
        },
      ],
    });
  });

  it("opentelemetry-collector: hands traces to X-Ray", async () => {
    assert.deepEqual(await policyOf("opentelemetry-collector"), {
      serviceAccount: "opentelemetry-collector",
      statements: [
        {
          Sid: "SendTraces",
          Effect: "Allow",
          Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
          Resource: "*",
        },
      ],
    });
  });

  /** Actions that AWS knows no resource for (Service Authorization Reference). */
  const UNSCOPED = [
    /^ec2:Describe/,
    /^elasticloadbalancing:Describe/,
    /^pricing:GetProducts$/,
    /^iam:ListInstanceProfiles$/,
    /^cloudwatch:(GetMetricData|ListMetrics)$/,
    /^tag:GetResources$/,
    /^xray:Put(TelemetryRecords|TraceSegments)$/,
  ];

  it("name their resources wherever AWS lets them", async () => {
    for (const { name, identity } of ADDONS) {
      if (identity === undefined) continue;
      for (const { Sid, Action, Resource } of (await policyOf(name)).statements) {
        assert.ok(
          Action.every((action) => !action.includes("*")),
          `${name} ${Sid}`,
        );
        if (![Resource].flat().includes("*")) continue;
        const scoped = Action.filter((action) => !UNSCOPED.some((known) => known.test(action)));
        assert.deepEqual(scoped, [], `${name} ${Sid}`);
      }
    }
  });
});
