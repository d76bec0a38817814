import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../config/errors";
import type { Service } from "../../../workloads/catalogue";
import type { PolicyStatement } from "./policy";

/** What of a region the services may be given access to. */
export interface ServiceResources {
  region: string;
  /** The region's queues by their service's name. */
  queues: Readonly<Record<string, { arn: pulumi.Input<string> }>>;
  /** KMS key of the queues. */
  queueKeyArn: pulumi.Input<string>;
  /** The region's data bucket. */
  dataBucketArn: pulumi.Input<string>;
  /** KMS key of the data bucket. */
  dataKeyArn: pulumi.Input<string>;
}

const READ_OBJECTS = ["s3:GetObject"];
const WRITE_OBJECTS = [
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:AbortMultipartUpload",
  "s3:ListMultipartUploadParts",
];

/**
 * The least that a service needs in AWS, from its line in the catalogue: its own queue to consume,
 * named queues to send to, the data bucket to read or to read and write, and the keys of those two
 * through SQS and S3 only. Every statement names its resources; none is a bare wildcard.
 *
 * @throws OperatorError when the service consumes or sends to a queue that the region does not have.
 */
export function servicePolicy(service: Service, resources: ServiceResources): PolicyStatement[] {
  return [...queueStatements(service, resources), ...dataStatements(service, resources)];
}

function queueStatements(
  service: Service,
  { queues, queueKeyArn, region }: ServiceResources,
): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  const sendsTo = service.sendsTo ?? [];
  if (service.queue !== undefined) {
    statements.push({
      Sid: "ConsumeOwnQueue",
      Effect: "Allow",
      Action: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
      ],
      Resource: [queueArn(queues, service.name, `${service.name}.queue`)],
    });
  }
  if (sendsTo.length > 0) {
    statements.push({
      Sid: "SendToQueues",
      Effect: "Allow",
      Action: ["sqs:SendMessage", "sqs:GetQueueAttributes"],
      Resource: sendsTo.map((target) => queueArn(queues, target, `${service.name}.sendsTo`)),
    });
  }
  if (statements.length > 0) {
    // A producer needs both: SQS decrypts the data key that it reuses (SQS guide, "Key management").
    const actions = sendsTo.length > 0 ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"];
    statements.push(useKey("UseQueueKey", queueKeyArn, actions, `sqs.${region}.amazonaws.com`));
  }
  return statements;
}

function dataStatements(
  service: Service,
  { dataBucketArn, dataKeyArn, region }: ServiceResources,
): PolicyStatement[] {
  if (service.data === undefined) return [];
  const writes = service.data === "read-write";
  return [
    {
      Sid: "ListData",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [dataBucketArn],
    },
    {
      Sid: writes ? "ReadWriteData" : "ReadData",
      Effect: "Allow",
      Action: writes ? [...READ_OBJECTS, ...WRITE_OBJECTS] : READ_OBJECTS,
      Resource: [pulumi.interpolate`${dataBucketArn}/*`],
    },
    useKey(
      "UseDataKey",
      dataKeyArn,
      writes ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
      `s3.${region}.amazonaws.com`,
    ),
  ];
}

function useKey(
  Sid: string,
  keyArn: pulumi.Input<string>,
  Action: string[],
  service: string,
): PolicyStatement {
  return {
    Sid,
    Effect: "Allow",
    Action,
    Resource: [keyArn],
    Condition: { StringEquals: { "kms:ViaService": service } },
  };
}

function queueArn(
  queues: ServiceResources["queues"],
  queue: string,
  key: string,
): pulumi.Input<string> {
  const found = queues[queue];
  if (found !== undefined) return found.arn;
  throw new OperatorError({
    key: `workloads/catalogue.ts: ${key}`,
    value: queue,
    rule: "a service consumes and sends to queues of the catalogue only",
    fix: `give ${queue} a queue in workloads/catalogue.ts, or drop it from ${key}`,
  });
}
