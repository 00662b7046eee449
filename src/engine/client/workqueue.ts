// A queue of keys to reconcile: each key at most once, never by two workers at a time, with backoff for failures.
// Models client-go's rate limiting workqueue (exponential 5 ms … 1000 s per key).
import { exponentialBounds, Histogram } from '../../base/metric-counts.ts';
import type { Scope } from '../sim/scope.ts';
import { Signal } from '../sim/signal.ts';
import type { Work } from '../sim/work.ts';

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** So many are kept of keys that were taken. */
const sinceMax = 256;
const durationBounds = exponentialBounds(1e-8, 10, 10);

const clientGoBackoff: Backoff = { firstMs: 5, maxMs: 1_000_000 };

export class WorkQueue {
  /** Waiting keys in order, each with the trace step that asked for it last. */
  private readonly waiting = new Map<string, number>();
  /** When each of the waiting keys came, those of the first `taken` keys apart. */
  private readonly since: number[] = [];
  private taken = 0;
  /** Keys that workers have, and since when. */
  private readonly busy = new Map<string, number>();
  /** Asked for again while a worker had them. */
  private readonly dirty = new Map<string, number>();
  private readonly failures = new Map<string, number>();
  private readonly delayed = new Map<string, { readonly at: number; readonly stop: () => void }>();
  private readonly signal: Signal;
  /** How often keys were asked for, and asked for again because they failed. */
  adds = 0;
  retries = 0;
  /** Seconds that keys have waited, and that workers had them. */
  readonly waits = new Histogram(durationBounds);
  readonly works = new Histogram(durationBounds);

  constructor(
    private readonly scope: Scope,
    private readonly backoff: Backoff = clientGoBackoff,
  ) {
    this.signal = new Signal(scope);
  }

  get length(): number {
    return this.waiting.size;
  }

  add(key: string): void {
    if (this.busy.has(key)) {
      if (!this.dirty.has(key)) this.adds++;
      this.dirty.set(key, this.scope.cause);
      return;
    }
    if (this.waiting.has(key)) return;
    this.adds++;
    this.wait(key, this.scope.cause);
  }

  /** Adds once `delayMs` have passed; of several delays for one key the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const at = this.scope.now + delayMs;
    const known = this.delayed.get(key);
    if (known && known.at <= at) return;
    known?.stop();
    const stop = this.scope.schedule(delayMs, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { at, stop });
  }

  addRateLimited(key: string): void {
    this.retries++;
    const count = this.failures.get(key) ?? 0;
    this.failures.set(key, count + 1);
    this.addAfter(key, Math.min(this.backoff.firstMs * 2 ** Math.min(count, 40), this.backoff.maxMs));
  }

  /** The key has succeeded: its next failure starts from the first delay. */
  forget(key: string): void {
    this.failures.delete(key);
  }

  /** Seconds that each key in work has been there. */
  unfinished(): readonly number[] {
    return [...this.busy.values()].map((since) => (this.scope.now - since) / 1000);
  }

  /** The next key; the caller says `done(key)` when it is through with it. */
  *take(): Work<string> {
    for (;;) {
      for (const [key, cause] of this.waiting) {
        this.waiting.delete(key);
        this.busy.set(key, this.scope.now);
        this.waits.observe((this.scope.now - this.nextSince()) / 1000);
        this.scope.resumeCause(cause);
        return key;
      }
      yield* this.signal.wait();
    }
  }

  done(key: string): void {
    this.works.observe((this.scope.now - (this.busy.get(key) ?? this.scope.now)) / 1000);
    this.busy.delete(key);
    const cause = this.dirty.get(key);
    if (cause === undefined) return;
    this.dirty.delete(key);
    this.wait(key, cause);
  }

  private wait(key: string, cause: number): void {
    this.waiting.set(key, cause);
    this.since.push(this.scope.now);
    this.signal.notify();
  }

  /** When the key came that is taken now. */
  private nextSince(): number {
    const since = this.since[this.taken++] ?? this.scope.now;
    if (this.taken === sinceMax) {
      this.since.splice(0, this.taken);
      this.taken = 0;
    }
    return since;
  }
}
