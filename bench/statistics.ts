/** A figure that has a limit. */
export interface Budget {
  what: string;
  value: number;
  limit: number;
  unit: string;
  ok: boolean;
}

/**
 * The middle of some numbers, or the mean of the two in the middle.
 *
 * @throws RangeError for none.
 */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError("the median of nothing");
  return (lower + upper) / 2;
}

/** How many times `base` a value is. */
export function ratio(value: number, base: number): number {
  return value / base;
}
