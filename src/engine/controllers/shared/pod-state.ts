// What a pod's status says, in the terms that controllers think in: active, ready, available, finished.
import type { Pod, PodCondition } from '../../../api/generated/types.ts';
import { isBeingDeleted, parseTime } from '../../../api/meta.ts';

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  const conditions = pod.status?.conditions;
  if (conditions) for (const condition of conditions) if (condition.type === type) return condition;
  return undefined;
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True';
}

/** When the pod became ready, in milliseconds; undefined when it is not or does not say. */
export function podReadyAt(pod: Pod): number | undefined {
  const ready = podCondition(pod, 'Ready');
  return ready?.status === 'True' ? parseTime(ready.lastTransitionTime) : undefined;
}

/** Ready for at least that long. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isPodReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const at = podReadyAt(pod);
  return at !== undefined && at + minReadySeconds * 1000 <= now;
}

/** In how many milliseconds the first of the pods that are ready becomes available. */
export function nextAvailabilityMs(pods: Iterable<Pod>, minReadySeconds: number, now: number): number | undefined {
  let next: number | undefined;
  for (const pod of pods) {
    const at = podReadyAt(pod);
    if (at === undefined) continue;
    const inMs = at + minReadySeconds * 1000 - now;
    if (inMs > 0 && (next === undefined || inMs < next)) next = inMs;
  }
  return next;
}

export function isPodFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Neither finished nor being deleted. */
export function isPodActive(pod: Pod): boolean {
  return !isPodFinished(pod) && !isBeingDeleted(pod);
}

/** Being deleted and not finished yet. */
export function isPodTerminating(pod: Pod): boolean {
  return !isPodFinished(pod) && isBeingDeleted(pod);
}
