import { z } from "zod";
import { ENVIRONMENTS } from "./stackName";
import { TRAFFIC_STATES } from "./stackSchemas";

/**
 * What the global stack tells the stacks that read it (the backbone, for its alarms) and operators.
 * Raise `version` when a field changes meaning.
 */
export const GLOBAL_OUTPUTS_VERSION = 1;

export const globalOutputsSchema = z.strictObject({
  version: z.literal(GLOBAL_OUTPUTS_VERSION),
  environment: z.enum(ENVIRONMENTS),
  zoneId: z.string(),
  /** Name servers to enter at the registrar; only where the stack created the zone. */
  nameServers: z.array(z.string()).optional(),
  /** Public hosts, fully qualified. */
  hosts: z.array(z.string()),
  /** Every region that is up, by its code. */
  regions: z.record(
    z.string(),
    z.strictObject({
      traffic: z.enum(TRAFFIC_STATES),
      /** Route 53 health check ids: the calculated gate and the endpoint check under it. */
      gateId: z.string(),
      endpointCheckId: z.string(),
    }),
  ),
});

export type GlobalOutputs = z.infer<typeof globalOutputsSchema>;

/** Name of the stack output that carries the {@link GlobalOutputs} record. */
export const GLOBAL_OUTPUT = "global";
