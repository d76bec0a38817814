import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type Api, type KubeObject } from "./api";

interface PodStatus {
  phase?: string;
  conditions?: { type: string; status: string; message?: string }[];
}

/** Pods of a cluster by what they are. */
export interface PodCount {
  ready: number;
  /** Neither ready nor ended. */
  waiting: number;
}

const POD = { apiVersion: "v1", kind: "Pod" } as const;
const PATIENCE_MS = 60_000;
const POLL_MS = 500;

export async function countPods(api: Api): Promise<PodCount> {
  const pods = (await api.list(POD)).filter(isAlive);
  const ready = pods.filter(isReady).length;
  return { ready, waiting: pods.length - ready };
}

/**
 * Waits until every pod is Running and Ready, every autoscaler has its least number of pods, and every
 * disruption budget would let one of its pods go, without which no node could ever be drained.
 *
 * @returns what is still not so after a minute, in Kubernetes' words.
 */
export async function settle(api: Api, patienceMs = PATIENCE_MS): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const open = [
      ...(await unreadyPods(api)),
      ...(await unscaled(api)),
      ...(await budgetsThatBlock(api)),
    ];
    if (open.length === 0 || Date.now() > deadline) return open;
    await sleep(POLL_MS);
  }
}

/** Namespaces of a new cluster. */
const OWN_NAMESPACES = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

/** Namespaces and pods that are still there after a destroy, once a minute has passed for them to go. */
export async function whatIsLeft(api: Api, patienceMs = PATIENCE_MS): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const namespaces = await api.list({ apiVersion: "v1", kind: "Namespace" });
    const left = [
      ...namespaces
        .filter(({ metadata }) => !OWN_NAMESPACES.has(metadata.name))
        .map(({ metadata }) => `namespace ${metadata.name}`),
      ...(await api.list(POD)).map((pod) => `pod ${nameOf(pod)}`),
    ];
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(POLL_MS);
  }
}

async function unreadyPods(api: Api): Promise<string[]> {
  const pods = (await api.list(POD)).filter(isAlive).filter((pod) => !isReady(pod));
  return pods.map((pod) => `pod ${nameOf(pod)}: ${whyNotReady(pod)}`);
}

async function unscaled(api: Api): Promise<string[]> {
  const scalers = await api.list({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
  });
  return scalers.flatMap((scaler) => {
    const { minReplicas = 1 } = scaler.spec as { minReplicas?: number };
    const { currentReplicas = 0 } = (scaler.status ?? {}) as { currentReplicas?: number };
    if (currentReplicas >= minReplicas) return [];
    return `autoscaler ${nameOf(scaler)}: ${currentReplicas} of at least ${minReplicas} pods`;
  });
}

async function budgetsThatBlock(api: Api): Promise<string[]> {
  const budgets = await api.list({ apiVersion: "policy/v1", kind: "PodDisruptionBudget" });
  const found = await Promise.all(
    budgets.map(async (budget): Promise<string[]> => {
      const { matchLabels = {} } = (budget.spec as BudgetSpec).selector ?? {};
      const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
      const { namespace } = budget.metadata;
      const [pod] = (await api.list(POD, { namespace, labels: labels.join(",") })).filter(isAlive);
      if (pod === undefined) return [];
      try {
        const { name } = pod.metadata;
        await api.tryEviction({ name, namespace });
        return [];
      } catch (error) {
        if (!(error instanceof ApiError) || error.code === 404) return [];
        return [`disruption budget ${nameOf(budget)}: ${error.message}`];
      }
    }),
  );
  return found.flat();
}

interface BudgetSpec {
  selector?: { matchLabels?: Record<string, string> };
}

function isAlive({ status, metadata }: KubeObject): boolean {
  const { phase } = (status ?? {}) as PodStatus;
  return phase !== "Succeeded" && phase !== "Failed" && metadata.deletionTimestamp === undefined;
}

function isReady({ status }: KubeObject): boolean {
  const { phase, conditions = [] } = (status ?? {}) as PodStatus;
  return (
    phase === "Running" &&
    conditions.some((each) => each.type === "Ready" && each.status === "True")
  );
}

function whyNotReady({ status }: KubeObject): string {
  const { phase = "no phase", conditions = [] } = (status ?? {}) as PodStatus;
  const said = conditions.find((each) => each.status === "False" && each.message !== undefined);
  return said?.message ?? phase;
}

function nameOf({ metadata: { name, namespace } }: KubeObject): string {
  return `${namespace ?? ""}/${name}`;
}
