import { Cloud } from "./cloud";

export { Cloud, GLOBAL, type Thing } from "./cloud";
export type { ClusterAccess, RealCluster, RealClusters } from "./clusters";
export { plainStacks } from "./plainStacks";
export { type Doubles, type RealPackage, startDoubles } from "./provider/server";
export { Refusal } from "./refusal";

/** An empty cloud that refuses dangling references. */
export function createCloud(): Cloud {
  return new Cloud();
}
