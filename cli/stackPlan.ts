import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { RegionalContext } from "../infra/config/context";
import { OperatorError } from "../infra/config/errors";
import { type Prepared, prepare } from "../infra/config/prepare";
import { configBlock, stackFile } from "../infra/config/stackFiles";
import { parseStackName } from "../infra/config/stackName";
import { oneOf } from "../infra/config/wording";
import { SERVICES } from "../workloads/catalogue";
import { planReleases } from "../workloads/releasePlan";
import type { PlannedRelease } from "../workloads/releasePlan";
import { sampleWiring } from "../workloads/sampleWiring";

/** What a regional stack would install, as far as the checkout alone can tell. */
export interface StackPlan {
  context: RegionalContext;
  /** Every service's release; what only the cloud knows is a sample (see sampleWiring). */
  releases: PlannedRelease[];
}

/** Names of the regional stacks that have a file in the checkout. */
export function regionalStacks(projectRoot: string): string[] {
  return readdirSync(projectRoot)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .filter((stack) => parseStackName(stack).kind === "regional")
    .sort();
}

/**
 * Reads and checks a stack's config as its program does, and plans its releases.
 *
 * @throws OperatorError for a stack without a file, one that installs nothing, a config that its
 *   program would refuse, and for values files that are wrong.
 */
export function planStack(projectRoot: string, stack: string): StackPlan {
  const identity = parseStackName(stack);
  const file = stackFile(identity);
  if (identity.kind !== "regional" || !existsSync(join(projectRoot, file))) {
    throw new OperatorError({
      key: "stack",
      value: stack,
      rule: "releases are installed by a regional stack that has its file in the checkout",
      fix: `name ${oneOf(regionalStacks(projectRoot))}`,
    });
  }
  const prepared = prepareStack(projectRoot, stack);
  if (prepared.kind !== "regional") throw new Error(`${stack} is prepared as ${prepared.kind}`);
  return { context: prepared.context, releases: releasesOf(prepared.context) };
}

/**
 * Reads and checks a stack's config as its program does, from its file instead of from the engine.
 *
 * @throws OperatorError for a config that the program would refuse.
 */
export function prepareStack(projectRoot: string, stack: string): Prepared {
  const block = configBlock(projectRoot, stackFile(parseStackName(stack)));
  const config = Object.entries(block).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return prepare({
    projectRoot,
    stack,
    config: Object.fromEntries(config),
    services: SERVICES,
    placeholders: "warn",
  });
}

function releasesOf({ projectRoot, identity, fleet, config }: RegionalContext): PlannedRelease[] {
  const { region, environment } = identity;
  return planReleases({
    projectRoot,
    environment,
    region,
    regions: Object.keys(fleet.regions),
    services: SERVICES,
    homes: fleet.homes,
    takeover: config.takeover,
    wiring: sampleWiring(fleet, region, config.capacity, SERVICES),
  });
}

/**
 * The releases of a plan by name, all of them when no name is given.
 *
 * @throws OperatorError when the stack does not install one of them.
 */
export function releasesNamed(
  { releases }: StackPlan,
  stack: string,
  names: readonly string[],
): PlannedRelease[] {
  const installed = releases.map(({ service }) => service.name);
  for (const name of names) {
    if (installed.includes(name)) continue;
    throw new OperatorError({
      key: "release",
      value: name,
      rule: `${stack} installs ${installed.join(", ")}`,
      fix: "name one of these, or another stack",
    });
  }
  return releases.filter(({ service }) => names.length === 0 || names.includes(service.name));
}
