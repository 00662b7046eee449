// A queue of keys to reconcile: each key at most once, never by two workers at a time, with backoff for failures.
// Models client-go's rate limiting workqueue (exponential 5 ms … 1000 s per key).
import type { Scope } from '../sim/scope.ts';
import { Signal } from '../sim/signal.ts';
import type { Work } from '../sim/work.ts';

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

const clientGoBackoff: Backoff = { firstMs: 5, maxMs: 1_000_000 };

export class WorkQueue {
  /** Waiting keys in order, each with the trace step that asked for it last. */
  private readonly waiting = new Map<string, number>();
  private readonly busy = new Set<string>();
  /** Asked for again while a worker had them. */
  private readonly dirty = new Map<string, number>();
  private readonly failures = new Map<string, number>();
  private readonly delayed = new Map<string, { readonly at: number; readonly stop: () => void }>();
  private readonly signal: Signal;

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
      this.dirty.set(key, this.scope.cause);
      return;
    }
    if (this.waiting.has(key)) return;
    this.waiting.set(key, this.scope.cause);
    this.signal.notify();
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
    const count = this.failures.get(key) ?? 0;
    this.failures.set(key, count + 1);
    this.addAfter(key, Math.min(this.backoff.firstMs * 2 ** Math.min(count, 40), this.backoff.maxMs));
  }

  /** The key has succeeded: its next failure starts from the first delay. */
  forget(key: string): void {
    this.failures.delete(key);
  }

  retries(key: string): number {
    return this.failures.get(key) ?? 0;
  }

  /** The next key; the caller says `done(key)` when it is through with it. */
  *take(): Work<string> {
    for (;;) {
      for (const [key, cause] of this.waiting) {
        this.waiting.delete(key);
        this.busy.add(key);
        this.scope.resumeCause(cause);
        return key;
      }
      yield* this.signal.wait();
    }
  }

  done(key: string): void {
    this.busy.delete(key);
    const cause = this.dirty.get(key);
    if (cause === undefined) return;
    this.dirty.delete(key);
    this.waiting.set(key, cause);
    this.signal.notify();
  }
}
