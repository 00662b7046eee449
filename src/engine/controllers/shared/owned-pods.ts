// Finding the pods of a controller: an index by the uid of the owner that controls them.
import { getControllerOf, type KubeObject } from '../../../api/meta.ts';
import type { Informer } from '../../client/informer.ts';
import type { Lister } from '../../client/store.ts';

export const ownerIndex = 'controller';

/** Pods that nobody controls are found under their namespace, to be adopted. */
export function indexByOwner<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex(ownerIndex, (object) => {
    const owner = getControllerOf(object);
    return [owner ? owner.uid : orphans(object.metadata?.namespace)];
  });
}

/** What the owner controls and, in its namespace, what nobody controls. */
export function ownedAndOrphans<T extends KubeObject>(lister: Lister<T>, owner: KubeObject): T[] {
  return [...owned(lister, owner), ...lister.by(ownerIndex, orphans(owner.metadata?.namespace))];
}

/** Whether the owner's namespace has any that nobody controls. */
export function hasOrphans<T extends KubeObject>(lister: Lister<T>, owner: KubeObject): boolean {
  return lister.countBy(ownerIndex, orphans(owner.metadata?.namespace)) > 0;
}

export function owned<T extends KubeObject>(lister: Lister<T>, owner: KubeObject): Iterable<T> {
  return lister.by(ownerIndex, owner.metadata?.uid ?? '');
}

/** `owner` by the reference, when it is still the same object and of that kind. */
export function resolveOwner<T extends KubeObject>(lister: Lister<T>, kind: string, object: KubeObject): T | undefined {
  const reference = getControllerOf(object);
  if (!reference || reference.kind !== kind) return undefined;
  const namespace = object.metadata?.namespace;
  const owner = lister.get(namespace ? `${namespace}/${reference.name}` : reference.name);
  return owner?.metadata?.uid === reference.uid ? owner : undefined;
}

function orphans(namespace: string | undefined): string {
  return `orphans/${namespace ?? ''}`;
}
