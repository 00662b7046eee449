// Cordon, uncordon and taint: changes of a node's spec.
import { flagAt, objectAt } from '../base/fields.ts';
import type { JsonObject } from '../base/json.ts';

/** The node with scheduling switched off or on. */
export function withUnschedulable(node: JsonObject, unschedulable: boolean): JsonObject {
  const { unschedulable: _, ...spec } = objectAt(node, 'spec') ?? {};
  return { ...node, spec: unschedulable ? { ...spec, unschedulable } : spec };
}

export function isUnschedulable(node: JsonObject): boolean {
  return flagAt(node, 'spec.unschedulable');
}
