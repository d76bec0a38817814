import { join } from "node:path";
import { parse } from "yaml";
import { loadFleet } from "../../../infra/config/load";
import { parseStackName } from "../../../infra/config/stackName";
import { SERVICES, SERVICES_NAMESPACE } from "../../../workloads/catalogue";
import { SERVICE_CHART } from "../../../workloads/chart";
import { layerOf, mergeLayers, plainValues } from "../../../workloads/layers";
import type { Values } from "../../../workloads/layers";
import { planReleases } from "../../../workloads/releasePlan";
import { renderRelease } from "../../../workloads/render";
import { sampleWiring } from "../../../workloads/sampleWiring";
import type { KubernetesObject } from "./structural";

export const ROOT = join(__dirname, "..", "..", "..");

/** Every committed regional stack. */
export const REGIONAL_STACKS = [
  "us-east-1",
  "eu-west-1",
  "ap-southeast-1",
  "staging-us-east-1",
  "staging-eu-west-1",
  "development-us-east-1",
];

/** One object as tests look at it. */
export interface Rendered extends KubernetesObject {
  metadata: KubernetesObject["metadata"] & { annotations?: Record<string, string> };
  [field: string]: unknown;
}

interface Options {
  /** Over the committed values and the wiring. */
  overrides?: Values;
  capacity?: number;
}

/** Names of the services of a stack as committed, nothing taken over. */
export function servicesOf(stack: string): string[] {
  return plan(stack, 1).map(({ service }) => service.name);
}

/** What Helm installs for one service of a stack, by the committed values and sample wiring. */
export async function render(
  helm: string,
  stack: string,
  service: string,
  { overrides = {}, capacity = 1 }: Options = {},
): Promise<Rendered[]> {
  const release = plan(stack, capacity).find((each) => each.service.name === service);
  if (release === undefined) throw new Error(`${service} does not run in ${stack}`);
  const values = mergeLayers([release.values, layerOf(overrides, { file: "test" })]);
  const objects = await renderRelease({
    helm,
    release: service,
    namespace: SERVICES_NAMESPACE,
    chart: join(ROOT, SERVICE_CHART),
    values: plainValues(values),
  });
  return objects.map(({ text }) => parse(text) as Rendered);
}

function plan(stack: string, capacity: number) {
  const identity = parseStackName(stack);
  if (identity.kind !== "regional") throw new Error(`${stack} is no regional stack`);
  const { environment, region } = identity;
  const fleet = loadFleet(ROOT, environment);
  return planReleases({
    projectRoot: ROOT,
    environment,
    region,
    regions: Object.keys(fleet.regions),
    services: SERVICES,
    homes: fleet.homes,
    takeover: [],
    wiring: sampleWiring(fleet, region, capacity, SERVICES),
  });
}

/** The one object of a kind (and name). */
export function only(objects: readonly Rendered[], kind: string, name?: string): Rendered {
  const found = objects.filter(
    (each) => each.kind === kind && (name === undefined || each.metadata.name === name),
  );
  const [object] = found;
  if (object === undefined || found.length > 1) {
    throw new Error(`${found.length} objects of kind ${kind} ${name ?? ""}`);
  }
  return object;
}
