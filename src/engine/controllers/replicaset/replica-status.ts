// The status of a ReplicaSet or a ReplicationController, computed from its pods.
import type { Pod, ReplicaSetCondition, ReplicaSetStatus } from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';
import { selectorFromLabels } from '../../../api/selectors.ts';
import { equal } from '../../../base/json.ts';
import { isPodAvailable, isPodReady } from '../shared/pod-state.ts';
import { nonZero, present } from '../shared/present.ts';

export interface ReplicaFindings {
  readonly old: ReplicaSetStatus | undefined;
  /** Wanted. */
  readonly replicas: number;
  readonly minReadySeconds: number;
  readonly templateLabels: { readonly [key: string]: string };
  readonly active: readonly Pod[];
  /** Undefined: the kind does not count them. */
  readonly terminating: number | undefined;
  /** Why pods could not be created or deleted. */
  readonly error: unknown;
  readonly generation: number;
  readonly now: number;
}

export function replicaStatus(findings: ReplicaFindings): ReplicaSetStatus {
  const { active, minReadySeconds, now } = findings;
  const template = selectorFromLabels(findings.templateLabels);
  let fullyLabeled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of active) {
    if (template.matches(pod.metadata?.labels)) fullyLabeled++;
    if (!isPodReady(pod)) continue;
    ready++;
    if (isPodAvailable(pod, minReadySeconds, now)) available++;
  }
  const conditions = failureCondition(findings);
  return present({
    replicas: active.length,
    fullyLabeledReplicas: nonZero(fullyLabeled),
    readyReplicas: nonZero(ready),
    availableReplicas: nonZero(available),
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
  const tooFew = findings.active.length < findings.replicas;
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
