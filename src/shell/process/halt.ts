// Whether a process is stopped (SIGSTOP, SIGTSTP) until SIGCONT, and what waits for either.
import type { Cancellation } from '../../api/ports.ts';
import type { Signal } from '../../api/program.ts';

/** Signals kept for a stopped process at most. */
const pendingMax = 32;

export class Halt {
  private stopped = false;
  private readonly onStop = new Set<() => void>();
  private readonly waking = new Set<() => void>();
  private pending: Signal[] = [];

  get isStopped(): boolean {
    return this.stopped;
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    for (const run of [...this.onStop]) run();
  }

  /** Goes on; answers with the signals that came meanwhile. */
  resume(): readonly Signal[] {
    this.stopped = false;
    const signals = this.pending;
    this.pending = [];
    for (const run of this.waking) run();
    this.waking.clear();
    return signals;
  }

  /** Keeps a signal until the process goes on. */
  keep(signal: Signal): void {
    if (this.pending.length < pendingMax) this.pending.push(signal);
  }

  /** Calls `run` whenever it is stopped. Returns how to end that. */
  listen(run: () => void): () => void {
    this.onStop.add(run);
    return () => this.onStop.delete(run);
  }

  /** Resolves when it goes on. */
  over(): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopped) this.waking.add(resolve);
      else resolve();
    });
  }

  /** A wait that ends when it is stopped, too: what it waited for is for others then. */
  orStopped(cancel: Cancellation): Cancellation {
    const halt = this;
    return {
      get cancelled() {
        return cancel.cancelled || halt.stopped;
      },
      onCancel(run) {
        const stops = [cancel.onCancel(run), halt.listen(run)];
        return () => {
          for (const stop of stops) stop();
        };
      },
    };
  }
}
