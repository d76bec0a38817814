import type { BackboneContext, GlobalContext, RegionalContext } from "./context";
import { formatProblems, type OperatorErrorArgs, throwAll } from "./errors";
import type { Fleet } from "./fleet";
import { checkFleet, type PlacedService } from "./fleetChecks";
import { checkFleetConsistency, judge } from "./fleetConsistency";
import { fleetFile, loadFleet } from "./load";
import { findPlaceholders } from "./placeholders";
import { profileOf } from "./profile";
import { isSecret } from "./stackConfig";
import {
  type AnyStackFile,
  configBlock,
  loadStackFiles,
  stackFile,
  stackFileOf,
} from "./stackFiles";
import { parseStackName, type StackIdentity, stackName } from "./stackName";

export interface PrepareArgs {
  /** The directory that Pulumi.<stack>.yaml and fleet/ are read from. */
  projectRoot: string;
  stack: string;
  /** The stack's config as the engine hands it over: `<namespace>:<key>` to text. */
  config: Readonly<Record<string, string>>;
  /** The services that are placed. */
  services: readonly PlacedService[];
  /** What is done about placeholders: a real update refuses them, a preview warns, a rehearsal allows them. */
  placeholders: "refuse" | "warn" | "allow";
}

/** A stack's context, by kind, and what its operator should know but need not mend now. */
export type Prepared = { warnings: string[] } & (
  | { kind: "regional"; context: RegionalContext }
  | { kind: "global"; context: GlobalContext }
  | { kind: "backbone"; context: BackboneContext }
);

/**
 * Reads and checks all that a stack needs to know before it registers its first resource. Asks no cloud
 * and no other stack's state.
 *
 * @throws OperatorError that lists every problem found.
 */
export function prepare(args: PrepareArgs): Prepared {
  const { projectRoot, stack } = args;
  const identity = parseStackName(stack);
  const fleet = loadFleet(projectRoot, identity.environment);
  throwAll(checkFleet(fleet, args.services));

  const own = readOwnConfig(args, identity);
  const files = loadStackFiles(projectRoot, identity.environment, own);
  const { errors, warnings } = judge(checkFleetConsistency(fleet, files), identity);
  const placeholders = findPlaceholders(fleet);
  throwAll([
    ...errors,
    ...checkZoneId(fleet, identity),
    ...checkDelivery(fleet, own),
    ...(args.placeholders === "refuse" ? placeholders : []),
  ]);

  return {
    ...contextOf(projectRoot, fleet, own),
    warnings: [
      ...warnings.map((problem) => formatProblems([problem])),
      ...(args.placeholders === "warn" ? mention(placeholders) : []),
    ],
  };
}

/** As the engine sees it; a key that the file holds encrypted is refused without showing its value. */
function readOwnConfig(
  { projectRoot, config }: PrepareArgs,
  identity: StackIdentity,
): AnyStackFile {
  const inFile = Object.entries(configBlock(projectRoot, stackFile(identity)));
  const secrets = inFile.filter(([, value]) => isSecret(value));
  return stackFileOf(identity, { ...config, ...Object.fromEntries(secrets) });
}

function contextOf(projectRoot: string, fleet: Fleet, own: AnyStackFile) {
  const { kind } = own;
  switch (kind) {
    case "regional": {
      const { identity, config } = own;
      const profile = profileOf(identity.environment, config);
      return { kind, context: { projectRoot, identity, fleet, config, profile } };
    }
    case "global":
      return { kind, context: { projectRoot, identity: own.identity, fleet, config: own.config } };
    case "backbone":
      return { kind, context: { projectRoot, identity: own.identity, fleet, config: own.config } };
  }
}

/** A regional stack validates its certificate in the zone, so the zone comes before it. */
function checkZoneId({ zone, environment }: Fleet, identity: StackIdentity): OperatorErrorArgs[] {
  if (identity.kind !== "regional" || zone.id !== undefined) return [];
  const global = stackName({ environment, kind: "global" });
  return [
    {
      key: `${fleetFile(environment)}: zone.id`,
      rule: "a regional stack validates its certificate in the hosted zone, which comes first; zone.source is create",
      fix: `set whenRegionMissing: skip in Pulumi.${global}.yaml, run \`pulumi up -s ${global}\` and copy zoneId of its output here`,
    },
  ];
}

function checkDelivery(fleet: Fleet, own: AnyStackFile): OperatorErrorArgs[] {
  if (own.kind !== "regional" || fleet.delivery !== undefined) return [];
  if (profileOf(fleet.environment, own.config).delivery !== "argocd") return [];
  return [
    {
      key: `${fleetFile(fleet.environment)}: delivery`,
      rule: `required where a stack's delivery is argocd (${own.file}): Argo CD reads this project from Git`,
      fix: "add delivery with repository and revision, or let Pulumi deliver (delivery: pulumi)",
    },
  ];
}

function mention(placeholders: readonly OperatorErrorArgs[]): string[] {
  if (placeholders.length === 0) return [];
  const keys = placeholders.map(({ key, value }) => `  ${key} is ${JSON.stringify(value)}`);
  return [
    ["placeholders stand for your own values; a real update refuses them:", ...keys].join("\n"),
  ];
}
