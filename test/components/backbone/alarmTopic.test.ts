import * as assert from "node:assert/strict";
import { alarmTopicPolicy } from "../../../infra/components/backbone/alarmTopic";

describe("alarmTopicPolicy", () => {
  it("lets the account's alarms of the topic's region publish, over TLS only", () => {
    const topic = "arn:aws:sns:us-east-1:111122223333:alarms";
    assert.deepEqual(alarmTopicPolicy(topic).Statement, [
      {
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic,
        Condition: {
          StringEquals: { "aws:SourceAccount": "111122223333" },
          ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:*" },
        },
      },
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topic,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});
