import type { Fleet } from "./fleet";

/** Pulumi's project name, and so the namespace of our keys in a stack file. */
export const PROJECT = "multi-region-eks";

/** Tags that every taggable resource of a stack carries. */
export function commonTags(fleet: Fleet, stack: string): Record<string, string> {
  return {
    Project: PROJECT,
    Environment: fleet.environment,
    ManagedBy: "pulumi",
    Stack: stack,
  };
}
