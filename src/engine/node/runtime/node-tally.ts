// What a node's kubelet and runtime have done, counted where it is done: told at the kubelet's /metrics.
import { exponentialBounds, Histogram, Histograms } from '../../../base/metric-counts.ts';

const defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const startBounds = [
  ...[0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600],
];
const pullBounds = [1, 5, 10, 20, 30, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600];

/** What the kubelet asks of the runtime. */
export type RuntimeOperation =
  | 'run_podsandbox'
  | 'stop_podsandbox'
  | 'remove_podsandbox'
  | 'create_container'
  | 'start_container'
  | 'remove_container'
  | 'pull_image';

export class NodeTally {
  readonly operations = new Map<RuntimeOperation, number>();
  readonly failures = new Map<RuntimeOperation, number>();
  /** Seconds of pulling. */
  readonly pulls = new Histogram(exponentialBounds(0.005, 2.5, 14));
  readonly pullsBySize = new Histograms(pullBounds);
  /** Seconds of a worker's rounds, by what they did. */
  readonly rounds = new Histograms(defaultBounds);
  /** Seconds until a pod ran: from when the kubelet saw it, and from when it was created with pulls and without. */
  readonly starts = new Histogram(startBounds);
  readonly startsInAll = new Histogram(startBounds);
  readonly startsAlone = new Histogram(startBounds);
  /** Milliseconds that pods which do not run yet have waited for images. */
  private readonly waited = new Map<string, number>();
  evictions = 0;

  did(operation: RuntimeOperation): void {
    this.operations.set(operation, (this.operations.get(operation) ?? 0) + 1);
  }

  failed(operation: RuntimeOperation): void {
    this.failures.set(operation, (this.failures.get(operation) ?? 0) + 1);
  }

  /** `sizeBytes`: undefined where it has failed. */
  pulled(tookMs: number, sizeBytes: number | undefined): void {
    this.did('pull_image');
    this.pulls.observe(tookMs / 1000);
    if (sizeBytes === undefined) this.failed('pull_image');
    else this.pullsBySize.of(sizeOf(sizeBytes)).observe(tookMs / 1000);
  }

  /** A pod has waited for an image. */
  waitedFor(uid: string, waitedMs: number): void {
    if (waitedMs > 0) this.waited.set(uid, (this.waited.get(uid) ?? 0) + waitedMs);
  }

  /** A pod runs. */
  started(uid: string, at: { readonly now: number; readonly seen: number; readonly created: number }): void {
    this.starts.observe((at.now - at.seen) / 1000);
    this.startsInAll.observe((at.now - at.created) / 1000);
    this.startsAlone.observe(Math.max(0, at.now - at.created - (this.waited.get(uid) ?? 0)) / 1000);
    this.waited.delete(uid);
  }

  forget(uid: string): void {
    this.waited.delete(uid);
  }
}

const mebibyte = 1024 * 1024;
const sizes: readonly (readonly [mebibytes: number, label: string])[] = [
  [10, '0-10MB'],
  [100, '10MB-100MB'],
  [500, '100MB-500MB'],
  [1024, '500MB-1GB'],
  [5 * 1024, '1GB-5GB'],
  [10 * 1024, '5GB-10GB'],
  [20 * 1024, '10GB-20GB'],
  [30 * 1024, '20GB-30GB'],
  [40 * 1024, '30GB-40GB'],
  [60 * 1024, '40GB-60GB'],
  [100 * 1024, '60GB-100GB'],
];

function sizeOf(bytes: number): string {
  const label = sizes.find(([max]) => bytes < max * mebibyte)?.[1] ?? 'GT100GB';
  return `image_size_in_bytes="${label}"`;
}
