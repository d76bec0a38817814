import assert from "node:assert/strict";
import fc from "fast-check";
import { helmOrSkip } from "../../support/helm";
import { REGIONAL_STACKS, render, servicesOf } from "./committed";
import type { Rendered } from "./committed";

/** Floor and ceiling of what scales the service, by whatever scales it. */
function scaleOf(objects: readonly Rendered[]): [by: string, floor: unknown, ceiling: unknown] {
  for (const { kind, spec } of objects) {
    const field = spec as Record<string, unknown>;
    if (kind === "HorizontalPodAutoscaler") return [kind, field.minReplicas, field.maxReplicas];
    if (kind === "ScaledObject") return [kind, field.minReplicaCount, field.maxReplicaCount];
    if (kind === "RayCluster") {
      const [workers] = field.workerGroupSpecs as { minReplicas: number; maxReplicas: number }[];
      return [kind, workers?.minReplicas, workers?.maxReplicas];
    }
  }
  throw new Error("nothing scales it");
}

const HPA = "HorizontalPodAutoscaler";
const KEDA = "ScaledObject";
const RAY = "RayCluster";

/** Stack -> service -> what scales it, floor, ceiling. The figures of the source documents. */
const FIGURES: Record<string, Record<string, [string, number, number]>> = {
  "us-east-1": {
    api: [HPA, 5, 100],
    media: [HPA, 2, 50],
    "media-processor": [KEDA, 2, 100],
    outbox: [KEDA, 2, 20],
    "data-export": [KEDA, 1, 10],
    "chat-generation": [KEDA, 2, 20],
    "text-editor-chat": [KEDA, 2, 20],
    "feed-copy-generation": [KEDA, 2, 20],
    ray: [RAY, 6, 20],
  },
  "eu-west-1": {
    api: [HPA, 3, 100],
    media: [HPA, 2, 50],
    "media-processor": [KEDA, 2, 100],
    outbox: [KEDA, 2, 20],
    "data-export": [KEDA, 1, 10],
    ray: [RAY, 4, 20],
  },
  "ap-southeast-1": {
    api: [HPA, 2, 100],
    media: [HPA, 2, 50],
    "media-processor": [KEDA, 2, 100],
    outbox: [KEDA, 2, 20],
    "data-export": [KEDA, 1, 10],
    "ai-inference": [KEDA, 2, 20],
    "ai-training": [KEDA, 1, 5],
    ray: [RAY, 2, 20],
  },
  "staging-us-east-1": {
    api: [HPA, 2, 10],
    media: [HPA, 2, 10],
    "media-processor": [KEDA, 1, 10],
    outbox: [KEDA, 1, 10],
    "data-export": [KEDA, 1, 10],
    "chat-generation": [KEDA, 1, 10],
    "text-editor-chat": [KEDA, 1, 10],
    "feed-copy-generation": [KEDA, 1, 10],
    ray: [RAY, 1, 2],
  },
  "staging-eu-west-1": {
    api: [HPA, 2, 10],
    media: [HPA, 2, 10],
    "media-processor": [KEDA, 1, 10],
    outbox: [KEDA, 1, 10],
    "data-export": [KEDA, 1, 10],
    "ai-inference": [KEDA, 1, 10],
    "ai-training": [KEDA, 1, 2],
    ray: [RAY, 1, 2],
  },
  "development-us-east-1": {
    api: [HPA, 1, 3],
    media: [HPA, 1, 3],
    "media-processor": [KEDA, 1, 3],
    outbox: [KEDA, 1, 3],
    "data-export": [KEDA, 1, 3],
    "chat-generation": [KEDA, 1, 3],
    "text-editor-chat": [KEDA, 1, 3],
    "feed-copy-generation": [KEDA, 1, 3],
    "ai-inference": [KEDA, 1, 3],
    "ai-training": [KEDA, 1, 3],
    ray: [RAY, 0, 1],
  },
};

describe("Figures", () => {
  let helm: string;
  before("needs Helm", async function () {
    helm = await helmOrSkip(this);
  });

  for (const stack of REGIONAL_STACKS) {
    it(`floors and ceilings of ${stack}`, async () => {
      const entries = await Promise.all(
        servicesOf(stack).map(
          async (service) => [service, scaleOf(await render(helm, stack, service))] as const,
        ),
      );
      assert.deepEqual(Object.fromEntries(entries), FIGURES[stack]);
    });
  }

  it("capacity raises floors, rounded up, never above the ceiling", async () => {
    const floor = async (service: string, capacity: number) =>
      scaleOf(await render(helm, "us-east-1", service, { capacity }))[1];
    assert.equal(await floor("api", 1.5), 8);
    assert.equal(await floor("media-processor", 1.5), 3);
    assert.equal(await floor("data-export", 1.1), 2);
    assert.equal(await floor("ray", 4), 20);
  });

  it("capacity's product is the decimal one, without a binary fraction's extra pod", async function () {
    this.timeout(120_000);
    const tenths = fc.integer({ min: 10, max: 100 });
    const floors = fc.integer({ min: 0, max: 60 });
    await fc.assert(
      fc.asyncProperty(floors, tenths, async (min, factor) => {
        const overrides = { replicas: { min, max: 300 }, pdb: { minAvailable: 0 } };
        const objects = await render(helm, "us-east-1", "outbox", {
          capacity: factor / 10,
          overrides,
        });
        assert.equal(scaleOf(objects)[1], Math.min(300, Math.ceil((min * factor) / 10)));
      }),
      {
        numRuns: 15,
        examples: [
          [10, 11],
          [3, 11],
          [50, 100],
        ],
      },
    );
  });
});
