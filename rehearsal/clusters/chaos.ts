import { setTimeout as sleep } from "node:timers/promises";
import { SERVICES_NAMESPACE } from "../../workloads/catalogue";
import type { Rehearsal } from "../rehearse";
import type { Clusters, RunningCluster } from "./clusters";
import type { ListedRelease } from "./helm";
import { settle } from "./settle";

/** Stack files' key that raises replica floors, see infra/config/stackSchemas.ts. */
const CAPACITY = "multi-region-eks:capacity";
const PATIENCE_MS = 60_000;

export interface RegionalStack {
  stack: string;
  region: string;
}

/** One thing that was broken, and what came of it. */
export interface ChaosResult {
  what: string;
  region: string;
  /** Steps that it took to mend it, beside the next `up`. */
  mended: string[];
  /** What was lost, doubled or left; empty when all is well. */
  surprises: string[];
}

/**
 * Kills the API server while an `up` of the stack raises its capacity. That `up` has to fail; what it
 * leaves half-done in Helm is repaired as the runbook says ("A stuck Helm release"); the next `up` has
 * to converge, with every release deployed once.
 */
export async function killApiServerInUp(
  rehearsal: Rehearsal,
  clusters: Clusters,
  { stack, region }: RegionalStack,
): Promise<ChaosResult> {
  const cluster = clusters.in(region);
  const what = "API server killed in the middle of an up";
  const result: ChaosResult = { what, region, mended: [], surprises: [] };
  const before = await releaseNames(cluster);
  await rehearsal.setConfig(stack, CAPACITY, "1.5");
  const failing = rehearsal.tryUp(stack, "failed: API server killed");
  await untilBusy(cluster, failing);
  await cluster.plane.killApiServer();
  const failed = await failing;
  await cluster.plane.startApiServer();
  if (failed.errors.length === 0) result.surprises.push("the up did not fail");
  result.mended.push(...(await repairReleases(cluster)));
  const next = await rehearsal.tryUp(stack);
  result.surprises.push(...next.errors);
  result.surprises.push(...(await notAsItWas(cluster, before)));
  return result;
}

/** Kills a Helm upgrade when the release is pending; the documented rollback has to repair it. */
export async function interruptUpgrade(
  rehearsal: Rehearsal,
  clusters: Clusters,
  { stack, region }: RegionalStack,
  release = { name: "api", namespace: SERVICES_NAMESPACE },
): Promise<ChaosResult> {
  const cluster = clusters.in(region);
  const { helm, real } = cluster;
  const what = `Helm killed while it upgrades ${release.name}`;
  const result: ChaosResult = { what, region, mended: [], surprises: [] };
  const before = await releaseNames(cluster);
  const inputs = real.installed(release);
  if (inputs === undefined) {
    result.surprises.push(`${release.name} is not installed`);
    return result;
  }
  const interrupt = new AbortController();
  // Pods that no node takes keep the upgrade waiting.
  const values = {
    ...inputs.values,
    nodeSelector: { "rehearsal.multi-region-eks/nowhere": "yes" },
  };
  const upgrade = helm.install({ ...inputs, values, atomic: false }, interrupt.signal);
  const ended = upgrade.then(
    () => undefined,
    () => undefined,
  );
  await untilPending(cluster, release.name, ended);
  interrupt.abort(new Error("killed"));
  await ended;
  await rehearsal.setConfig(stack, CAPACITY, "2");
  const refused = await rehearsal.tryUp(stack, "failed: a release is stuck");
  if (!refused.errors.some((message) => /another operation .* in progress/.test(message))) {
    result.surprises.push(`the up did not stop at the stuck release: ${refused.errors.join("; ")}`);
  }
  result.mended.push(...(await repairReleases(cluster)));
  const next = await rehearsal.tryUp(stack);
  result.surprises.push(...next.errors);
  result.surprises.push(...(await notAsItWas(cluster, before)));
  return result;
}

