// Which pods belong together: those that one Deployment (or another controller) keeps.
import type { Pod, ReplicaSet } from '../../api/generated/types.ts';

export interface Family {
  /** The uid of the outermost owner; a pod without an owner is a family of its own. */
  readonly id: string;
  /** `Deployment web → ReplicaSet web-7d9c → Pod web-7d9c-x2k4p`. */
  readonly line: string;
}

export function familyOf(pod: Pod, replicaSets: ReadonlyMap<string, ReplicaSet>): Family {
  const { uid = '', name = '', ownerReferences = [] } = pod.metadata ?? {};
  const owner = ownerReferences.find(({ controller }) => controller);
  if (!owner) return { id: uid, line: `Pod ${name}, which no controller keeps` };
  const set = replicaSets.get(owner.uid);
  const above = set?.metadata?.ownerReferences?.find(({ controller }) => controller);
  const chain = [...(above ? [`${above.kind} ${above.name}`] : []), `${owner.kind} ${owner.name}`, `Pod ${name}`];
  return { id: above?.uid ?? owner.uid, line: chain.join(' → ') };
}
