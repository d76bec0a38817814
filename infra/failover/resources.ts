import type { Service } from "../../workloads/catalogue";
import { servicesIn } from "../../workloads/placement";
import { ENDPOINT_TIMING } from "../plan/departure";
import { gateThreshold } from "../plan/gate";
import {
  configOf,
  type FleetFiles,
  globalStackName,
  regionalStackName,
  regionsOf,
  trafficOf,
} from "./fleetFiles";

/** Inputs of a resource, as far as the words of a failover decide them. */
export type ModelInputs = Readonly<Record<string, string | number | boolean>>;

/** A stack's resources that a failover has to do with, by what they are. */
export type StackModel = ReadonlyMap<string, ModelInputs>;

/** What an edit does to a stack. */
export interface StackChanges {
  stack: string;
  create: string[];
  update: string[];
  replace: string[];
  delete: string[];
}

/** Inputs whose change replaces. Provider source: `ForceNew` of aws_route53_health_check. */
const REPLACING = ["type", "requestInterval"];

/**
 * The resources that decide where users, data and services are, of every stack, computed without a
 * program: for the what-if, and for properties over thousands of edits. A test holds it to what the
 * programs register.
 */
export function modelOf(at: FleetFiles, services: readonly Service[]): Map<string, StackModel> {
  const regional = regionsOf(at).map(
    (region) => [regionalStackName(at, region), regionalModel(at, region, services)] as const,
  );
  return new Map([...regional, [globalStackName(at), globalModel(at)]]);
}

/** What becomes of every stack that an edit changes, in the order of the fleet's stacks. */
export function changesOf(
  before: ReadonlyMap<string, StackModel>,
  after: ReadonlyMap<string, StackModel>,
): StackChanges[] {
  const none: StackModel = new Map();
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((stack) => stackChanges(stack, before.get(stack) ?? none, after.get(stack) ?? none))
    .filter((found) => [found.create, found.update, found.replace, found.delete].flat().length > 0);
}

function stackChanges(stack: string, before: StackModel, after: StackModel): StackChanges {
  const changes: StackChanges = { stack, create: [], update: [], replace: [], delete: [] };
  for (const resource of before.keys()) if (!after.has(resource)) changes.delete.push(resource);
  for (const [resource, inputs] of after) {
    const old = before.get(resource);
    if (old === undefined) changes.create.push(resource);
    else if (differ(old, inputs, REPLACING)) changes.replace.push(resource);
    else if (differ(old, inputs)) changes.update.push(resource);
  }
  return changes;
}

function differ(before: ModelInputs, after: ModelInputs, keys?: readonly string[]): boolean {
  const all = keys ?? [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return all.some((key) => before[key] !== after[key]);
}

function globalModel(at: FleetFiles): StackModel {
  const { domain, hosts } = at.fleet;
  return new Map(
    regionsOf(at).flatMap((region): [string, ModelInputs][] => [
      [
        `health check ${region}-endpoint`,
        { type: "HTTPS", fqdn: `${region}.${domain}`, ...ENDPOINT_TIMING },
      ],
      [
        `health check ${region}-gate`,
        { type: "CALCULATED", childHealthThreshold: gateThreshold(trafficOf(at, region), 1) },
      ],
      ...hosts.flatMap((host) =>
        ["a", "aaaa"].map((type): [string, ModelInputs] => [
          `record ${host}-${region}-${type}`,
          { name: `${host}.${domain}`, region, healthCheck: `${region}-gate` },
        ]),
      ),
    ]),
  );
}

function regionalModel(at: FleetFiles, region: string, services: readonly Service[]): StackModel {
  const config = configOf(at, region);
  if (config === undefined) return new Map();
  const { database, takeover, capacity } = config;
  const placed = servicesIn({ region, services, homes: at.fleet.homes, takeover });
  const promotion: [string, ModelInputs][] =
    database.role === "primary" ? [["promotion command", {}]] : [];
  return new Map<string, ModelInputs>([
    ["database cluster", { dataHome: at.fleet.dataHome === region }],
    ...promotion,
    ...placed.map(({ service }): [string, ModelInputs] => [
      `release ${service.name}`,
      { capacity },
    ]),
  ]);
}