/** Kills etcd and starts it on its data; every object has to be there with the identity that it had. */
export async function restartEtcd(
  _rehearsal: Rehearsal,
  clusters: Clusters,
  { region }: RegionalStack,
): Promise<ChaosResult> {
  const cluster = clusters.in(region);
  const result: ChaosResult = {
    what: "etcd killed and restarted",
    region,
    mended: [],
    surprises: [],
  };
  const before = await inventory(cluster);
  await cluster.plane.restartEtcd();
  const after = new Set(await inventory(cluster));
  result.surprises.push(
    ...before.filter((each) => !after.has(each)).map((each) => `lost: ${each}`),
  );
  result.surprises.push(...(await settle(cluster.api)));
  return result;
}

/** Each way of breaking a cluster. */
export const CHAOS = [restartEtcd, killApiServerInUp, interruptUpgrade] as const;

/** Runbook, "A stuck Helm release": roll back to what was deployed; uninstall what never was. */
async function repairReleases({ helm }: RunningCluster): Promise<string[]> {
  const steps: string[] = [];
  for (const release of (await helm.list()).filter(isPending)) {
    const { name, namespace, status } = release;
    if (await helm.hasGoodRevision(release)) {
      await helm.rollback(release);
      steps.push(`helm rollback ${name} -n ${namespace} (it was ${status})`);
    } else {
      await helm.uninstall(release);
      steps.push(`helm uninstall ${name} -n ${namespace} (it was ${status})`);
    }
  }
  return steps;
}

async function notAsItWas(cluster: RunningCluster, before: readonly string[]): Promise<string[]> {
  const releases = await cluster.helm.list();
  const names = releases.map(({ name, namespace }) => `${namespace}/${name}`).sort();
  const lost = before.filter((name) => !names.includes(name)).map((name) => `lost: ${name}`);
  const doubled = names.filter((name, at) => names.indexOf(name) !== at);
  const undeployed = releases.filter(({ status }) => status !== "deployed");
  return [
    ...lost,
    ...doubled.map((name) => `doubled: ${name}`),
    ...undeployed.map(({ name, status }) => `${name} is ${status}`),
    ...(await settle(cluster.api)),
  ];
}

async function releaseNames({ helm }: RunningCluster): Promise<string[]> {
  return (await helm.list()).map(({ name, namespace }) => `${namespace}/${name}`);
}

function isPending({ status }: ListedRelease): boolean {
  return status.startsWith("pending-");
}

/** Until Helm is at work on some release. */
async function untilBusy({ helm }: RunningCluster, up: Promise<unknown>): Promise<void> {
  await untilHolds(async () => (await helm.list()).some(isPending), up);
}

async function untilPending(
  { helm }: RunningCluster,
  release: string,
  upgrade: Promise<unknown>,
): Promise<void> {
  const holds = async () =>
    (await helm.list()).some((each) => each.name === release && isPending(each));
  await untilHolds(holds, upgrade);
}

async function untilHolds(holds: () => Promise<boolean>, work: Promise<unknown>): Promise<void> {
  let over = false;
  void work.then(() => (over = true));
  const deadline = Date.now() + PATIENCE_MS;
  while (!over && Date.now() < deadline && !(await holds())) await sleep(100);
}

async function inventory({ api, helm }: RunningCluster): Promise<string[]> {
  const kinds = [
    { apiVersion: "v1", kind: "Namespace" },
    { apiVersion: "v1", kind: "Node" },
    { apiVersion: "v1", kind: "Pod" },
    { apiVersion: "v1", kind: "Secret" },
    { apiVersion: "v1", kind: "ConfigMap" },
    { apiVersion: "apps/v1", kind: "Deployment" },
    { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
  ];
  const objects = (await Promise.all(kinds.map((kind) => api.list(kind)))).flat();
  const releases = await helm.list();
  return [
    ...objects.map(({ kind, metadata: { name, namespace, uid } }) =>
      [kind, namespace, name, uid].join(" "),
    ),
    ...releases.map(({ name, revision, status }) => `release ${name} ${revision} ${status}`),
  ];
}
