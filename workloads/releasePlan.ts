import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatProblems, type OperatorErrorArgs, throwAll } from "../infra/config/errors";
import type { Environment } from "../infra/config/stackName";
import type { Service } from "./catalogue";
import { chartDigest, SERVICE_CHART } from "./chart";
import { layerOf, mergeLayers, WIRING } from "./layers";
import type { TrackedMap } from "./layers";
import { servicesIn } from "./placement";
import type { Placed } from "./placement";
import { checkValuesTree, listValuesFiles, presentLayerFiles, readValuesFile } from "./valuesFiles";
import { type KeySchema, unknownKeys } from "./valuesSchema";
import { wiringValues } from "./wiring";
import type { Wiring } from "./wiring";

/** What decides the releases of one region and their layers, known before any resource. */
export interface ReleaseScope {
  /** The directory that holds `workloads/values` and `workloads/charts`. */
  projectRoot: string;
  environment: Environment;
  region: string;
  /** Regions of the environment's fleet. */
  regions: readonly string[];
  services: readonly Service[];
  homes: Readonly<Record<string, string>>;
  takeover: readonly string[];
}

/** A release of the shared chart with the values of its files. */
export interface LayeredRelease extends Placed {
  /** What `-f` of every file would give, with the origin of each key. */
  layers: TrackedMap;
  /** The layers' files, lowest first, from the project's root. */
  files: readonly string[];
  chartDigest: string;
}

/** A release that is wired: all that is installed or rendered. */
export interface PlannedRelease extends LayeredRelease {
  /** What `-f` of every layer and of the wiring would give, with the origin of each key. */
  values: TrackedMap;
  /** The last layer: what the stack wires. */
  wired: TrackedMap;
}

/**
 * The releases of one region with the values of their files, checked. Needs no resource, so a stack
 * calls it before it registers one.
 *
 * @throws OperatorError for a values file that no release reads or that cannot be read, a key that the
 *   chart does not know, and a service that has no base values.
 */
export function readReleases(scope: ReleaseScope): LayeredRelease[] {
  const { projectRoot, environment, region, regions, services } = scope;
  checkValuesTree(listValuesFiles(projectRoot), {
    services: services.map(({ name }) => name),
    regions: { [environment]: regions },
  });
  const chart = join(projectRoot, SERVICE_CHART);
  const schema = JSON.parse(readFileSync(join(chart, "values.schema.json"), "utf8")) as KeySchema;
  const digest = chartDigest(chart);
  const releases = servicesIn(scope).map((placed) => {
    const files = presentLayerFiles({
      projectRoot,
      service: placed.service.name,
      environment,
      region,
    });
    const layers = mergeLayers(files.map((file) => readValuesFile(projectRoot, file)));
    return { ...placed, layers, files, chartDigest: digest };
  });
  throwAll(once(releases.flatMap(({ layers }) => unknownKeys(layers, schema))));
  return releases;
}

/** The releases with what the stack wires as their last layer. */
export function wireReleases(
  releases: readonly LayeredRelease[],
  wiring: Wiring,
): PlannedRelease[] {
  return releases.map((release) => {
    const own = wiringValues(release.service, wiring, release.chartDigest);
    const wired = layerOf(own, { file: WIRING });
    return { ...release, values: mergeLayers([release.layers, wired]), wired };
  });
}

export interface ReleasePlanArgs extends ReleaseScope {
  wiring: Wiring;
}

/** Reads and wires in one go, for commands that register nothing. Throws as {@link readReleases}. */
export function planReleases({ wiring, ...scope }: ReleasePlanArgs): PlannedRelease[] {
  return wireReleases(readReleases(scope), wiring);
}

/** A shared file's mistake is every service's; it is told once. */
function once(problems: readonly OperatorErrorArgs[]): OperatorErrorArgs[] {
  return [...new Map(problems.map((problem) => [formatProblems([problem]), problem])).values()];
}
