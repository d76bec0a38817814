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

/** What decides the releases of one region. */
export interface ReleasePlanArgs {
  /** The directory that holds `workloads/values` and `workloads/charts`. */
  projectRoot: string;
  environment: Environment;
  region: string;
  /** Regions of the environment's fleet. */
  regions: readonly string[];
  services: readonly Service[];
  homes: Readonly<Record<string, string>>;
  takeover: readonly string[];
  wiring: Wiring;
}

/** One release of the shared chart, before anything installs or renders it. */
export interface PlannedRelease extends Placed {
  /** What `-f` of every layer and of the wiring would give, with the origin of each key. */
  values: TrackedMap;
  /** The layers' files, lowest first, from the project's root. */
  files: readonly string[];
  /** The last layer: what the stack wires. */
  wired: TrackedMap;
}

/**
 * The releases of one region with their values. The stack installs these, `npm run render` renders
 * them and `npm run values` prints them.
 *
 * @throws OperatorError for a values file that no release reads or that cannot be read, a key that the
 *   chart does not know, and a service that has no base values.
 */
export function planReleases(args: ReleasePlanArgs): PlannedRelease[] {
  const { projectRoot, environment, region, regions, services, wiring } = args;
  checkValuesTree(listValuesFiles(projectRoot), {
    services: services.map(({ name }) => name),
    regions: { [environment]: regions },
  });
  const chart = join(projectRoot, SERVICE_CHART);
  const schema = JSON.parse(readFileSync(join(chart, "values.schema.json"), "utf8")) as KeySchema;
  const digest = chartDigest(chart);
  const planned = servicesIn(args).map((placed) => {
    const { service } = placed;
    const place = { projectRoot, service: service.name, environment, region };
    const files = presentLayerFiles(place);
    const layers = files.map((file) => readValuesFile(projectRoot, file));
    const wired = layerOf(wiringValues(service, wiring, digest), { file: WIRING });
    return { ...placed, values: mergeLayers([...layers, wired]), files, wired };
  });
  throwAll(once(planned.flatMap(({ values }) => unknownKeys(values, schema))));
  return planned;
}

/** A shared file's mistake is every service's; it is told once. */
function once(problems: readonly OperatorErrorArgs[]): OperatorErrorArgs[] {
  return [...new Map(problems.map((problem) => [formatProblems([problem]), problem])).values()];
}
