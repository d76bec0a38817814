import type { Fleet } from "../config/fleet";
import type { StackFiles } from "../config/stackFiles";
import { stackName } from "../config/stackName";
import type { RegionalConfig, TrafficState } from "../config/stackSchemas";

/** What an operator edits: one environment's fleet and its stack files. */
export interface FleetFiles {
  fleet: Fleet;
  files: StackFiles;
}

export function regionsOf({ fleet }: FleetFiles): string[] {
  return Object.keys(fleet.regions);
}

/** A region without a state counts as active: its stack file is refused elsewhere. */
export function trafficOf({ files }: FleetFiles, region: string): TrafficState {
  return files.global?.config.regions[region]?.traffic ?? "active";
}

/** Undefined where the region has no stack file that can be read. */
export function configOf({ files }: FleetFiles, region: string): RegionalConfig | undefined {
  return files.regional.find(({ identity }) => identity.region === region)?.config;
}

/** The region whose file says that it is the primary; undefined when none or several do. */
export function primaryOf(at: FleetFiles): string | undefined {
  const primaries = regionsOf(at).filter(
    (region) => configOf(at, region)?.database.role === "primary",
  );
  return primaries.length === 1 ? primaries[0] : undefined;
}

export function regionalStackName({ fleet: { environment } }: FleetFiles, region: string): string {
  return stackName({ environment, kind: "regional", region });
}

export function globalStackName({ fleet: { environment } }: FleetFiles): string {
  return stackName({ environment, kind: "global" });
}
