// Running one more program in a running container: exec, probes and lifecycle hooks.
import type { HostedEvents, HostedHandle } from '../../../api/program.ts';
import { concatBytes, decodeUtf8 } from '../../../base/bytes.ts';
import type { Scope } from '../../sim/scope.ts';
import { perform, type Work } from '../../sim/work.ts';
import type { Container, ExecOptions } from './container.ts';

export type ExecOutcome =
  | { readonly kind: 'exited'; readonly code: number; readonly output: string }
  /** runc's words. */
  | { readonly kind: 'not started'; readonly problem: string }
  | { readonly kind: 'timeout' };

/** Starts it, or says why the runtime cannot. */
export function startExec(
  container: Container,
  options: ExecOptions,
  events: HostedEvents,
): HostedHandle | { readonly problem: string } {
  const [command = ''] = options.argv;
  const found = container.find(command);
  if (found.kind === 'missing')
    return {
      problem: `failed to exec in container: failed to start exec "${container.execId()}": OCI runtime exec failed: exec failed: unable to start container process: ${found.problem}`,
    };
  return container.exec(options, events);
}

/** Runs it to its end, or for `timeoutMs`. */
export function* execToEnd(
  scope: Scope,
  container: Container,
  argv: readonly string[],
  timeoutMs: number,
): Work<ExecOutcome> {
  return yield* perform<ExecOutcome>((settle) => {
    const pieces: Uint8Array[] = [];
    let over = false;
    const finish = (outcome: ExecOutcome): void => {
      if (over) return;
      over = true;
      stopTimer();
      stopWaiting();
      settle.value(outcome);
    };
    const stopTimer = scope.schedule(timeoutMs, () => {
      handle?.signal('SIGKILL');
      finish({ kind: 'timeout' });
    });
    const stopWaiting = container.onExit(() => finish({ kind: 'exited', code: 137, output: '' }));
    const events: HostedEvents = {
      output: (_, bytes) => pieces.push(bytes),
      exited: (code) => finish({ kind: 'exited', code, output: decodeUtf8(concatBytes(pieces)) }),
      failed: (error) => finish({ kind: 'not started', problem: error.message }),
    };
    const started = startExec(container, { argv, stdin: false }, events);
    const handle = 'problem' in started ? undefined : started;
    if ('problem' in started) finish({ kind: 'not started', problem: started.problem });
    return () => {
      over = true;
      stopTimer();
      stopWaiting();
      handle?.signal('SIGKILL');
    };
  });
}
