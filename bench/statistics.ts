import type { Sample } from "./previewBench";

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

/** Several previews as one: times and resources add up, memory is the highest. */
export function add(samples: readonly Sample[]): Sample {
  const sum = (of: (sample: Sample) => number): number =>
    samples.reduce((total, sample) => total + of(sample), 0);
  return combine(samples, sum);
}

/** The medians of a sample's figures, of memory the highest. */
export function medianSample(samples: readonly Sample[]): Sample {
  return combine(samples, (of) => median(samples.map(of)));
}

function combine(
  samples: readonly Sample[],
  figure: (of: (sample: Sample) => number) => number,
): Sample {
  return {
    seconds: figure(({ seconds }) => seconds),
    cpu: {
      engine: figure(({ cpu }) => cpu.engine),
      program: figure(({ cpu }) => cpu.program),
      doubles: figure(({ cpu }) => cpu.doubles),
    },
    peakMb: Math.max(...samples.map(({ peakMb }) => peakMb)),
    resources: figure(({ resources }) => resources),
  };
}
