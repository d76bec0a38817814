import { setTimeout as sleep } from "node:timers/promises";
import type { RealCluster } from "../../doubles";
import { NoSuchKind, type Api, type KubeObject } from "./api";
import type { CrdLibrary } from "./crds";
import { isLocal, HelmError, type Helm, type ReleaseInputs } from "./helm";
import { judge } from "./judge";
import { groupsOfNodePool, nodesOf, type NodeGroup } from "./nodes";
import { RELEASE_LABEL, STAND_IN_LABEL, standInsFor } from "./standIns";
import type { ThirdPartyCharts } from "./thirdParty";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const CRD = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" } as const;
const STAND_IN_KINDS = [
  { apiVersion: "v1", kind: "Secret" },
  { apiVersion: "v1", kind: "Pod" },
  { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
] as const;

/** How an add-on of somebody else's came onto the cluster. */
export interface AddonInstall {
  release: string;
  chart: string;
  /** `dry run`: CRDs applied, every other object judged by the API server. Its controllers never run here. */
  installed: "dry run" | "CRDs only" | "nothing";
  why: string;
}

/** What a cluster did that the operator should know of. */
export interface ClusterNotes {
  addons: AddonInstall[];
  /** CRDs that no release of the stack brought, and that something needed. */
  borrowed: string[];
  /** What previews could not ask the API server yet. */
  unjudged: string[];
}

export interface RegionClusterArgs {
  region: string;
  zones: readonly string[];
  api: Api;
  helm: Helm;
  crds: CrdLibrary;
  charts: ThirdPartyCharts;
  /** The managed node groups of the region's stack, as far as they are up. */
  nodeGroups: () => NodeGroup[];
}

/** One region's real cluster behind the Kubernetes double. */
export class RegionCluster implements RealCluster {
  readonly notes: ClusterNotes = { addons: [], borrowed: [], unjudged: [] };
  private readonly joined = new Set<string>();
  private readonly releases = new Map<string, ReleaseInputs>();

  constructor(private readonly args: RegionClusterArgs) {}

  /** What a release of a local chart was last installed with. */
  installed({ namespace, name }: Pick<ReleaseInputs, "name" | "namespace">) {
    return this.releases.get(`${namespace}/${name}`);
  }

  async preview(type: string, inputs: object): Promise<void> {
    const unjudged =
      type === RELEASE
        ? await this.previewRelease(inputs as ReleaseInputs)
        : await judge(this.args.api, [inputs as KubeObject], "default", true);
    this.notes.unjudged.push(...unjudged.map(({ object, why }) => `${object}: ${why}`));
  }

  async put(type: string, inputs: object): Promise<void> {
    await this.joinNodeGroups();
    if (type === RELEASE) return this.install(inputs as ReleaseInputs);
    const object = inputs as KubeObject;
    await this.withKinds(() => this.args.api.apply(object));
    if (object.kind === "NodePool") await this.joinNodePool(object);
  }

  async remove(type: string, inputs: object): Promise<void> {
    if (type === RELEASE) return this.uninstall(inputs as ReleaseInputs);
    const object = inputs as KubeObject;
    try {
      await this.args.api.delete(object);
    } catch (error) {
      // Its CRD went with a release before it.
      if (!(error instanceof NoSuchKind)) throw error;
    }
    if (object.kind === "NodePool") await this.leave(object);
  }

  private async previewRelease(inputs: ReleaseInputs) {
    if (!isLocal(inputs.chart)) return [];
    const { api, helm } = this.args;
    try {
      return await judge(api, await helm.dryRun(inputs), inputs.namespace, true);
    } catch (error) {
      const missing = error instanceof HelmError && kindsIn(error.message).length > 0;
      if (!missing) throw error;
      return [{ object: `release ${inputs.name}`, why: "its CRDs are not there yet" }];
    }
  }

  private async install(inputs: ReleaseInputs): Promise<void> {
    if (!isLocal(inputs.chart)) return this.installThirdParty(inputs);
    const { api, helm } = this.args;
    const objects = await this.withKinds(() => helm.dryRun(inputs));
    await judge(api, objects, inputs.namespace, false);
    const standIns = standInsFor(objects, inputs.name, inputs.namespace);
    // A real pod would wait for its Secrets; on fake nodes they only show what a node would mount.
    for (const secret of standIns.filter(({ kind }) => kind === "Secret")) await api.apply(secret);
    try {
      await helm.install(inputs);
    } catch (error) {
      if (error instanceof HelmError) throw await this.explained(error, inputs);
      throw error;
    }
    await this.removeStandIns(inputs, ["Pod"]);
    for (const other of standIns.filter(({ kind }) => kind !== "Secret")) await api.apply(other);
    await this.applyJobCrds(inputs);
    this.releases.set(`${inputs.namespace}/${inputs.name}`, inputs);
  }

  /** Helm says that it waited in vain; the cluster says for what. */
  private async explained(error: HelmError, { name, namespace }: ReleaseInputs): Promise<Error> {
    try {
      const events = await this.args.api.list({ apiVersion: "v1", kind: "Event" }, { namespace });
      const said = events
        .filter((event) => event.type === "Warning")
        .filter(({ involvedObject }) => String((involvedObject as Named).name).startsWith(name))
        .map(({ message }) => String(message));
      return new HelmError([error.message, ...new Set(said)].join("\n"));
    } catch {
      return error;
    }
  }

  private async uninstall(inputs: ReleaseInputs): Promise<void> {
    if (!isLocal(inputs.chart)) return;
    await this.args.helm.uninstall(inputs);
    this.releases.delete(`${inputs.namespace}/${inputs.name}`);
    await this.removeStandIns(inputs, ["Pod", "Secret", "HorizontalPodAutoscaler"]);
  }

  /** Of a release; gone when this returns, for a pod cannot be changed in place. */
  private async removeStandIns(
    { namespace, name }: ReleaseInputs,
    kinds: readonly string[],
  ): Promise<void> {
    const { api } = this.args;
    const labels = `${STAND_IN_LABEL},${RELEASE_LABEL}=${name}`;
    for (const kind of STAND_IN_KINDS.filter((each) => kinds.includes(each.kind))) {
      const objects = await api.list(kind, { namespace, labels });
      for (const object of objects) await api.delete(object);
      if (objects.length > 0) {
        await until(async () => (await api.list(kind, { namespace, labels })).length === 0);
      }
    }
  }

  private async installThirdParty(inputs: ReleaseInputs): Promise<void> {
    const { api, charts, crds: library } = this.args;
    const { name, chart, version = "", namespace, skipCrds } = inputs;
    const label = `${chart.split("/").at(-1) ?? chart} ${version}`;
    const rendered = await charts.render(inputs);
    const crds =
      skipCrds === true ? [] : (library.ofChart(chart) ?? rendered.objects?.filter(isCrd) ?? []);
    await this.applyCrds(crds);
    if (rendered.objects !== undefined) {
      const objects = rendered.objects.filter((object) => !isCrd(object));
      await judge(api, objects, namespace, false);
      const why = `its ${objects.length} objects passed the API server's dry run`;
      this.note({ release: name, chart: label, installed: "dry run", why });
    } else {
      const installed = crds.length > 0 ? "CRDs only" : "nothing";
      this.note({ release: name, chart: label, installed, why: rendered.refused });
    }
  }

  private note(install: AddonInstall): void {
    const { addons } = this.notes;
    const at = addons.findIndex(({ release }) => release === install.release);
    if (at >= 0) addons[at] = install;
    else addons.push(install);
  }

  /** CRDs that a release's job would download and apply: its containers do not run on fake nodes. */
  private async applyJobCrds({ values }: ReleaseInputs): Promise<void> {
    const named = (values?.crds ?? {}) as Record<string, unknown>;
    const names = Object.keys(named).filter((name) => /^[a-z]+\..+\..+$/.test(name));
    await this.applyCrds(names.flatMap((name) => this.args.crds.named(name) ?? []));
  }

  private async applyCrds(crds: readonly KubeObject[]): Promise<void> {
    const { api } = this.args;
    for (const crd of crds) await api.apply(crd);
    for (const crd of crds) {
      const { group, names, versions } = crd.spec as CrdSpec;
      const served = versions.find((version) => version.served !== false)?.name ?? "v1";
      await until(() => isServed(api, { apiVersion: `${group}/${served}`, kind: names.kind }));
    }
  }

  /** Retries with the CRDs of kinds that the cluster does not have, as far as the library knows them. */
  private async withKinds<T>(work: () => Promise<T>): Promise<T> {
    const tried = new Set<string>();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const missing = missingKinds(error).filter(({ kind }) => !tried.has(kind));
        const found = missing.flatMap(({ apiVersion, kind }) => {
          tried.add(kind);
          const brought = this.args.crds.ofKind(apiVersion, kind);
          return brought === undefined ? [] : [brought];
        });
        if (found.length === 0) throw error;
        await this.applyCrds(found.map(({ crd }) => crd));
        const names = found.map(({ crd, chart }) => `${crd.metadata.name} (${chart})`);
        this.notes.borrowed.push(...names);
      }
    }
  }

  private async joinNodeGroups(): Promise<void> {
    for (const group of this.args.nodeGroups()) await this.join(group);
  }

  private async joinNodePool(pool: KubeObject): Promise<void> {
    for (const group of groupsOfNodePool(pool, this.args.zones)) await this.join(group);
  }

  private async join(group: NodeGroup): Promise<void> {
    const nodes = nodesOf(group, this.args.region);
    const joining = nodes.filter(({ metadata }) => !this.joined.has(metadata.name));
    for (const { metadata } of joining) this.joined.add(metadata.name);
    await Promise.all(joining.map((node) => this.args.api.apply(node)));
  }

  private async leave({ metadata: { name } }: KubeObject): Promise<void> {
    const { api } = this.args;
    const labels = `karpenter.sh/nodepool=${name}`;
    const nodes = await api.list({ apiVersion: "v1", kind: "Node" }, { labels });
    // As Karpenter, which drains a node before it ends it: who else would end its pods?
    await until(async () => {
      const pods = await api.list({ apiVersion: "v1", kind: "Pod" });
      return !pods.some(({ spec }) => nodes.some(({ metadata }) => isOn(spec, metadata.name)));
    });
    for (const node of nodes) {
      await api.delete(node);
      this.joined.delete(node.metadata.name);
    }
  }
}

function isOn(podSpec: unknown, node: string): boolean {
  return (podSpec as { nodeName?: string }).nodeName === node;
}

interface Named {
  name?: string;
}

interface CrdSpec {
  group: string;
  names: { kind: string };
  versions: { name: string; served?: boolean }[];
}

const POLL_MS = 100;
const PATIENCE_MS = 30_000;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("the cluster did not get there in 30 s");
    await sleep(POLL_MS);
  }
}

async function isServed(api: Api, kind: Pick<KubeObject, "apiVersion" | "kind">) {
  try {
    await api.list(kind);
    return true;
  } catch {
    return false;
  }
}

function isCrd({ kind }: KubeObject): boolean {
  return kind === CRD.kind;
}

/** Kinds that the cluster does not have, by what it or Helm says. */
function missingKinds(error: unknown): { apiVersion: string; kind: string }[] {
  if (error instanceof NoSuchKind) return [error];
  return error instanceof HelmError ? kindsIn(error.message) : [];
}

function kindsIn(message: string): { apiVersion: string; kind: string }[] {
  const matches = message.matchAll(/no matches for kind "(\w+)" in version "([^"]+)"/g);
  return [...matches].map(([, kind = "", apiVersion = ""]) => ({ apiVersion, kind }));
}
