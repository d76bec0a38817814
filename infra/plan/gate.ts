import type { TrafficState } from "../config/stackSchemas";

/** Route 53 takes at most this many children under a calculated health check. */
const MAX_CHILDREN = 255;

/**
 * The `childHealthThreshold` that makes a region's gate say what the operator's traffic state says:
 *
 * - `active`: all children have to be healthy;
 * - `drained`: one more than there are, so Route 53 always calls the gate unhealthy;
 * - `pinned`: none, so Route 53 always calls it healthy.
 *
 * The provider changes the threshold in place, but leaves a 0 out when it creates a check: a new
 * region is brought up `active` or `drained` and pinned afterwards.
 *
 * @param children number of endpoint checks under the gate, 1 to 255.
 * @throws RangeError when the number of children is none that Route 53 takes.
 */
export function gateThreshold(state: TrafficState, children: number): number {
  if (!Number.isInteger(children) || children < 1 || children > MAX_CHILDREN) {
    throw new RangeError(`a gate has 1 to ${MAX_CHILDREN} children, not ${children}`);
  }
  switch (state) {
    case "active":
      return children;
    case "drained":
      return children + 1;
    case "pinned":
      return 0;
  }
}
