// Adoption and release: an owner takes orphans that its selector matches and lets go of what it no longer matches.
// Models client-go's ControllerRefManager.
import type { OwnerReference } from '../../../api/generated/types.ts';
import { getControllerOf, isBeingDeleted, type KubeObject } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import type { Selector } from '../../../api/selectors.ts';
import { conflict, isInvalid, isNotFound } from '../../../api/status.ts';
import type { Client } from '../../client/client.ts';
import type { Work } from '../../sim/work.ts';
import { asJson } from './present.ts';

export interface Claimant<O extends KubeObject, T extends KubeObject> {
  readonly client: Client;
  readonly owner: O;
  readonly ownerResource: Resource<O>;
  readonly reference: OwnerReference;
  readonly selector: Selector;
  /** What is claimed, e.g. pods. */
  readonly resource: Resource<T>;
  /** A further condition that what is claimed must meet. */
  readonly accepts?: (object: T) => boolean;
  /** A finalizer that goes away with the release, e.g. a job's. */
  readonly finalizer?: string;
}

/** Those of the candidates that belong to the owner, after adopting and releasing. */
export function* claim<O extends KubeObject, T extends KubeObject>(
  claimant: Claimant<O, T>,
  candidates: Iterable<T>,
): Work<T[]> {
  const claimed: T[] = [];
  let checked = false;
  for (const object of candidates) {
    const controller = getControllerOf(object);
    if (controller && controller.uid !== claimant.reference.uid) continue;
    const matches =
      claimant.selector.matches(object.metadata?.labels) &&
      (claimant.accepts === undefined || claimant.accepts(object));
    if (controller) {
      if (matches) claimed.push(object);
      else if (!isBeingDeleted(claimant.owner)) yield* release(claimant, object);
      continue;
    }
    if (!matches || isBeingDeleted(claimant.owner) || isBeingDeleted(object)) continue;
    if (!checked) yield* checkOwner(claimant);
    checked = true;
    if (yield* adopt(claimant, object)) claimed.push(object);
  }
  return claimed;
}

/** The cache may be stale: an owner that has gone meanwhile must not adopt. */
function* checkOwner<O extends KubeObject, T extends KubeObject>(claimant: Claimant<O, T>): Work<void> {
  const { owner, ownerResource, client } = claimant;
  const { namespace, name = '', uid } = owner.metadata ?? {};
  const fresh = yield* client.get(ownerResource, { namespace, name });
  if (fresh.metadata?.uid !== uid)
    throw conflict(ownerResource, name, `original ${ownerResource.kind} ${namespace}/${name} is gone`);
  if (isBeingDeleted(fresh))
    throw conflict(
      ownerResource,
      name,
      `${namespace}/${name} has just been deleted at ${fresh.metadata?.deletionTimestamp}`,
    );
}

function* adopt<O extends KubeObject, T extends KubeObject>(claimant: Claimant<O, T>, object: T): Work<boolean> {
  const { namespace, name = '', uid } = object.metadata ?? {};
  const finalizers = claimant.finalizer === undefined ? {} : { finalizers: [claimant.finalizer] };
  const patch = { metadata: { ownerReferences: [asJson(claimant.reference)], uid: uid ?? '', ...finalizers } };
  try {
    yield* claimant.client.patch(claimant.resource, { namespace, name }, patch);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function* release<O extends KubeObject, T extends KubeObject>(claimant: Claimant<O, T>, object: T): Work<void> {
  const { namespace, name = '', uid } = object.metadata ?? {};
  const finalizers =
    claimant.finalizer === undefined ? {} : { '$deleteFromPrimitiveList/finalizers': [claimant.finalizer] };
  const patch = {
    metadata: { uid: uid ?? '', ownerReferences: [{ $patch: 'delete', uid: claimant.reference.uid }], ...finalizers },
  };
  try {
    yield* claimant.client.patch(claimant.resource, { namespace, name }, patch);
  } catch (error) {
    if (!isNotFound(error) && !isInvalid(error)) throw error;
  }
}
