import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, NoSuchKind, type Api, type KubeObject } from "./api";

/** What the API server could not be asked yet, because something that comes earlier is not there. */
export interface Unjudged {
  object: string;
  why: string;
}

interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

/**
 * Lets the API server judge objects by a server-side dry run, admission included, and the pods that
 * workloads would make by trying to create one: Pod Security refuses pods only, long after the
 * workload was accepted.
 *
 * @param preview what is not there yet (a namespace, a CRD) is no fault in a preview.
 * @throws Error with every refusal, in Kubernetes' words.
 */
export async function judge(
  api: Api,
  objects: readonly KubeObject[],
  namespace: string,
  preview: boolean,
): Promise<Unjudged[]> {
  const unjudged: Unjudged[] = [];
  const refusals: string[] = [];
  const brought = new Set(objects.map(kindThatItBrings));
  const ask = async (object: KubeObject, dryRun: () => Promise<unknown>): Promise<void> => {
    try {
      await dryRun();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const name = `${object.kind} ${object.metadata.name}`;
      const ownKind = error instanceof NoSuchKind && brought.has(error.kind);
      if (ownKind || (preview && isNotThereYet(error))) {
        unjudged.push({ object: name, why: error.message });
      } else refusals.push(`${name}: ${error.message}`);
    }
  };
  for (const object of objects) {
    await ask(object, () => api.apply(object, { dryRun: true, namespace }));
  }
  for (const pod of objects.flatMap((object) => podsOf(object, namespace))) {
    const trial = { ...pod, metadata: { ...pod.metadata, name: `${pod.metadata.name}-trial` } };
    await ask(trial, () => tryPod(api, trial));
  }
  if (refusals.length > 0) throw new Error([...new Set(refusals)].join("\n"));
  return unjudged;
}

/** Namespace, CRD or the like that an earlier resource of the same run makes. */
function isNotThereYet(error: ApiError): boolean {
  return error instanceof NoSuchKind || (error.code === 404 && /not found/.test(error.message));
}

const POLL_MS = 200;
const PATIENCE_MS = 5000;

/** The namespace's default account, which the pod borrows, comes some moments after the namespace. */
async function tryPod(api: Api, pod: KubeObject): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await api.create(pod, true);
      return;
    } catch (error) {
      const early = error instanceof ApiError && /service ?account/.test(error.message);
      if (!early || Date.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}

/** A pod of each template in a workload. Its own account may come with the same release. */
export function podsOf(object: KubeObject, namespace: string): KubeObject[] {
  return templatesOf(object).map(({ template, suffix }) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${object.metadata.name}${suffix}`,
      namespace: object.metadata.namespace ?? namespace,
      labels: template.metadata?.labels,
      annotations: template.metadata?.annotations,
    },
    spec: { ...template.spec, serviceAccountName: "default" },
  }));
}

interface NamedTemplate {
  template: PodTemplate;
  suffix: string;
}

interface WorkloadSpec {
  template?: PodTemplate;
  jobTemplate?: { spec: { template: PodTemplate } };
  headGroupSpec?: { template: PodTemplate };
  workerGroupSpecs?: { groupName: string; minReplicas?: number; template: PodTemplate }[];
}

function templatesOf({ kind, spec }: KubeObject): NamedTemplate[] {
  const {
    template,
    jobTemplate,
    headGroupSpec,
    workerGroupSpecs = [],
  } = (spec ?? {}) as WorkloadSpec;
  switch (kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "Job":
      return template === undefined ? [] : [{ template, suffix: "" }];
    case "CronJob":
      return jobTemplate === undefined ? [] : [{ template: jobTemplate.spec.template, suffix: "" }];
    case "RayCluster":
      return [
        ...(headGroupSpec === undefined
          ? []
          : [{ template: headGroupSpec.template, suffix: "-head" }]),
        ...workerGroupSpecs.flatMap(({ groupName, minReplicas = 0, template: worker }) =>
          Array.from({ length: Math.max(1, minReplicas) }, (_, index) => ({
            template: worker,
            suffix: `-${groupName}-${index}`,
          })),
        ),
      ];
    default:
      return [];
  }
}

function kindThatItBrings({ kind, spec }: KubeObject): string | undefined {
  if (kind !== "CustomResourceDefinition") return undefined;
  return (spec as { names: { kind: string } }).names.kind;
}
