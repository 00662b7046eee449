// Conditions of CustomResourceDefinitions.
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '../../../api/generated/types.ts';
import { formatTime } from '../../../base/time.ts';

/** A condition without its time. */
export type Condition = Omit<CustomResourceDefinitionCondition, 'lastTransitionTime' | 'observedGeneration'>;

/** The definition with a condition; its time changes with its status alone. */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: Condition,
  nowMs: number,
): CustomResourceDefinition {
  const conditions = definition.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : formatTime(nowMs);
  const made = { ...condition, ...(lastTransitionTime !== undefined && { lastTransitionTime }) };
  const next = old ? conditions.map((one) => (one === old ? made : one)) : [...conditions, made];
  return { ...definition, status: { ...definition.status, conditions: next } };
}

/** Whether a condition of a definition is true. */
export function isTrue({ status }: CustomResourceDefinition, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}
