// What the node controllers share: conditions and taints of nodes, pods by node, events about nodes.
import { nodes } from '../../../api/generated/resources.ts';
import type { Node, NodeCondition, Pod, Taint } from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';
import { isConflict, isNotFound } from '../../../api/status.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/events.ts';
import type { Informer } from '../../client/informer.ts';
import type { Work } from '../../sim/work.ts';

export const nodeIndex = 'node';

export function indexByNode(informer: Informer<Pod>): void {
  informer.addIndex(nodeIndex, (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
}

export function nodeCondition(node: Node, type: string): NodeCondition | undefined {
  return node.status?.conditions?.find((condition) => condition.type === type);
}

export function sameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

const conflictsMax = 5;

/** Adds and removes taints; the node's latest state decides. True when it changed something. */
export function* swapTaints(
  client: Client,
  node: Node,
  { add, remove, now }: { readonly add: readonly Taint[]; readonly remove: readonly Taint[]; readonly now: number },
): Work<boolean> {
  let latest = node;
  for (let i = 0; ; i++) {
    const taints = latest.spec?.taints ?? [];
    const missing = add.filter((taint) => !taints.some((known) => sameTaint(known, taint)));
    const kept = taints.filter((taint) => !remove.some((gone) => sameTaint(gone, taint)));
    if (missing.length === 0 && kept.length === taints.length) return false;
    const timeAdded = formatTime(now);
    const stamped = missing.map((taint) => ({ ...taint, timeAdded }));
    const { taints: _, ...spec } = latest.spec ?? {};
    const next = [...kept, ...stamped];
    try {
      yield* client.update(nodes, { ...latest, spec: { ...spec, ...(next.length > 0 && { taints: next }) } });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      if (!isConflict(error) || i >= conflictsMax) throw error;
      latest = yield* client.get(nodes, { name: node.metadata?.name ?? '' });
    }
  }
}

export function tellNode(
  events: EventRecorder,
  { name, uid }: { readonly name: string; readonly uid: string },
  { reason, message }: { readonly reason: string; readonly message: string },
): void {
  events.recordFor({ apiVersion: 'v1', kind: 'Node', name, uid }, { type: 'Normal', reason, message });
}
