import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Cloud } from "../../doubles";
import type { Fleet } from "../../infra/config/fleet";
import { OperatorError } from "../../infra/config/errors";
import { parseStackName } from "../../infra/config/stackName";
import { findControlPlane } from "../tools/controlPlane";
import { findHelm } from "../tools/helm";
import { Clusters } from "./clusters";
import { settle } from "./settle";

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

/**
 * Finds or builds the programs and starts a control plane a region.
 *
 * @throws OperatorError when a program cannot be had, or the charts' folder is not there.
 */
export async function startClusters(facts: ClusterFacts): Promise<Clusters> {
  const { root, say, signal, fleet, stacks, cloud } = facts;
  const binaries = await findControlPlane({ root, say, signal });
  const { path: helm } = await findHelm({ root, say, signal });
  const chartData = chartFolder(root, facts.args.charts);
  if (chartData === undefined)
    say("no data of third-party charts: their CRDs have to be downloaded");
  const started = performance.now();
  const regions = Object.fromEntries(
    stacks.flatMap((stack) => {
      const name = parseStackName(stack);
      const region = name.kind === "regional" ? fleet.regions[name.region] : undefined;
      return name.kind === "regional" && region !== undefined ? [[name.region, region]] : [];
    }),
  );
  const cache = join(root, ".cache", "rehearsal");
  const clusters = await Clusters.start({
    ...{ binaries, helm, regions, cloud, chartData, cache, signal },
  });
  const seconds = (performance.now() - started) / 1000;
  say(`control planes are up: ${clusters.regions.join(", ")}, ${seconds.toFixed(1)} s`);
  return clusters;
}

/** Waits until the clusters have settled; what has not by then, with its region. */
export async function demandSettled(clusters: Clusters): Promise<string[]> {
  const open = await Promise.all(
    clusters.regions.map(async (region) => {
      const found = await settle(clusters.in(region).api);
      return found.map((each) => `${region}: ${each}`);
    }),
  );
  return open.flat();
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
