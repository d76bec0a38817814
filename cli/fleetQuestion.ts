import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drainedTogether, type DnsShape } from "../infra/config/drainAlone";
import { OperatorError, type OperatorErrorArgs } from "../infra/config/errors";
import { checkFleetConsistency, judge } from "../infra/config/fleetConsistency";
import { type Environment, ENVIRONMENTS, parseStackName } from "../infra/config/stackName";
import { type FleetFiles, regionsOf, trafficOf } from "../infra/failover/fleetFiles";
import { UsageError } from "./command";
import { applyEdits, type FileEdit } from "../edits/fileEdits";
import { readFleetFiles } from "../edits/fleetFiles";
import { checkOut } from "./gitCheckout";

/** The files as they would be with edits; the checkout stays as it is. */
export function readWithEdits(
  projectRoot: string,
  environment: Environment,
  edits: readonly FileEdit[],
): FleetFiles {
  const copy = mkdtempSync(join(tmpdir(), "failover-"));
  try {
    const files = readdirSync(projectRoot).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    for (const path of [...files, "fleet"]) {
      cpSync(join(projectRoot, path), join(copy, path), { recursive: true });
    }
    applyEdits(copy, edits);
    return readFleetFiles(copy, environment);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The files of the last commit; undefined where the project is in no git checkout, or did not read then. */
export async function readLastCommit(
  projectRoot: string,
  environment: Environment,
): Promise<FleetFiles | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "failover-head-"));
  try {
    await checkOut(projectRoot, "HEAD", join(folder, "head"));
    return readFleetFiles(join(folder, "head"), environment);
  } catch (error) {
    const noGit = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (error instanceof OperatorError || noGit) return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Verdict {
  refused: OperatorErrorArgs[];
  warnings: OperatorErrorArgs[];
}

/**
 * What the guards say of running these stacks with these files. A preview compares a drain with what is
 * deployed; here the last commit stands for that.
 */
export function verdictOn(
  after: FleetFiles,
  stacks: readonly string[],
  committed: FleetFiles | undefined,
): Verdict {
  const findings = checkFleetConsistency(after.fleet, after.files);
  const judged = stacks.map((stack) => judge(findings, parseStackName(stack)));
  const refused = new Set(judged.flatMap(({ errors }) => errors));
  const { global } = after.files;
  const together =
    committed === undefined || global === undefined
      ? []
      : drainedTogether(
          global.file,
          shapeOf(committed),
          shapeOf(after),
          (region) => global.config.regions[region]?.accept ?? [],
        );
  return {
    refused: [...refused, ...together],
    warnings: findings.map(({ problem }) => problem).filter((problem) => !refused.has(problem)),
  };
}

function shapeOf(at: FleetFiles): DnsShape {
  const traffic = regionsOf(at).map((region) => [region, trafficOf(at, region)] as const);
  const { domain, hosts } = at.fleet;
  return {
    hosts: hosts.map((label) => `${label}.${domain}`),
    traffic: Object.fromEntries(traffic),
  };
}

/** @throws UsageError for a name that is no environment. */
export function environmentOf(name: string): Environment {
  const found = ENVIRONMENTS.find((environment) => environment === name);
  if (found !== undefined) return found;
  throw new UsageError(`--environment is one of ${ENVIRONMENTS.join(", ")}`);
}
