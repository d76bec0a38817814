import { throwAll } from "../infra/config/errors";
import { checkFleet } from "../infra/config/fleetChecks";
import { loadFleet } from "../infra/config/load";
import { loadStackFiles } from "../infra/config/stackFiles";
import type { Environment } from "../infra/config/stackName";
import type { FleetFiles } from "../infra/failover/fleetFiles";
import { SERVICES } from "../workloads/catalogue";

/**
 * Reads an environment's fleet and stack files.
 *
 * @throws OperatorError that lists every problem with a file by itself.
 */
export function readFleetFiles(projectRoot: string, environment: Environment): FleetFiles {
  const fleet = loadFleet(projectRoot, environment);
  throwAll(checkFleet(fleet, SERVICES));
  const files = loadStackFiles(projectRoot, environment);
  throwAll(files.broken.flatMap(({ error }) => error.problems));
  return { fleet, files };
}
