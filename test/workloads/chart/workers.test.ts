import assert from "node:assert/strict";
import { helmOrSkip } from "../../support/helm";
import { only, render } from "./committed";
import type { Rendered } from "./committed";
import {
  AWS,
  BEHAVIOR,
  block,
  DATABASE,
  DNS,
  from,
  ids,
  ISTIOD,
  named,
  POD_IDENTITY,
  PROMETHEUS,
  selector,
  specOf,
  to,
  TRACES,
} from "./expected";
import { podTemplates } from "./podSecurity";

/** Workers and consumers: where they run, floor and ceiling, messages a pod, secrets beside the common ones. */
const WORKERS: [string, string, number, number, string, string[], object[]][] = [
  ["us-east-1", "media-processor", 2, 100, "5", ["database"], [DATABASE]],
  ["eu-west-1", "outbox", 2, 20, "100", ["database"], [DATABASE]],
  ["ap-southeast-1", "data-export", 1, 10, "1", ["database"], [DATABASE]],
  [
    "us-east-1",
    "chat-generation",
    2,
    20,
    "10",
    ["cache", "database"],
    [to(block("10.16.0.0/16"), [6379, "TCP"]), DATABASE],
  ],
  [
    "us-east-1",
    "text-editor-chat",
    2,
    20,
    "10",
    ["cache", "database"],
    [to(block("10.16.0.0/16"), [6379, "TCP"]), DATABASE],
  ],
  [
    "us-east-1",
    "feed-copy-generation",
    2,
    20,
    "10",
    ["cache", "database"],
    [to(block("10.16.0.0/16"), [6379, "TCP"]), DATABASE],
  ],
  ["ap-southeast-1", "ai-inference", 2, 20, "10", [], []],
  ["ap-southeast-1", "ai-training", 1, 5, "1", [], []],
];

describe("Workers", () => {
  for (const [region, name, floor, ceiling, queueLength, secrets, peers] of WORKERS) {
    describe(`${name} in ${region}`, () => {
      let worker: Rendered[];
      before("needs Helm", async function () {
        worker = await render(await helmOrSkip(this), region, name);
      });

      it("scales on the depth of its queue, asked by KEDA's own identity", () => {
        const url = `https://sqs.${region}.amazonaws.com/000000000000/production-${region}-${name}`;
        assert.deepEqual(specOf(worker, "ScaledObject"), {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          pollingInterval: 30,
          minReplicaCount: floor,
          maxReplicaCount: ceiling,
          fallback: { failureThreshold: 3, replicas: floor, behavior: "currentReplicasIfHigher" },
          advanced: { horizontalPodAutoscalerConfig: { behavior: BEHAVIOR } },
          triggers: [
            {
              type: "aws-sqs-queue",
              metadata: { queueURL: url, queueLength, awsRegion: region },
              authenticationRef: { name },
            },
          ],
        });
        assert.deepEqual(specOf(worker, "TriggerAuthentication"), {
          podIdentity: { provider: "aws", identityOwner: "keda" },
        });
        const { data } = only(worker, "ConfigMap", `${name}-env`) as unknown as {
          data: Record<string, string>;
        };
        assert.equal(data.QUEUE_URL, url);
      });

      it("is called by nobody, and not routed", () => {
        const spec = specOf(worker, "AuthorizationPolicy");
        assert.deepEqual(spec, { selector: { matchLabels: selector(name) }, action: "ALLOW" });
        const { ingress, egress } = specOf(worker, "NetworkPolicy") as {
          ingress: object[];
          egress: object[];
        };
        assert.deepEqual(ingress, [from(PROMETHEUS, 9090, 15090)]);
        const ray = name.startsWith("ai-") ? [to(named("ray"), [8265, "TCP"], [10001, "TCP"])] : [];
        assert.deepEqual(egress, [AWS, ...peers, DNS, ISTIOD, POD_IDENTITY, ...ray, TRACES]);
        for (const absent of ["VirtualService", "DestinationRule", "HorizontalPodAutoscaler"]) {
          assert.ok(!worker.some(({ kind }) => kind === absent), absent);
        }
      });

      it("gets the secrets that it needs alone", () => {
        const found = ids(worker).filter((id) => id.startsWith("ExternalSecret/"));
        const wanted = ["common-secrets", ...secrets].sort();
        assert.deepEqual(
          found,
          wanted.map((secret) => `ExternalSecret/${name}-${secret}`),
        );
      });
    });
  }
});

describe("The AI consumers", () => {
  it("know the region's Ray cluster and its token", async function () {
    const consumer = await render(await helmOrSkip(this), "ap-southeast-1", "ai-inference");
    const [[, pod] = []] = podTemplates(only(consumer, "Deployment"));
    assert.deepEqual(pod?.spec.containers[0]?.env, [
      {
        name: "RAY_AUTH_TOKEN",
        valueFrom: { secretKeyRef: { name: "ray", key: "auth_token", optional: true } },
      },
    ]);
    const { data } = only(consumer, "ConfigMap", "ai-inference-env") as unknown as {
      data: Record<string, string>;
    };
    assert.equal(data.RAY_ADDRESS, "http://ray-head-svc:8265");
  });
});
