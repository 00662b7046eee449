// A cancellation of one's own, which also follows another.
import type { Cancellation } from '../../api/ports.ts';

export class Switch implements Cancellation {
  private readonly listeners = new Set<() => void>();
  private readonly unfollow: () => void;
  private done = false;

  constructor(outer: Cancellation) {
    this.unfollow = outer.onCancel(() => this.cancel());
  }

  get cancelled(): boolean {
    return this.done;
  }

  cancel(): void {
    if (this.done) return;
    this.done = true;
    this.unfollow?.();
    for (const run of [...this.listeners]) run();
    this.listeners.clear();
  }

  onCancel(run: () => void): () => void {
    if (this.done) run();
    else this.listeners.add(run);
    return () => this.listeners.delete(run);
  }
}
