// A cancellation that a command itself triggers: to end a sleep or a stream that it no longer needs.
import type { Cancellation } from '../api/ports.ts';

export class Canceller implements Cancellation {
  cancelled = false;
  private readonly listeners = new Set<() => void>();

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const run of this.listeners) run();
    this.listeners.clear();
  }

  onCancel(run: () => void): () => void {
    if (this.cancelled) {
      run();
      return () => undefined;
    }
    this.listeners.add(run);
    return () => this.listeners.delete(run);
  }
}
