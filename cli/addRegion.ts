import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Region } from "@pulumi/aws/types/enums";
import { OperatorError } from "../infra/config/errors";
import { fleetFile, loadFleet } from "../infra/config/load";
import { type Environment, ENVIRONMENTS, stackName, ZONE_PATTERN } from "../infra/config/stackName";
import { nearest } from "../infra/config/wording";
import { CHECKOUT, columns, type Command, runCommand, UsageError } from "./command";
import { applyEdits } from "../edits/fileEdits";
import { type NewRegion, newRegionEdits, type NewRegionEdits } from "./newRegion";
import { planStack, prepareStack } from "./stackPlan";

const USAGE = `npm run add-region -- <region> --like <region> [--environment <name>] [--zones <a,b,c>]

Adds a region to a fleet: its facts (next free /16, zones), its stack file (database secondary), its
traffic state (drained until you say otherwise), and the values overrides of the model under its
name. Writes everything or, when a check of the result fails, nothing. Changes no cloud.

  --like <region>        the region whose stack file and values to start from
  --environment <name>   ${ENVIRONMENTS.join(", ")}; default production
  --zones <a,b,c>        three zones, as letters or names; default a,b,c
`;

/** The command, for a checkout. */
export function addRegion(projectRoot: string): Command {
  return (argv, terminal) => {
    const asked: NewRegion = { projectRoot, ...readArguments(argv) };
    const planned = newRegionEdits(asked);
    checkResult(asked, planned);
    applyEdits(projectRoot, planned.edits);
    terminal.out(summary(asked, planned));
  };
}

function readArguments(argv: readonly string[]): Omit<NewRegion, "projectRoot"> {
  const { positionals, values: flags } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      like: { type: "string" },
      environment: { type: "string", default: "production" },
      zones: { type: "string", default: "a,b,c" },
    },
  });
  const [region, ...more] = positionals;
  if (region === undefined || more.length > 0) throw new UsageError("name one region");
  if (flags.like === undefined) throw new UsageError("name a model region: --like eu-west-1");
  const environment = ENVIRONMENTS.find((name) => name === flags.environment);
  if (environment === undefined) {
    throw new UsageError(`--environment is one of ${ENVIRONMENTS.join(", ")}`);
  }
  checkRegion(region, flags.like);
  return { region, like: flags.like, environment, zones: zonesOf(region, flags.zones) };
}

function checkRegion(region: string, like: string): void {
  const known: string[] = Object.values(Region);
  if (!known.includes(region)) {
    const meant = nearest(region, known);
    throw new OperatorError({
      key: "region",
      value: region,
      rule: "a region is one that the installed @pulumi/aws knows",
      fix: meant === undefined ? "name a region such as eu-central-1" : `did you mean ${meant}?`,
    });
  }
  if (partition(region) === partition(like)) return;
  throw new OperatorError({
    key: "region",
    value: region,
    rule: `the regions of a fleet are in one AWS partition, that of ${like}: VPC peering and Route 53 do not cross`,
    fix: "make a fleet of its own for that partition",
  });
}

/** `""` is the commercial partition. */
function partition(region: string): string {
  return /^(cn|us-gov|us-iso[a-z]?|eu-iso[a-z]?|eusc)-/.exec(region)?.[1] ?? "";
}

function zonesOf(region: string, text: string): string[] {
  const zones = text.split(",").map((zone) => (zone.length === 1 ? `${region}${zone}` : zone));
  const wrong = zones.find((zone) => !ZONE_PATTERN.test(zone) || zone.slice(0, -1) !== region);
  if (wrong === undefined && zones.length === 3 && new Set(zones).size === 3) return zones;
  throw new OperatorError({
    key: "--zones",
    value: text,
    rule: `three different zones of ${region}, as letters or whole names`,
    fix: `write --zones a,b,c with the zones of your account: aws ec2 describe-availability-zones --region ${region}`,
  });
}

/** Holds the result to the checks of the programs, on a copy, before anything is written. */
function checkResult({ projectRoot, environment, region }: NewRegion, { edits }: NewRegionEdits) {
  const copy = mkdtempSync(join(tmpdir(), "add-region-"));
  try {
    const files = readdirSync(projectRoot).filter((name) => /^Pulumi(\..+)?\.yaml$/.test(name));
    for (const path of [...files, "fleet", "workloads/values", "workloads/charts"]) {
      cpSync(join(projectRoot, path), join(copy, path), { recursive: true });
    }
    applyEdits(copy, edits);
    planStack(copy, stackName({ environment, kind: "regional", region }));
    prepareStack(copy, stackName({ environment, kind: "global" }));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function summary(asked: NewRegion, { cidr, edits }: NewRegionEdits): string {
  const { environment, region, like, zones } = asked;
  const stack = regionalStack(environment, region);
  const global = stackName({ environment, kind: "global" });
  return `Wrote
${edits.map(({ file }) => `  ${file}`).join("\n")}

Review
  ${cidr}: no network that the fleet is joined to uses it
  ${zones.join(", ")}: your account has them (aws ec2 describe-availability-zones --region ${region})
  ${region} is enabled for the account, and its quotas carry a cluster (EKS, NAT gateways, GPU instances)
  the instance classes of ${environment} exist there; Pulumi.${stack}.yaml overrides them
  the figures copied from ${like}: npm run values -- ${stack} --diff ${regionalStack(environment, like)}
  homes in ${fleetFile(environment)}: no service was moved to ${region}

Then
${columns(nextCommands(asked))}
When ${region} answers, set regions.${region}.traffic to active in Pulumi.${global}.yaml and run
  pulumi up -s ${global}
`;
}

/** What to run, in an order in which each stack finds what it needs, and why. */
function nextCommands({ projectRoot, environment, region }: NewRegion): string[][] {
  const { dataHome, regions } = loadFleet(projectRoot, environment);
  const up = (stack: string, why: string): string[] => [`  pulumi up -s ${stack}`, `# ${why}`];
  const own = regionalStack(environment, region);
  const others = Object.keys(regions).filter((name) => name !== dataHome && name !== region);
  return [
    ["  npm run rehearse", `# the fleet with ${region}, before any cloud is touched`],
    up(regionalStack(environment, dataHome), "replicates the secrets to the region"),
    [`  pulumi stack init ${own}`, ""],
    up(own, "builds it"),
    ...others.map((name) =>
      up(regionalStack(environment, name), "lets its services reach the region"),
    ),
    up(stackName({ environment, kind: "global" }), "makes it known to DNS, drained"),
    up(stackName({ environment, kind: "backbone" }), "peering, S3 replication, alarms"),
  ];
}

function regionalStack(environment: Environment, region: string): string {
  return stackName({ environment, kind: "regional", region });
}

if (require.main === module) void runCommand(USAGE, addRegion(CHECKOUT));
