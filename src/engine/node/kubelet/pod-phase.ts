// The pod's phase, from the statuses of its containers. Models getPhase of v1.36.
import type {
  Container,
  ContainerStateTerminated,
  ContainerStatus,
  Pod,
  PodStatus,
} from '../../../api/generated/types.ts';
import { isSidecar, restartingAll, restartsAfter } from './restart-policy.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** Whether a pod will never run again. */
export function hasEnded(status: PodStatus | undefined): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export interface PhaseInput {
  readonly pod: Pod;
  readonly statuses: readonly ContainerStatus[];
  /** Nothing of it runs any more, and nothing will. */
  readonly terminal: boolean;
  /** Whether any regular container has been created. */
  readonly initialized: boolean;
}

export function podPhase(input: PhaseInput): PodPhase {
  const { pod, terminal } = input;
  const init = initCounts(input);
  const main = mainCounts(input);
  if (init.failedForGood > 0) return 'Failed';
  if (init.pending > 0 || (main.pendingSidecars > 0 && !input.initialized) || main.waiting > 0) return 'Pending';
  if (main.running > 0 && main.unknown === 0) return 'Running';
  if (main.running > 0 || main.stopped === 0 || main.unknown > 0) return 'Pending';
  const static_ = pod.metadata?.annotations?.['kubernetes.io/config.source'] === 'file';
  if (!(terminal && !static_) && main.stopped !== main.stoppedForGood) return 'Running';
  return main.stopped === main.succeeded ? 'Succeeded' : 'Failed';
}

function initCounts({ pod, statuses }: PhaseInput): { readonly pending: number; readonly failedForGood: number } {
  let pending = 0;
  let failedForGood = 0;
  for (const spec of pod.spec?.initContainers ?? []) {
    if (isSidecar(spec)) continue;
    const status = statuses.find(({ name }) => name === spec.name);
    const ended = status?.state?.terminated ?? (status?.state?.waiting ? status.lastState?.terminated : undefined);
    if (!ended) pending++;
    else if (ended.exitCode !== 0 && !beginsAgain(spec, pod, ended)) failedForGood++;
    else if (ended.exitCode !== 0 && !status?.state?.terminated) pending++;
    else if (ended.exitCode !== 0) pending++;
  }
  return { pending, failedForGood };
}

function beginsAgain(spec: Container, pod: Pod, { exitCode, reason }: ContainerStateTerminated): boolean {
  return reason === restartingAll || restartsAfter(spec, pod, exitCode);
}

interface MainCounts {
  unknown: number;
  running: number;
  waiting: number;
  stopped: number;
  stoppedForGood: number;
  succeeded: number;
  pendingSidecars: number;
}

function mainCounts({ pod, statuses }: PhaseInput): MainCounts {
  const counts: MainCounts = {
    unknown: 0,
    running: 0,
    waiting: 0,
    stopped: 0,
    stoppedForGood: 0,
    succeeded: 0,
    pendingSidecars: 0,
  };
  for (const spec of pod.spec?.initContainers ?? [])
    if (isSidecar(spec))
      countSidecar(
        counts,
        statuses.find(({ name }) => name === spec.name),
      );
  for (const spec of pod.spec?.containers ?? []) {
    const status = statuses.find(({ name }) => name === spec.name);
    const ended = status?.state?.terminated ?? (status?.state?.waiting ? status.lastState?.terminated : undefined);
    if (status?.state?.running) counts.running++;
    else if (ended) {
      counts.stopped++;
      if (!beginsAgain(spec, pod, ended)) counts.stoppedForGood++;
      if (status?.state?.terminated && ended.exitCode === 0) counts.succeeded++;
    } else if (status?.state?.waiting) counts.waiting++;
    else counts.unknown++;
  }
  return counts;
}

function countSidecar(counts: MainCounts, status: ContainerStatus | undefined): void {
  if (!status?.state) counts.unknown++;
  else if (status.state.running) {
    if (!status.started) counts.pendingSidecars++;
    counts.running++;
  } else if (status.state.waiting && !status.lastState?.terminated) {
    counts.pendingSidecars++;
    counts.waiting++;
  }
}
