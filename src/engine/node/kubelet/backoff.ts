// Waiting longer after each failure: 10 s, doubled up to 300 s, forgotten after twice the longest wait. Models
// client-go's flowcontrol.Backoff.
import type { Scope } from '../../sim/scope.ts';

const firstMs = 10_000;
const maxMs = 300_000;

interface Entry {
  waitMs: number;
  updatedAt: number;
}

export class Backoff {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly scope: Scope) {}

  /** The current wait of a key. */
  waitMs(key: string): number {
    return this.entries.get(key)?.waitMs ?? 0;
  }

  /** Whether the wait that began at the last failure (or at `since`) is still on. */
  waiting(key: string, since?: number): boolean {
    const entry = this.entries.get(key);
    if (!entry || this.expired(entry, since ?? this.scope.now)) return false;
    return this.scope.now - (since ?? entry.updatedAt) < entry.waitMs;
  }

  /** Counts a failure. */
  next(key: string, at = this.scope.now): void {
    const entry = this.entries.get(key);
    const waitMs = entry && !this.expired(entry, at) ? Math.min(entry.waitMs * 2, maxMs) : firstMs;
    this.entries.set(key, { waitMs, updatedAt: this.scope.now });
  }

  forget(prefix: string): void {
    for (const key of [...this.entries.keys()]) if (key.startsWith(prefix)) this.entries.delete(key);
  }

  private expired(entry: Entry, at: number): boolean {
    return at - entry.updatedAt > 2 * maxMs;
  }
}
