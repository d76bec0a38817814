import assert from "node:assert/strict";
import { MockEngine } from "../../../doubles/mocks";
import { FlowLogs } from "../../../infra/components/network/flowLogs";

const TAGS = { Project: "multi-region-eks" };
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000";

const run = () =>
  MockEngine.run(
    { region: "eu-west-1" },
    () =>
      new FlowLogs("flow", {
        vpcId: "vpc-0123456789abcdef0",
        region: "eu-west-1",
        accountId: "111122223333",
        prefix: "production-eu-west-1",
        keyArn: KEY,
        retentionDays: 30,
        tags: TAGS,
      }),
  );

const GROUP_ARN =
  "arn:aws:logs:eu-west-1:111122223333:log-group:/vpc/production-eu-west-1/flow-logs";

describe("FlowLogs", () => {
  it("logs all traffic to an encrypted group that forgets", async () => {
    const mocks = await run();
    assert.deepEqual(mocks.one("aws:cloudwatch/logGroup:LogGroup").inputs, {
      name: "/vpc/production-eu-west-1/flow-logs",
      kmsKeyId: KEY,
      retentionInDays: 30,
      tags: TAGS,
    });
    assert.deepEqual(mocks.one("aws:ec2/flowLog:FlowLog").inputs, {
      vpcId: "vpc-0123456789abcdef0",
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: GROUP_ARN,
      iamRoleArn: "arn:aws:iam::111122223333:role/production-eu-west-1-flow-logs",
      tags: TAGS,
    });
    assert.equal(
      await mocks.value(mocks.result.logGroupName),
      "/vpc/production-eu-west-1/flow-logs",
    );
  });

  it("lets flow logs of this account and region assume the role, nobody else", async () => {
    const mocks = await run();
    const role = mocks.one("aws:iam/role:Role");
    assert.equal(role.inputs["name"], "production-eu-west-1-flow-logs");
    assert.deepEqual(JSON.parse(String(role.inputs["assumeRolePolicy"])), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: {
            StringEquals: { "aws:SourceAccount": "111122223333" },
            ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*" },
          },
        },
      ],
    });
  });

  it("may write to that group only, before the log starts", async () => {
    const mocks = await run();
    const policy = mocks.one("aws:iam/rolePolicy:RolePolicy");
    assert.deepEqual(JSON.parse(String(policy.inputs["policy"])), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteFlowLogs",
          Effect: "Allow",
          Action: [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
          ],
          Resource: [GROUP_ARN, `${GROUP_ARN}:*`],
        },
      ],
    });
    const log = mocks.one("aws:ec2/flowLog:FlowLog");
    assert.ok(log.options.dependsOn.includes(policy.urn));
    assert.equal(mocks.resources.filter(({ custom }) => custom).length, 4);
  });
});
