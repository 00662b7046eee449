// The conditions of a deployment: Available, Progressing, ReplicaFailure.
import type { DeploymentCondition } from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';

export type Conditions = readonly DeploymentCondition[];

export interface ConditionText {
  readonly type: 'Available' | 'Progressing' | 'ReplicaFailure';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export function newCondition(text: ConditionText, now: number): DeploymentCondition {
  const at = formatTime(now);
  return { ...text, lastUpdateTime: at, lastTransitionTime: at };
}

export function findCondition(conditions: Conditions | undefined, type: string): DeploymentCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Puts a condition last, unless one with this status and reason is there already. */
export function setCondition(conditions: Conditions, condition: DeploymentCondition): Conditions {
  const known = findCondition(conditions, condition.type);
  if (known && known.status === condition.status && known.reason === condition.reason) return conditions;
  const lastTransitionTime =
    known?.status === condition.status ? known.lastTransitionTime : condition.lastTransitionTime;
  return [...removeCondition(conditions, condition.type), { ...condition, lastTransitionTime }];
}

export function removeCondition(conditions: Conditions, type: string): Conditions {
  return conditions.filter((condition) => condition.type !== type);
}
