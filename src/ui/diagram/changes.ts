// What a screen reader is told when the cluster changes: the few things that matter, many alike in one sentence.
import type { Node, Pod } from '../../api/generated/types.ts';
import { nodeStatus, podStatus } from './pod-status.ts';

export interface Seen {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly nodes: ReadonlyMap<string, Node>;
}

/** Empty: nothing that matters. */
export function changesText(before: Seen, after: Seen): string {
  const texts: string[] = [];
  for (const [uid, node] of after.nodes) {
    const old = before.nodes.get(uid);
    if (old !== node && (!old || nodeStatus(old) !== nodeStatus(node)))
      texts.push(`node ${node.metadata?.name} is ${nodeStatus(node).replace(',', ', ')}`);
  }
  const came = new Map<string, string[]>();
  for (const [uid, pod] of after.pods) {
    const old = before.pods.get(uid);
    if (old === pod) continue;
    const { shape, text } = podStatus(pod);
    if (
      (shape === 'running' || shape === 'failing' || shape === 'completed') &&
      (!old || podStatus(old).text !== text || podStatus(old).shape !== shape)
    )
      came.set(text, [...(came.get(text) ?? []), pod.metadata?.name ?? '']);
  }
  for (const [status, names] of came)
    texts.push(
      names.length > 2 ? `${names.length} pods: ${status}` : names.map((name) => `pod ${name}: ${status}`).join(', '),
    );
  const gone = [...before.pods.values()].filter(({ metadata }) => !after.pods.has(metadata?.uid ?? ''));
  if (gone.length > 0)
    texts.push(
      gone.length > 2
        ? `${gone.length} pods are gone`
        : gone.map(({ metadata }) => `pod ${metadata?.name} is gone`).join(', '),
    );
  return texts.join('; ');
}
