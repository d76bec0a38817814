import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError, throwAll } from "../infra/config/errors";
import type { OperatorErrorArgs } from "../infra/config/errors";
import { ENVIRONMENTS } from "../infra/config/stackName";
import type { Environment } from "../infra/config/stackName";
import type { TrackedMap } from "./layers";
import { parseValues } from "./valuesYaml";

/** Folder of all values files, from the project's root. */
export const VALUES_FOLDER = "workloads/values";

/** Layers that every service has underneath its own. */
export const SHARED = "_shared";

export interface LayerPlace {
  /** Folder that holds `workloads/values`. */
  projectRoot: string;
  service: string;
  environment: Environment;
  region: string;
}

/** Candidate files of one release, lowest layer first; only the service's own base has to exist. */
export function layerFiles({ service, environment, region }: Omit<LayerPlace, "projectRoot">) {
  return ["base.yaml", `${environment}/global.yaml`, `${environment}/${region}.yaml`].flatMap(
    (file) => [SHARED, service].map((folder) => `${VALUES_FOLDER}/${folder}/${file}`),
  );
}

/**
 * The files of {@link layerFiles} that exist.
 *
 * @throws OperatorError when the service has no `base.yaml`.
 */
export function presentLayerFiles(place: LayerPlace): string[] {
  const base = `${VALUES_FOLDER}/${place.service}/base.yaml`;
  if (!existsSync(join(place.projectRoot, base))) {
    throw new OperatorError({
      key: base,
      rule: `the service ${place.service} of the catalogue needs its base values`,
      fix: `write ${base}, or take ${place.service} out of workloads/catalogue.ts`,
    });
  }
  return layerFiles(place).filter((file) => existsSync(join(place.projectRoot, file)));
}

/**
 * The layers of one release from its files, lowest first.
 *
 * @throws OperatorError when the service has no `base.yaml`, or a file is not a values file.
 */
export function readLayers(place: LayerPlace): TrackedMap[] {
  return presentLayerFiles(place).map((file) => readValuesFile(place.projectRoot, file));
}

/** One values file as a layer; `file` is a path from the project's root. */
export function readValuesFile(projectRoot: string, file: string): TrackedMap {
  return parseValues(file, readFileSync(join(projectRoot, file), "utf8"));
}

/** Every file under `workloads/values`, as paths from that folder, sorted. */
export function listValuesFiles(projectRoot: string): string[] {
  const root = join(projectRoot, VALUES_FOLDER);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** What the values tree may hold files for. */
export interface ValuesScope {
  /** Names of the catalogue's services. */
  services: readonly string[];
  /** Regions of each environment's fleet; an environment left out has its regions not checked. */
  regions: Partial<Record<Environment, readonly string[]>>;
}

/**
 * Refuses files that no release would ever read: the folder of an unknown service or environment, the
 * file of a region outside the fleet, a name that is no layer.
 *
 * @param files paths as {@link listValuesFiles} returns them
 * @throws OperatorError naming every such file.
 */
export function checkValuesTree(files: readonly string[], scope: ValuesScope): void {
  throwAll(files.flatMap((file) => problemOf(file, scope) ?? []));
}

function problemOf(
  file: string,
  { services, regions }: ValuesScope,
): OperatorErrorArgs | undefined {
  const key = `${VALUES_FOLDER}/${file}`;
  const [service = "", ...rest] = file.split("/");
  if (service !== SHARED && !services.includes(service)) {
    return {
      key,
      value: service,
      rule: `a folder of values belongs to a service of the catalogue (${services.join(", ")}) or is ${SHARED}`,
      fix: "add the service to workloads/catalogue.ts, or remove the folder",
    };
  }
  if (rest.length === 1 && rest[0] === "base.yaml") return undefined;
  const [folder, name, ...more] = rest;
  const region = name?.endsWith(".yaml") ? name.slice(0, -".yaml".length) : undefined;
  if (folder === undefined || region === undefined || more.length > 0) {
    return {
      key,
      rule: "a values file is base.yaml, <environment>/global.yaml or <environment>/<region>.yaml",
      fix: "rename or remove the file",
    };
  }
  const environment = ENVIRONMENTS.find((name) => name === folder);
  if (environment === undefined) {
    return {
      key,
      value: folder,
      rule: `an environment is one of ${ENVIRONMENTS.join(", ")}`,
      fix: "rename or remove the folder",
    };
  }
  const known = regions[environment];
  if (region === "global" || known === undefined || known.includes(region)) return undefined;
  return {
    key,
    value: region,
    rule: `a region's values belong to a region of fleet/${environment}.yaml (${known.join(", ")})`,
    fix: `add the region (npm run add-region), or remove the file`,
  };
}
