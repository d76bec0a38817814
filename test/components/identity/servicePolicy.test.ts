import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../../../infra/components/identity/policy";
import {
  servicePolicy,
  type ServiceResources,
} from "../../../infra/components/identity/servicePolicy";
import { SERVICES, type Service } from "../../../workloads/catalogue";

interface Statement {
  Sid: string;
  Effect: string;
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string>>;
}

const QUEUE_KEY = "arn:aws:kms:eu-west-1:111122223333:key/queues";
const DATA_KEY = "arn:aws:kms:eu-west-1:111122223333:key/data";
const BUCKET = "arn:aws:s3:::example-production-eu-west-1-data";

const queueArn = (service: string) => `arn:aws:sqs:eu-west-1:111122223333:production-${service}`;

const RESOURCES: ServiceResources = {
  region: "eu-west-1",
  queues: Object.fromEntries(
    SERVICES.filter(({ queue }) => queue).map(({ name }) => [name, { arn: queueArn(name) }]),
  ),
  queueKeyArn: QUEUE_KEY,
  dataBucketArn: BUCKET,
  dataKeyArn: DATA_KEY,
};

/** The policy as IAM would read it. */
function statementsOf(service: Service): Promise<Statement[]> {
  const document = policyDocument(servicePolicy(service, RESOURCES));
  return new Promise((resolve) => {
    pulumi.output(document).apply((json) => {
      resolve((JSON.parse(json) as { Statement: Statement[] }).Statement);
    });
  });
}

const bare: Service = { name: "outbox", placement: "everywhere" };

describe("servicePolicy", () => {
  it("is empty for a service that touches nothing", async () => {
    assert.deepEqual(await statementsOf(bare), []);
  });

  it("lets a worker consume its own queue only", async () => {
    const queue = { visibilityTimeoutSeconds: 60, maxReceives: 5 };
    assert.deepEqual(await statementsOf({ ...bare, queue }), [
      {
        Sid: "ConsumeOwnQueue",
        Effect: "Allow",
        Action: [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
        ],
        Resource: [queueArn("outbox")],
      },
      {
        Sid: "UseQueueKey",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [QUEUE_KEY],
        Condition: { StringEquals: { "kms:ViaService": "sqs.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  it("lets a producer send to the queues that it names", async () => {
    assert.deepEqual(await statementsOf({ ...bare, sendsTo: ["data-export", "ai-training"] }), [
      {
        Sid: "SendToQueues",
        Effect: "Allow",
        Action: ["sqs:SendMessage", "sqs:GetQueueAttributes"],
        Resource: [queueArn("data-export"), queueArn("ai-training")],
      },
      {
        Sid: "UseQueueKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [QUEUE_KEY],
        Condition: { StringEquals: { "kms:ViaService": "sqs.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  it("lets a reader read the data bucket", async () => {
    assert.deepEqual(await statementsOf({ ...bare, data: "read" }), [
      { Sid: "ListData", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [BUCKET] },
      { Sid: "ReadData", Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${BUCKET}/*`] },
      {
        Sid: "UseDataKey",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [DATA_KEY],
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  it("lets a writer read and write the data bucket's objects", async () => {
    assert.deepEqual(await statementsOf({ ...bare, data: "read-write" }), [
      { Sid: "ListData", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [BUCKET] },
      {
        Sid: "ReadWriteData",
        Effect: "Allow",
        Action: [
          "s3:GetObject",
          "s3:PutObject",
          "s3:DeleteObject",
          "s3:AbortMultipartUpload",
          "s3:ListMultipartUploadParts",
        ],
        Resource: [`${BUCKET}/*`],
      },
      {
        Sid: "UseDataKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [DATA_KEY],
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  it("gives no service of the catalogue a wildcard, or a queue that is not its own or named", async () => {
    for (const service of SERVICES) {
      const statements = await statementsOf(service);
      const named = [...(service.queue ? [service.name] : []), ...(service.sendsTo ?? [])];
      const allowed = new Set([
        ...named.map(queueArn),
        ...(named.length > 0 ? [QUEUE_KEY] : []),
        ...(service.data ? [BUCKET, `${BUCKET}/*`, DATA_KEY] : []),
      ]);
      assert.deepEqual(new Set(statements.flatMap(({ Resource }) => Resource)), allowed);
      for (const { Action, Effect } of statements) {
        assert.equal(Effect, "Allow");
        assert.deepEqual(
          Action.filter((action) => action.includes("*")),
          [],
        );
      }
      const sids = statements.map(({ Sid }) => Sid);
      assert.equal(new Set(sids).size, sids.length);
    }
  });

  it("refuses a queue that the region does not have", () => {
    assert.throws(() => servicePolicy({ ...bare, sendsTo: ["nobody"] }, RESOURCES), {
      name: "OperatorError",
      message: [
        'workloads/catalogue.ts: outbox.sendsTo is "nobody"',
        "  rule: a service consumes and sends to queues of the catalogue only",
        "  fix:  give nobody a queue in workloads/catalogue.ts, or drop it from outbox.sendsTo",
      ].join("\n"),
    });
    assert.throws(
      () =>
        servicePolicy(
          { ...bare, queue: { visibilityTimeoutSeconds: 1, maxReceives: 1 } },
          { ...RESOURCES, queues: {} },
        ),
      /outbox\.queue is "outbox"/,
    );
  });
});
