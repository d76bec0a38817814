import type { OperatorErrorArgs } from "./errors";
import { FAILOVER_GUARDS } from "./failoverGuards";
import type { Fleet } from "./fleet";
import { fleetFile } from "./load";
import type { StackFiles } from "./stackFiles";
import { type StackIdentity, stackName } from "./stackName";
import { allOf, nearestRegion, oneOf } from "./wording";

/** Something that does not hold across the files of a checkout, and whom it stops. */
export interface Finding {
  problem: OperatorErrorArgs;
  /** Whether a stack must not be changed while this stands; the others are only told. */
  stops(stack: StackIdentity): boolean;
}

type Check = (fleet: Fleet, files: StackFiles) => Finding[];

/** What must hold across the stack files. */
const CHECKS: readonly Check[] = [
  brokenFiles,
  filesForRegions,
  regionsForFiles,
  awsRegions,
  onePrimary,
  takeovers,
  trafficForRegions,
  neverTheLastRegion,
  ...FAILOVER_GUARDS,
];

/**
 * Checks the stack files of one environment against each other and the fleet.
 *
 * A finding stops the stacks that it is about. So a fault in one region's file does not keep an
 * operator from changing another region or the DNS in an emergency; there it is a warning. The
 * backbone spans regions and takes part in no failover step: every finding stops it.
 *
 * | finding                                       | stops                        |
 * |-----------------------------------------------|------------------------------|
 * | a file that cannot be read                    | its own stack                |
 * | a region without a file, a file's region that is not the fleet's, `aws:region` that is not the stack's, a wrong takeover | its own stack |
 * | no primary, two primaries                     | every region                 |
 * | `regions` of the global stack is not the fleet's, every region drained | global |
 * | a drain that leaves too little capacity, or drains the writer | global         |
 * | a promotion into a drained region             | its own stack                |
 * | a permission that outlived its occasion       | no stack                     |
 */
export function checkFleetConsistency(fleet: Fleet, files: StackFiles): Finding[] {
  return CHECKS.flatMap((check) => check(fleet, files));
}

/** The findings that stop a stack, and the ones that it only mentions. */
export function judge(findings: readonly Finding[], stack: StackIdentity) {
  const stops = (finding: Finding): boolean => stack.kind === "backbone" || finding.stops(stack);
  return {
    errors: findings.filter(stops).map(({ problem }) => problem),
    warnings: findings.filter((finding) => !stops(finding)).map(({ problem }) => problem),
  };
}

const only =
  (owner: StackIdentity) =>
  (stack: StackIdentity): boolean =>
    stackName(stack) === stackName(owner);

const every =
  (kind: StackIdentity["kind"]) =>
  (stack: StackIdentity): boolean =>
    stack.kind === kind;

function brokenFiles(_fleet: Fleet, { broken }: StackFiles): Finding[] {
  return broken.flatMap(({ identity, error }) =>
    error.problems.map((problem) => ({ problem, stops: only(identity) })),
  );
}

function filesForRegions({ environment, regions }: Fleet, files: StackFiles): Finding[] {
  const present = [...files.regional, ...files.broken].map(({ identity }) => stackName(identity));
  return Object.keys(regions).flatMap((region): Finding[] => {
    const identity: StackIdentity = { environment, kind: "regional", region };
    const stack = stackName(identity);
    if (present.includes(stack)) return [];
    const problem = {
      key: `${fleetFile(environment)}: regions.${region}`,
      rule: `every region of the fleet has its stack file; there is no Pulumi.${stack}.yaml`,
      fix: `write Pulumi.${stack}.yaml (start from another region's) or remove ${region} from the fleet`,
    };
    return [{ problem, stops: only(identity) }];
  });
}

function regionsForFiles({ environment, regions }: Fleet, { regional }: StackFiles): Finding[] {
  const known = Object.keys(regions);
  return regional.flatMap(({ file, identity }): Finding[] => {
    if (Object.hasOwn(regions, identity.region)) return [];
    const problem = {
      key: `${file}: the stack's region`,
      value: identity.region,
      rule: `must be a region of the fleet: ${oneOf(known)}`,
      fix: `add ${identity.region} to ${fleetFile(environment)}: regions, or remove ${file}`,
    };
    return [{ problem, stops: only(identity) }];
  });
}

