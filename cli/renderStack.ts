import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KUBERNETES_VERSION } from "../infra/components/cluster/versions";
import { SERVICES_NAMESPACE } from "../workloads/catalogue";
import { SERVICE_CHART } from "../workloads/chart";
import { plainValues } from "../workloads/layers";
import { renderRelease } from "../workloads/render";
import type { RenderedObject } from "../workloads/render";
import { planStack, releasesNamed } from "./stackPlan";

export interface RenderStackArgs {
  projectRoot: string;
  stack: string;
  /** Names of the services to render; none means all. */
  services: readonly string[];
  /** Path of a Helm 3 binary. */
  helm: string;
}

/** The objects of one release of a stack. */
export interface RenderedRelease {
  release: string;
  objects: RenderedObject[];
}

/** Helm processes at a time; one takes about 50 ms of one core. */
const PARALLEL = 4;

/**
 * The manifests that a stack would install, by Helm, with sample wiring; releases in the catalogue's
 * order. Serves `npm run render`, the manifests' tests and the diff on pull requests.
 *
 * @throws OperatorError as {@link planStack} does, for an unknown service, and when the chart refuses values.
 */
export async function renderStack(args: RenderStackArgs): Promise<RenderedRelease[]> {
  const { projectRoot, stack, services, helm } = args;
  const planned = releasesNamed(planStack(projectRoot, stack), stack, services);
  const rendered: RenderedRelease[] = [];
  for (let start = 0; start < planned.length; start += PARALLEL) {
    const batch = planned.slice(start, start + PARALLEL).map(async ({ service, values }) => ({
      release: service.name,
      objects: await renderRelease({
        helm,
        release: service.name,
        namespace: SERVICES_NAMESPACE,
        chart: join(projectRoot, SERVICE_CHART),
        values: plainValues(values),
        kubeVersion: KUBERNETES_VERSION,
      }),
    }));
    rendered.push(...(await Promise.all(batch)));
  }
  return rendered;
}

/**
 * Writes `<directory>/<release>/<object>.yaml` in place of what an earlier rendering left there.
 *
 * @param whole whether these are all releases of the stack, so that any other is a leftover
 */
export function writeObjects(
  directory: string,
  releases: readonly RenderedRelease[],
  whole: boolean,
): void {
  if (whole) rmSync(directory, { recursive: true, force: true });
  for (const { release, objects } of releases) {
    const folder = join(directory, release);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { file, text } of objects) writeFileSync(join(folder, file), text);
  }
}
