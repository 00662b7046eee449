// The status of a ReplicaSet or a ReplicationController, computed from its pods.
import type { Pod, ReplicaSetCondition, ReplicaSetStatus } from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';
import type { Selector } from '../../../api/selectors.ts';
import { equal } from '../../../base/json.ts';
import { isPodAvailable, isPodReady } from '../shared/pod-state.ts';
import { nonZero, present } from '../shared/present.ts';

/** What a set's pods amount to. */
export interface ReplicaCounts {
  readonly active: number;
  readonly ready: number;
  readonly available: number;
  readonly fullyLabeled: number;
  /** Undefined: the kind does not count them. */
  readonly terminating: number | undefined;
  /** Why pods could not be created or deleted. */
  readonly error: unknown;
}

export interface ReplicaFindings extends ReplicaCounts {
  readonly old: ReplicaSetStatus | undefined;
  /** Wanted. */
  readonly replicas: number;
  readonly generation: number;
  readonly now: number;
}

export function countReplicas(
  active: readonly Pod[],
  {
    minReadySeconds,
    template,
    now,
  }: { readonly minReadySeconds: number; readonly template: Selector; readonly now: number },
): Pick<ReplicaCounts, 'active' | 'ready' | 'available' | 'fullyLabeled'> {
  let fullyLabeled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of active) {
    if (template.matches(pod.metadata?.labels)) fullyLabeled++;
    if (!isPodReady(pod)) continue;
    ready++;
    if (isPodAvailable(pod, minReadySeconds, now)) available++;
  }
  return { active: active.length, ready, available, fullyLabeled };
}

export function replicaStatus(findings: ReplicaFindings): ReplicaSetStatus {
  const conditions = failureCondition(findings);
  return present({
    replicas: findings.active,
    fullyLabeledReplicas: nonZero(findings.fullyLabeled),
    readyReplicas: nonZero(findings.ready),
    availableReplicas: nonZero(findings.available),
    terminatingReplicas: findings.terminating,
    observedGeneration: nonZero(findings.generation),
    conditions: conditions.length > 0 ? conditions : undefined,
  });
}

export function statusChanged(old: ReplicaSetStatus | undefined, status: ReplicaSetStatus): boolean {
  return !equal(old ?? {}, status);
}

/** ReplicaFailure comes with a refusal and goes when creating and deleting succeed again. */
function failureCondition(findings: ReplicaFindings): readonly ReplicaSetCondition[] {
  const conditions = findings.old?.conditions ?? [];
  const known = conditions.some(({ type }) => type === 'ReplicaFailure');
  if (findings.error === undefined)
    return known ? conditions.filter(({ type }) => type !== 'ReplicaFailure') : conditions;
  if (known) return conditions;
  const tooFew = findings.active < findings.replicas;
  return [
    ...conditions,
    {
      type: 'ReplicaFailure',
      status: 'True',
      lastTransitionTime: formatTime(findings.now),
      reason: tooFew ? 'FailedCreate' : 'FailedDelete',
      message: findings.error instanceof Error ? findings.error.message : String(findings.error),
    },
  ];
}
