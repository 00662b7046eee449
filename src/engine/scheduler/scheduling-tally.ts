// What became of the scheduler's attempts, and where pods came into its queues from: told at /metrics.
import { Counts, exponentialBounds, Histogram, Histograms } from '../../base/metric-counts.ts';
import type { QueuedPod } from './queued-pod.ts';

export type AttemptResult = 'scheduled' | 'unschedulable' | 'error';
export type QueueName = 'active' | 'backoff' | 'unschedulable' | 'gated';

const attemptBounds = exponentialBounds(0.001, 2, 15);

export class SchedulingTally {
  /** Seconds of decision and binding, by what came of it. */
  readonly attempts = new Map<AttemptResult, Histogram>();
  /** How many attempts pods have needed. */
  readonly tries = new Histogram(exponentialBounds(1, 2, 5));
  /** Seconds from the first attempt on until the pod was bound, by how many it took. */
  readonly slis = new Histograms(exponentialBounds(0.01, 2, 20));
  private readonly incoming = new Map<string, Counts>();
  /** Pods that had to go, for each pod that they made room for. */
  readonly victims = new Histogram(exponentialBounds(1, 2, 7));
  /** How often room was looked for by preemption. */
  preemptions = 0;

  attempted(result: AttemptResult, tookMs: number): void {
    let histogram = this.attempts.get(result);
    if (!histogram) {
      histogram = new Histogram(attemptBounds);
      this.attempts.set(result, histogram);
    }
    histogram.observe(tookMs / 1000);
  }

  bound({ attempts, triedAt, poppedAt }: QueuedPod, now: number, cycleMs: number): void {
    this.attempted('scheduled', now - poppedAt + cycleMs);
    this.tries.observe(attempts);
    this.slis.of(attempts >= 16 ? '16+' : String(attempts)).observe((now - triedAt + cycleMs) / 1000);
  }

  came(event: string, queue: QueueName): void {
    let counts = this.incoming.get(event);
    if (!counts) {
      counts = new Counts();
      this.incoming.set(event, counts);
    }
    counts.add(queue);
  }

  /** How many came into each queue because of each event. */
  arrivals(): readonly { readonly event: string; readonly queue: string; readonly count: number }[] {
    return [...this.incoming]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([event, counts]) =>
        counts.series().map(({ labels = '', value }) => ({ event, queue: labels, count: value })),
      );
  }
}
