/**
 * How an unplanned loss is found: 3 failures 10 s apart. The interval replaces a health check, and a
 * fresh check starts healthy, which would send traffic to a dead region: never change it on live checks.
 */
export const ENDPOINT_TIMING = { requestInterval: 10, failureThreshold: 3 } as const;

/** Seconds that resolvers keep an alias to a load balancer. */
const ALIAS_TTL = 60;

/** Seconds within which Route 53 has a change of a record or health check everywhere. */
const PROPAGATION = 60;

/** Seconds until nobody is sent to a region that stopped answering. No API call, no operator. */
export const SECONDS_TO_DEPART =
  ENDPOINT_TIMING.requestInterval * ENDPOINT_TIMING.failureThreshold + ALIAS_TTL;

/** Seconds until nobody is sent to a region that was drained, from the end of the global stack's `up`. */
export const SECONDS_TO_DRAIN = PROPAGATION + ALIAS_TTL;
