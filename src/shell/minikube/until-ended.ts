// Waiting for the end of a command that stays: Ctrl-C, a signal, or the end of the terminal.
import type { Cancellation } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';

/** Cancelled when the learner has had enough; the command then cleans up and ends by itself. */
export function untilEnded(process: Process): Cancellation {
  const listeners = new Set<() => void>();
  let over = false;
  const end = (): void => {
    over = true;
    for (const run of listeners) run();
    listeners.clear();
  };
  process.onSignal('SIGINT', end);
  process.onSignal('SIGTERM', end);
  process.cancel.onCancel(end);
  return {
    get cancelled() {
      return over;
    },
    onCancel(run) {
      if (over) run();
      else listeners.add(run);
      return () => listeners.delete(run);
    },
  };
}

const lookMs = 60_000;

/** Resolves when the command is to end. */
export async function ended(process: Process, ending = untilEnded(process)): Promise<void> {
  while (!ending.cancelled) await process.clock.sleep(lookMs, ending).catch(() => {});
}
