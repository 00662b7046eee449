// What `kubectl get pods` shows: the pod's state in one word, and how its containers do.
import type { Container, ContainerState, ContainerStatus, Pod } from '../api/generated/types.ts';
import { parseTime } from '../api/meta.ts';
import { humanDuration } from '../base/human-duration.ts';
import { ageColumn, nameColumn, textColumn, wide } from './columns.ts';
import type { Column } from './kind.ts';
import { remember } from './share.ts';

/** Name, Ready, Status, Restarts, Age and what `-o wide` adds. */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  textColumn('Ready', 'Containers that are ready, of all.', (pod) => {
    const { ready, total } = summaryOf(pod);
    return `${ready}/${total}`;
  }),
  textColumn('Status', 'State of the pod and its containers in a word.', (pod) => summaryOf(pod).reason),
  textColumn('Restarts', 'Restarts of the containers, and when the last one was.', (pod, nowMs) => {
    const { restarts, restartedAt } = summaryOf(pod);
    if (restarts === 0 || restartedAt === undefined) return String(restarts);
    return `${restarts} (${humanDuration(nowMs - restartedAt)} ago)`;
  }),
  ageColumn,
  wide(textColumn('IP', 'Address of the pod.', (pod) => pod.status?.podIPs?.[0]?.ip || '<none>')),
  wide(textColumn('Node', 'Node on which the pod runs.', (pod) => pod.spec?.nodeName || '<none>')),
  wide(
    textColumn(
      'Nominated Node',
      'Node on which the pod waits for others to be preempted.',
      (pod) => pod.status?.nominatedNodeName || '<none>',
    ),
  ),
  wide(textColumn('Readiness Gates', 'Further conditions that hold, of those asked for.', readinessGates)),
];

/** One word for the state of a pod, e.g. `Running`, `Init:0/2`, `CrashLoopBackOff`; and its counts. */
export interface PodSummary {
  readonly reason: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** When a container last ended, in milliseconds since the Unix epoch. */
  readonly restartedAt: number | undefined;
}

/** What the Ready, Status and Restarts columns say of a pod. */
export const summaryOf = remember((pod: Pod): PodSummary => {
  const init = summarizeInit(pod);
  const gated = pod.status?.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  const phase = pod.status?.phase ?? '';
  let reason = gated ? 'SchedulingGated' : pod.status?.reason || phase;
  let counts: Counts = init;
  const total = (pod.spec?.containers.length ?? 0) + init.sidecars;
  if (init.reason !== undefined) reason = init.reason;
  if (init.reason === undefined || hasCondition(pod, 'Initialized')) {
    const main = summarizeMain(pod, reason);
    reason = main.reason;
    counts = {
      ready: init.ready + main.ready,
      restarts: init.sidecarRestarts + main.restarts,
      restartedAt: later(init.sidecarRestartedAt, main.restartedAt),
    };
  }
  if (pod.metadata?.deletionTimestamp !== undefined) {
    if (pod.status?.reason === 'NodeLost') reason = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') reason = 'Terminating';
  }
  return { reason, total, ready: counts.ready, restarts: counts.restarts, restartedAt: counts.restartedAt };
});

interface Counts {
  readonly ready: number;
  readonly restarts: number;
  readonly restartedAt: number | undefined;
}

interface InitSummary extends Counts {
  /** Set while init containers are not done. */
  readonly reason: string | undefined;
  /** Init containers that are restarted always: they count as containers. */
  readonly sidecars: number;
  readonly sidecarRestarts: number;
  readonly sidecarRestartedAt: number | undefined;
}

function summarizeInit(pod: Pod): InitSummary {
  const containers = pod.spec?.initContainers ?? [];
  const sidecars = containers.filter(isSidecar);
  let ready = 0;
  let restarts = 0;
  let restartedAt: number | undefined;
  let sidecarRestarts = 0;
  let sidecarRestartedAt: number | undefined;
  let reason: string | undefined;
  for (const [i, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const sidecar = sidecars.some(({ name }) => name === status.name);
    restarts += status.restartCount;
    restartedAt = later(restartedAt, endedAt(status));
    if (sidecar) {
      sidecarRestarts += status.restartCount;
      sidecarRestartedAt = later(sidecarRestartedAt, endedAt(status));
    }
    if (status.state?.terminated && status.state.terminated.exitCode === 0) continue;
    if (sidecar && status.started) {
      if (status.ready) ready++;
      continue;
    }
    reason = initReason(status.state, i, containers.length);
    break;
  }
  return { ready, restarts, restartedAt, reason, sidecars: sidecars.length, sidecarRestarts, sidecarRestartedAt };
}

function initReason(state: ContainerState | undefined, done: number, total: number): string {
  if (state?.terminated) {
    const { reason, signal, exitCode } = state.terminated;
    return reason ? `Init:${reason}` : signal ? `Init:Signal:${signal}` : `Init:ExitCode:${exitCode}`;
  }
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${done}/${total}`;
}

/** The last container's word counts least, the first one's most. */
function summarizeMain(pod: Pod, given: string): Counts & { readonly reason: string } {
  let reason = given;
  let errorReason = '';
  let running = false;
  let ready = 0;
  let restarts = 0;
  let restartedAt: number | undefined;
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    restarts += status.restartCount;
    restartedAt = later(restartedAt, endedAt(status));
    const { waiting, terminated } = status.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) {
      const { signal, exitCode } = terminated;
      reason = terminated.reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
      if (exitCode !== 0) errorReason = reason;
    } else if (status.ready && status.state?.running) {
      running = true;
      ready++;
    }
  }
  if (reason === 'Completed') {
    if (running && hasCondition(pod, 'Ready')) reason = 'Running';
    else if (errorReason !== '') reason = errorReason;
    else if (running) reason = 'NotReady';
  }
  return { reason, ready, restarts, restartedAt };
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter(({ conditionType }) => hasCondition(pod, conditionType)).length}/${gates.length}`;
}

function hasCondition(pod: Pod, type: string): boolean {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status === 'True';
}

function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

function endedAt(status: ContainerStatus): number | undefined {
  return parseTime(status.lastState?.terminated?.finishedAt);
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
