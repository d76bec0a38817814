import type { Fleet } from "../infra/config/fleet";
import { stackName } from "../infra/config/stackName";

/**
 * The stacks of a fleet in the order in which they come up: the data home (it creates the global
 * database that the others join), the other regions, `global`, `backbone`. Destroy goes backwards.
 */
export function bringUpOrder(fleet: Pick<Fleet, "environment" | "dataHome" | "regions">): string[] {
  const { environment, dataHome, regions } = fleet;
  const others = Object.keys(regions).filter((region) => region !== dataHome);
  return [
    ...[dataHome, ...others].map((region) => stackName({ environment, kind: "regional", region })),
    stackName({ environment, kind: "global" }),
    stackName({ environment, kind: "backbone" }),
  ];
}
