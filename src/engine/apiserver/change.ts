// One change of one object, as watchers learn of it.
import { defined } from '../../base/assert.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { EtcdEvent } from '../etcd/store.ts';
import { carryEntries } from './managed-fields/ledger.ts';

/** One change of one object. `object` is the last state; for a deletion it carries the deletion's resourceVersion. */
export interface Change {
  readonly deleted: boolean;
  readonly object: StoredObject;
  readonly previous: StoredObject | undefined;
}

export function changeOf(event: EtcdEvent): Change {
  const previous = event.previous?.value as StoredObject | undefined; // edge: etcd's values are opaque
  if (event.type === 'put') return { deleted: false, object: event.current.value as StoredObject, previous }; // edge: etcd's values are opaque
  const object = withResourceVersion(defined(previous, 'what was deleted'), event.current.modRevision);
  return { deleted: true, object, previous };
}

export function withResourceVersion(object: StoredObject, revision: number): StoredObject {
  const made = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  carryEntries(object, made);
  return made;
}
