// A cancellation that its owner can trigger.
import type { Cancellation } from '../api/ports.ts';

export class CancelSource implements Cancellation {
  private listeners: Set<() => void> | undefined = new Set();

  get cancelled(): boolean {
    return this.listeners === undefined;
  }

  onCancel(run: () => void): () => void {
    if (this.listeners === undefined) {
      run();
      return () => {};
    }
    this.listeners.add(run);
    return () => this.listeners?.delete(run);
  }

  cancel(): void {
    const listeners = this.listeners;
    this.listeners = undefined;
    for (const run of listeners ?? []) run();
  }
}
