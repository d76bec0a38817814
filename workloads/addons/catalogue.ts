import type { Addon } from "./addon";

/** Every add-on, in no order of weight: `installOrder` finds that from what each depends on. */
export const ADDONS: readonly Addon[] = [];
