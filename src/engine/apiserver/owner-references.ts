// Owners that an object names twice are kept once, and the client is told.

import { equal } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { Operation } from './operation.ts';

/** The object without repetitions among its owners. A patch is looked at only after plugins have had their say. */
export function distinctOwners(operation: Operation, object: StoredObject, afterAdmission: boolean): StoredObject {
  const owners = object.metadata?.ownerReferences ?? [];
  if (owners.length < 2 || (!afterAdmission && operation.request.verb === 'patch')) return object;
  const distinct = owners.filter((owner, i) => !owners.slice(0, i).some((other) => equal(owner, other)));
  if (distinct.length === owners.length) return object;
  const repeated = owners.filter((owner) => !distinct.includes(owner)).map(({ uid }) => uid);
  const when = afterAdmission ? ' after mutating admission happens' : '';
  const plea = afterAdmission ? '' : 'please fix your requests; ';
  operation.warn(
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; ${plea}duplicate UID(s) observed: ${repeated.join(', ')}`,
  );
  return { ...object, metadata: { ...object.metadata, ownerReferences: distinct } };
}
