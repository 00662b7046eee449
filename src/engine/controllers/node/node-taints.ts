// The taints by which a node's conditions keep pods away from it.
import type { Node, Taint } from '../../../api/generated/types.ts';
import { nodeCondition } from './node-facts.ts';

export const notReadyTaint: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' };
export const unreachableTaint: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };

const byCondition: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', 'node.kubernetes.io/not-ready'],
  ['Ready', 'Unknown', 'node.kubernetes.io/unreachable'],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];
const unschedulableKey = 'node.kubernetes.io/unschedulable';

/** NoSchedule taints that the node should and should not have. */
export function scheduleTaints(node: Node): { readonly add: readonly Taint[]; readonly remove: readonly Taint[] } {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  for (const [type, status, key] of byCondition)
    (nodeCondition(node, type)?.status === status ? add : remove).push({ key, effect: 'NoSchedule' });
  (node.spec?.unschedulable ? add : remove).push({ key: unschedulableKey, effect: 'NoSchedule' });
  return { add, remove };
}
