import { SECONDS_TO_DEPART, SECONDS_TO_DRAIN } from "../../infra/plan/departure";
import type { StoryName } from "./drill";

/**
 * Seconds that Aurora is given for a promotion. AWS promises none and speaks of minutes; the command
 * itself gives up after 900 s.
 */
const PROMOTION_SECONDS = { planned: 60, unplanned: 120 } as const;

/** Machine time in which an operator's evacuation has to be done, promotion included, s. */
export const EVACUATION_LIMIT = 300;

export interface Recovery {
  /** Until no user is sent to the region: from its failure, or from the end of the drain's `up`. */
  usersSeconds: number;
  /** Previews and `up`s of the evacuation, as measured here: programs and engine, no waiting for AWS. */
  machineSeconds: number;
  /** Assumed for Aurora; 0 when the region was not the writer. */
  promotionSeconds: number;
  /** Machine time and promotion: the operator's whole evacuation. */
  evacuationSeconds: number;
  /** Writes that may be lost, in seconds of them: `typical`, and the `bound` of database.maxLagSeconds. */
  dataAtRisk: { typicalSeconds: number; boundSeconds: number };
}

export interface RecoveryArgs {
  story: StoryName;
  machineSeconds: number;
  /** Whether the region was the writer. */
  promoted: boolean;
  /** database.maxLagSeconds of the region that was promoted. */
  maxLagSeconds: number;
}

/** Typical replication lag of an Aurora Global Database, s. */
const TYPICAL_LAG = 1;

/** How long, and what may be lost. A switchover waits until the new writer has everything. */
export function recoveryOf({
  story,
  machineSeconds,
  promoted,
  maxLagSeconds,
}: RecoveryArgs): Recovery {
  const promotionSeconds = promoted ? PROMOTION_SECONDS[story] : 0;
  const loses = promoted && story === "unplanned";
  return {
    usersSeconds: story === "unplanned" ? SECONDS_TO_DEPART : SECONDS_TO_DRAIN,
    machineSeconds,
    promotionSeconds,
    evacuationSeconds: machineSeconds + promotionSeconds,
    dataAtRisk: {
      typicalSeconds: loses ? TYPICAL_LAG : 0,
      boundSeconds: loses ? maxLagSeconds : 0,
    },
  };
}
