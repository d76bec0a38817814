import type { Clusters } from "./clusters";
import { countPods } from "./settle";

/** Pods of one region at one time. */
export interface PodSample {
  /** Milliseconds since the epoch. */
  at: number;
  ready: number;
  waiting: number;
}

const PERIOD_MS = 3000;

/** Counts every region's pods from time to time; an API server that is away leaves a gap. */
export class PodSampler {
  readonly samples = new Map<string, PodSample[]>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly clusters: Clusters) {
    for (const region of clusters.regions) this.samples.set(region, []);
  }

  start(): void {
    this.timer = setInterval(() => void this.sample(), PERIOD_MS);
  }

  cancel(): void {
    clearInterval(this.timer);
  }

  /** Takes a last sample. */
  async stop(): Promise<void> {
    this.cancel();
    await this.sample();
  }

  private async sample(): Promise<void> {
    await Promise.all(
      [...this.samples].map(async ([region, samples]) => {
        try {
          const { api } = this.clusters.in(region);
          samples.push({ at: Date.now(), ...(await countPods(api)) });
        } catch {
          // Chaos: there is nothing to count.
        }
      }),
    );
  }
}
