/**
 * Makes the provider wait until the object says so, for it knows nothing of custom kinds
 * (pulumi-kubernetes, "pulumi.com/waitFor", since 4.20).
 */
export function waitFor(...conditions: readonly [string, ...string[]]): Record<string, string> {
  const [only, ...others] = conditions;
  return { "pulumi.com/waitFor": others.length === 0 ? only : JSON.stringify(conditions) };
}

/** Deletes what the object owns before the object itself. */
export const FOREGROUND_DELETION = {
  "pulumi.com/deletionPropagationPolicy": "foreground",
} as const;

/** Keeps CRDs, and with them everybody's objects of those kinds, when their release goes. */
export const KEEP = { "helm.sh/resource-policy": "keep" } as const;

/** Container settings of the restricted Pod Security Standard, for charts that leave them open. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} as const;
