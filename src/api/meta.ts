// What all objects share: metadata, owner references, keys and times.
import type { ObjectMeta, OwnerReference } from './generated/types.ts';
import { apiVersionText, type GroupVersionKind } from './resource.ts';

/** Any object of the API, seen through what all of them have. */
export interface KubeObject {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly metadata?: ObjectMeta | undefined;
}

/** `NAMESPACE/NAME`, or `NAME` for cluster-scoped objects: the key of caches and work queues. */
export function objectKey(object: KubeObject): string {
  const { namespace, name = '' } = object.metadata ?? {};
  return namespace ? `${namespace}/${name}` : name;
}

/** The key's two halves; the namespace is empty for cluster-scoped objects. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: slash < 0 ? '' : key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner that controls an object: at most one reference has `controller: true`. */
export function getControllerOf(object: KubeObject): OwnerReference | undefined {
  const references = object.metadata?.ownerReferences;
  if (references) for (const reference of references) if (reference.controller) return reference;
  return undefined;
}

/** Whether `owner` controls the object, by uid. */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  const reference = getControllerOf(object);
  return reference !== undefined && reference.uid === owner.metadata?.uid;
}

/** The reference by which a controller marks what it made. */
export function controllerReference(owner: KubeObject, gvk: GroupVersionKind): OwnerReference {
  return {
    apiVersion: apiVersionText(gvk),
    kind: gvk.kind,
    name: owner.metadata?.name ?? '',
    uid: owner.metadata?.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Whether deletion of the object has begun. */
export function isBeingDeleted(object: KubeObject): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}

export { formatMicroTime, formatTime, parseMicroTime, parseTime } from '../base/time.ts';
