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

/** Several stacks to render; see {@link RenderStackArgs}. */
export interface RenderStacksArgs extends Omit<RenderStackArgs, "stack"> {
  stacks: readonly string[];
}

/**
 * Renders stacks into `<directory>/<stack>/<release>/<object>.yaml`, in place of what an earlier
 * rendering left there.
 */
export async function writeStacks(
  args: RenderStacksArgs,
  directory: string,
): Promise<{ stack: string; releases: RenderedRelease[] }[]> {
  const written = [];
  for (const stack of args.stacks) {
    const releases = await renderStack({ ...args, stack });
    const folder = join(directory, stack);
    // All releases of the stack were rendered, so any other there is a leftover.
    if (args.services.length === 0) rmSync(folder, { recursive: true, force: true });
    for (const release of releases) writeObjects(join(folder, release.release), release.objects);
    written.push({ stack, releases });
  }
  return written;
}

function writeObjects(folder: string, objects: readonly RenderedObject[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of objects) writeFileSync(join(folder, file), text);
}
