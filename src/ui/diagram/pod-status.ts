// A pod's status as kubectl names it, and the shape that it is drawn with.
import type { ContainerStatus, Node, Pod } from '../../api/generated/types.ts';

/** The shape says it before the colour does. */
export type StatusShape = 'running' | 'waiting' | 'starting' | 'failing' | 'ending' | 'completed' | 'unknown';

export interface PodStatusView {
  readonly shape: StatusShape;
  /** kubectl's STATUS column, e.g. `CrashLoopBackOff`. */
  readonly text: string;
  readonly restarts: number;
  /** One entry a container: whether it is ready. */
  readonly containers: readonly boolean[];
}

const startingReasons = new Set(['ContainerCreating', 'PodInitializing']);

export function podStatus({ metadata, spec, status }: Pod): PodStatusView {
  const statuses = status?.containerStatuses ?? [];
  const rest = {
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    containers: (spec?.containers ?? []).map(({ name }) => statuses.find((one) => one.name === name)?.ready ?? false),
  };
  const reason = reasonOf(status?.containerStatuses ?? []);
  if (metadata?.deletionTimestamp !== undefined)
    return { ...rest, shape: status?.reason === 'NodeLost' ? 'unknown' : 'ending', text: 'Terminating' };
  const text = reason ?? status?.reason ?? status?.phase ?? 'Unknown';
  return { ...rest, shape: shapeOf(text, spec?.nodeName !== undefined, rest.containers), text };
}

function shapeOf(text: string, placed: boolean, ready: readonly boolean[]): StatusShape {
  if (text === 'Succeeded' || text === 'Completed') return 'completed';
  if (text === 'Running') return ready.every(Boolean) ? 'running' : 'starting';
  if (text === 'Pending') return placed ? 'starting' : 'waiting';
  if (startingReasons.has(text)) return 'starting';
  return text === 'Unknown' ? 'unknown' : 'failing';
}

/** Why a container does not run: what it waits for, or how it ended. */
function reasonOf(statuses: readonly ContainerStatus[]): string | undefined {
  return statuses.map(({ state }) => state?.waiting?.reason ?? state?.terminated?.reason).find(Boolean);
}

/** A node's conditions as kubectl's STATUS column has them. */
export function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const words = [ready === 'True' ? 'Ready' : 'NotReady'];
  if (spec?.unschedulable) words.push('SchedulingDisabled');
  return words.join(',');
}
