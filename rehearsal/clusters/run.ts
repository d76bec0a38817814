import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Cloud } from "../../doubles";
import type { Fleet } from "../../infra/config/fleet";
import { OperatorError } from "../../infra/config/errors";
import { parseStackName } from "../../infra/config/stackName";
import { findControlPlane } from "../tools/controlPlane";
import { findHelm } from "../tools/helm";
import type { Rehearsal } from "../rehearse";
import { CHAOS, type ChaosResult, type RegionalStack } from "./chaos";
import { Clusters } from "./clusters";
import { PodSampler } from "./podSampler";
import { countPods, settle, whatIsLeft } from "./settle";
import { STAND_INS } from "./standIns";

/** What starting the clusters needs of a run. */
export interface ClusterFacts {
  root: string;
  say: (line: string) => void;
  signal: AbortSignal;
  args: { charts?: string };
  fleet: Pick<Fleet, "regions">;
  /** Stacks of the run; each regional one gets a cluster. */
  stacks: readonly string[];
  cloud: Cloud;
}

/** A run's clusters, with what is asked of them on the way. */
export class ClusterRun {
  private readonly sampler: PodSampler;
  private readonly results: ChaosResult[] = [];

  private constructor(
    readonly clusters: Clusters,
    private readonly facts: ClusterFacts,
  ) {
    this.sampler = new PodSampler(clusters);
    this.sampler.start();
  }

  /**
   * Finds or builds the programs and starts a control plane a region. The caller stops it.
   *
   * @throws OperatorError when a program cannot be had, or the charts' folder is not there.
   */
  static async start(facts: ClusterFacts): Promise<ClusterRun> {
    const { root, say, signal, fleet, stacks, cloud } = facts;
    const binaries = await findControlPlane({ root, say, signal });
    const { path: helm } = await findHelm({ root, say, signal });
    const chartData = chartFolder(root, facts.args.charts);
    if (chartData === undefined) {
      say(
        "no data of third-party charts here: their CRDs come from the charts, if these can be had",
      );
    }
    const started = performance.now();
    const regions = Object.fromEntries(
      regionalStacks(stacks).flatMap(({ region }) => {
        const facts = fleet.regions[region];
        return facts === undefined ? [] : [[region, facts] as const];
      }),
    );
    const cache = join(root, ".cache", "rehearsal");
    const clusters = await Clusters.start({
      ...{ binaries, helm, regions, cloud, chartData, cache, signal },
    });
    const seconds = (performance.now() - started) / 1000;
    say(`control planes are up: ${clusters.regions.join(", ")}, ${seconds.toFixed(1)} s`);
    return new ClusterRun(clusters, facts);
  }

  /** Waits until every cluster has settled; what has not by then is a surprise. */
  async demandSettled({ surprises }: Rehearsal): Promise<void> {
    await this.inEveryRegion(async (region) => {
      const open = await settle(this.clusters.in(region).api);
      surprises.push(...open.map((each) => `${region}: ${each}`));
    });
    const pods = await Promise.all(
      this.clusters.regions.map(async (region) => {
        const { ready } = await countPods(this.clusters.in(region).api);
        return `${region} ${ready}`;
      }),
    );
    this.facts.say(`pods Running and Ready: ${pods.join(", ")}`);
  }

  /** After a destroy: no release, namespace or pod may be left. */
  async demandEmpty({ surprises }: Rehearsal): Promise<void> {
    await this.inEveryRegion(async (region) => {
      const { api, helm } = this.clusters.in(region);
      const releases = (await helm.list()).map(({ name }) => `release ${name}`);
      const left = [...releases, ...(await whatIsLeft(api))];
      surprises.push(...left.map((each) => `${region}: left on the cluster: ${each}`));
    });
  }

  /** Breaks the clusters one way after another, each in another region where there are enough. */
  async chaos(rehearsal: Rehearsal): Promise<void> {
    const regional = regionalStacks(this.facts.stacks);
    for (const [index, breakOne] of CHAOS.entries()) {
      const where = regional[index % regional.length];
      if (where === undefined) return;
      const result = await breakOne(rehearsal, this.clusters, where);
      const { what, region, mended, surprises } = result;
      const outcome = surprises.length === 0 ? "recovered" : "NOT RECOVERED";
      this.facts.say([`chaos: ${what} (${region}): ${outcome}`, ...mended].join("; "));
      rehearsal.surprises.push(...surprises.map((each) => `${region}: ${what}: ${each}`));
      this.results.push(result);
    }
  }

  /** For the report. */
  findings() {
    const { regions } = this.clusters;
    const notes = new Map(regions.map((region) => [region, this.clusters.in(region).real.notes]));
    return { pods: this.sampler.samples, notes, chaos: this.results, standIns: STAND_INS };
  }

  stopSampling(): Promise<void> {
    return this.sampler.stop();
  }

  async stop(): Promise<void> {
    this.sampler.cancel();
    await this.clusters.stop();
  }

  private async inEveryRegion(work: (region: string) => Promise<void>): Promise<void> {
    await Promise.all(this.clusters.regions.map(work));
  }
}

function regionalStacks(stacks: readonly string[]): RegionalStack[] {
  return stacks.flatMap((stack) => {
    const name = parseStackName(stack);
    return name.kind === "regional" ? [{ stack, region: name.region }] : [];
  });
}

function chartFolder(root: string, given: string | undefined): string | undefined {
  if (given !== undefined) {
    if (existsSync(given)) return resolve(given);
    throw new OperatorError({
      key: "--charts",
      value: given,
      rule: "it is a folder with a folder a chart, each with its CRDs under crds/",
      fix: "give a folder that is there, or leave the option out",
    });
  }
  const beside = join(root, "..", "shared", "charts");
  return existsSync(beside) ? beside : undefined;
}