function awsRegions(_fleet: Fleet, files: StackFiles): Finding[] {
  const missing = [files.global, files.backbone].flatMap((found): Finding[] => {
    if (found === undefined || found.awsRegion !== undefined) return [];
    const problem = {
      key: `${found.file}: aws:region`,
      rule: "required: the region in which this stack asks AWS who it is",
      fix: "set it to a region that works, such as eu-west-1",
    };
    return [{ problem, stops: only(found.identity) }];
  });
  const wrong = files.regional.flatMap(({ file, identity, awsRegion }): Finding[] => {
    if (awsRegion === identity.region) return [];
    const problem = {
      key: `${file}: aws:region`,
      value: awsRegion,
      rule: `a regional stack works in the region that its name says, ${identity.region}`,
      fix: `set it to ${identity.region}; a live stack never moves, another region is another stack`,
    };
    return [{ problem, stops: only(identity) }];
  });
  return [...missing, ...wrong];
}

/** The data home need not be the primary: after a failover another region is. */
function onePrimary({ regions }: Fleet, files: StackFiles): Finding[] {
  const { broken } = files;
  const regional = files.regional.filter(({ identity }) => Object.hasOwn(regions, identity.region));
  const primaries = regional.filter(({ config }) => config.database.role === "primary");
  if (primaries.length > 1) {
    const problem = {
      key: `${allOf(primaries.map(({ file }) => file))}: database.role`,
      value: "primary",
      rule: "exactly one region of the fleet is the primary, the Aurora writer",
      fix: "write secondary in the others; the edit of a file is enough, their stacks need not run",
    };
    return [{ problem, stops: every("regional") }];
  }
  const unknown = broken.some(({ identity }) => identity.kind === "regional");
  if (primaries.length === 1 || unknown || regional.length === 0) return [];
  const problem = {
    key: `${allOf(regional.map(({ file }) => file))}: database.role`,
    value: "secondary",
    rule: "exactly one region of the fleet is the primary, the Aurora writer",
    fix: "write primary in the file of the region that is the writer",
  };
  return [{ problem, stops: every("regional") }];
}

function takeovers({ regions }: Fleet, { regional }: StackFiles): Finding[] {
  const known = Object.keys(regions);
  return regional.flatMap(({ file, identity, config }) =>
    config.takeover.flatMap((value, index): Finding[] => {
      const key = `${file}: takeover[${index}]`;
      const others = known.filter((region) => region !== identity.region);
      if (others.includes(value)) return [];
      const own = value === identity.region;
      const rule = own
        ? "a region takes over others; what is homed in it runs in it anyway"
        : `must be another region of the fleet: ${oneOf(others)}`;
      const fix = own ? "remove it" : `write ${nearestRegion(value, others) ?? oneOf(others)}`;
      return [{ problem: { key, value, rule, fix }, stops: only(identity) }];
    }),
  );
}

function trafficForRegions({ regions }: Fleet, files: StackFiles): Finding[] {
  if (files.global === undefined) return [];
  const { file, config } = files.global;
  const known = Object.keys(regions);
  const stops = every("global");
  const foreign = Object.entries(config.regions).flatMap(([region, value]): Finding[] => {
    if (Object.hasOwn(regions, region)) return [];
    const key = `${file}: regions.${region}`;
    const meant = nearestRegion(region, known);
    const rule = `must be a region of the fleet: ${oneOf(known)}`;
    const fix = meant === undefined ? "remove it" : `rename it to ${meant}`;
    return [{ problem: { key, value, rule, fix }, stops }];
  });
  const meantFor = (region: string): boolean =>
    Object.keys(config.regions).some(
      (listed) => !Object.hasOwn(regions, listed) && nearestRegion(listed, known) === region,
    );
  const missing = known.flatMap((region): Finding[] => {
    if (Object.hasOwn(config.regions, region) || meantFor(region)) return [];
    const problem = {
      key: `${file}: regions.${region}.traffic`,
      rule: "required: every region of the fleet has a traffic state",
      fix: "write active, drained or pinned",
    };
    return [{ problem, stops }];
  });
  return [...foreign, ...missing];
}

/** Route 53 takes "all unhealthy" for "all healthy": draining all would drain none. */
function neverTheLastRegion(_fleet: Fleet, { global }: StackFiles): Finding[] {
  if (global === undefined) return [];
  const states = Object.entries(global.config.regions);
  if (states.length === 0 || states.some(([, { traffic }]) => traffic !== "drained")) return [];
  const problem = {
    key: `${global.file}: traffic of ${allOf(states.map(([region]) => region))}`,
    value: "drained",
    rule: "at least one region is not drained; with all of them drained Route 53 answers as if all were healthy",
    fix: "write active for a region that can serve",
  };
  return [{ problem, stops: every("global") }];
}
