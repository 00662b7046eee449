// Ending a container: its preStop hook, the signal it asks for, the grace period, SIGKILL.
import type { Container as ContainerSpec, LifecycleHandler } from '../../../api/generated/types.ts';
import type { Scope } from '../../sim/scope.ts';
import { perform, type Work } from '../../sim/work.ts';
import type { Container } from '../runtime/container.ts';
import type { Tell } from './image-manager.ts';
import { checkProbe, type ProbeTarget } from './probe-check.ts';

/** Upstream never gives a process less than that to end by itself. */
const graceSecondsMin = 2;
const hookTimeoutMs = 30_000;
/** Until the runtime has cleared up behind a process and says that it is over. */
const noticeMs = 100;

export interface StopOptions {
  readonly graceSeconds: number;
  /** Default `Stopping container NAME`. */
  readonly message?: string;
}

export function* stopContainer(
  target: ProbeTarget,
  tell: Tell,
  { graceSeconds, message = `Stopping container ${target.spec.name}` }: StopOptions,
): Work<void> {
  const { scope, container, spec } = target;
  if (container.state !== 'running') return;
  tell('Normal', 'Killing', message);
  let leftMs = graceSeconds * 1000;
  const preStop = spec.lifecycle?.preStop;
  if (preStop && leftMs > 0) {
    const begun = scope.now;
    const problem = yield* runHook(preStop, leftMs, target);
    if (problem !== undefined) tell('Warning', 'FailedPreStopHook', 'PreStopHook failed');
    leftMs -= scope.now - begun;
  }
  container.signal(stopSignalOf(spec, container));
  if (!(yield* exits(scope, container, Math.max(leftMs, graceSecondsMin * 1000)))) container.signal('SIGKILL');
  yield* scope.sleep(noticeMs);
}

/** Runs a lifecycle hook; undefined when it went well. */
export function* runHook(hook: LifecycleHandler, limitMs: number, target: ProbeTarget): Work<string | undefined> {
  if (hook.sleep) {
    yield* target.scope.sleep(Math.min(hook.sleep.seconds * 1000, limitMs));
    return undefined;
  }
  const { ok, output } = yield* checkProbe(hook, hook.exec ? limitMs : Math.min(limitMs, hookTimeoutMs), target);
  return ok ? undefined : output;
}

/** Whether the container ends within that time. */
function* exits(scope: Scope, container: Container, withinMs: number): Work<boolean> {
  if (container.state !== 'running') return true;
  return yield* perform<boolean>((settle) => {
    const stopTimer = scope.schedule(withinMs, () => {
      stopWaiting();
      settle.value(false);
    });
    const stopWaiting = container.onExit(() => {
      stopTimer();
      scope.schedule(0, () => settle.value(true));
    });
    return () => {
      stopTimer();
      stopWaiting();
    };
  });
}

function stopSignalOf(spec: ContainerSpec, container: Container): Parameters<Container['signal']>[0] {
  const wanted = spec.lifecycle?.stopSignal;
  return wanted === 'SIGINT' ||
    wanted === 'SIGQUIT' ||
    wanted === 'SIGHUP' ||
    wanted === 'SIGKILL' ||
    wanted === 'SIGTERM'
    ? wanted
    : container.stopSignal;
}
