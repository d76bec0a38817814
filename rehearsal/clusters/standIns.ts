import type { KubeObject } from "./api";
import { podsOf } from "./judge";

/** Label of what the rehearsal makes in the place of a controller that does not run on fake nodes. */
export const STAND_IN_LABEL = "rehearsal.multi-region-eks/stand-in";
/** Label that names the release that it was made for. */
export const RELEASE_LABEL = "rehearsal.multi-region-eks/release";

/** What the stand-ins do, as the report says it. */
export const STAND_INS = {
  "external-secrets": "made each ExternalSecret's Secret, with made-up values",
  keda: "made each ScaledObject's HorizontalPodAutoscaler; queues are empty",
  kuberay: "made each RayCluster's head and its least number of workers as plain pods",
  karpenter: "made nodes for each NodePool",
} as const;

interface ExternalSecretSpec {
  target?: { name?: string };
  data?: { secretKey: string }[];
}

interface ScaledObjectSpec {
  scaleTargetRef: { apiVersion?: string; kind?: string; name: string };
  minReplicaCount?: number;
  maxReplicaCount?: number;
  advanced?: { horizontalPodAutoscalerConfig?: { behavior?: unknown } };
}

/** What the controllers of a release's custom objects would make of them. */
export function standInsFor(
  objects: readonly KubeObject[],
  release: string,
  namespace: string,
): KubeObject[] {
  return objects.flatMap((object) => {
    switch (object.kind) {
      case "ExternalSecret":
        return [label(secretOf(object, namespace), "external-secrets", release)];
      case "ScaledObject":
        return [label(autoscalerOf(object, namespace), "keda", release)];
      case "RayCluster":
        return podsOf(object, namespace).map((pod) => label(pod, "kuberay", release));
      default:
        return [];
    }
  });
}

function label(object: KubeObject, standIn: keyof typeof STAND_INS, release: string): KubeObject {
  const labels = {
    ...object.metadata.labels,
    [STAND_IN_LABEL]: standIn,
    [RELEASE_LABEL]: release,
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}

function secretOf({ metadata, spec }: KubeObject, namespace: string): KubeObject {
  const { target, data = [] } = spec as ExternalSecretSpec;
  const keys = data.length > 0 ? data.map(({ secretKey }) => secretKey) : ["MADE_UP"];
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: target?.name ?? metadata.name, namespace: metadata.namespace ?? namespace },
    stringData: Object.fromEntries(keys.map((key) => [key, "made up by the rehearsal"])),
  };
}

/** As KEDA's operator makes it: it never asks the HPA for less than one pod. */
function autoscalerOf({ metadata, spec }: KubeObject, namespace: string): KubeObject {
  const {
    scaleTargetRef,
    minReplicaCount = 0,
    maxReplicaCount = 100,
    advanced,
  } = spec as ScaledObjectSpec;
  const behavior = advanced?.horizontalPodAutoscalerConfig?.behavior;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: `keda-hpa-${metadata.name}`,
      namespace: metadata.namespace ?? namespace,
    },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", ...scaleTargetRef },
      minReplicas: Math.max(1, minReplicaCount),
      maxReplicas: maxReplicaCount,
      metrics: [
        {
          type: "External",
          external: {
            metric: { name: "s0-aws-sqs" },
            target: { type: "AverageValue", averageValue: "5" },
          },
        },
      ],
      ...(behavior === undefined ? {} : { behavior }),
    },
  };
}
