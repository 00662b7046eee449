// OwnerReferencesPermissionEnforcement: who may not delete an object does not let the garbage collector do it, and who may
// not hold up an owner's deletion does not let a dependent do it.
import type { OwnerReference } from '../../../../api/generated/types.ts';
import { equal } from '../../../../base/json.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { refusal } from '../admission-request.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';

/** Upstream shows why the authorizer said no, which it does not say, and its error, which there is none. */
const untold = ', <nil>';

export const ownerReferencesPermissionEnforcement: AdmissionPlugin = {
  name: 'OwnerReferencesPermissionEnforcement',
  validate(object, attributes) {
    const { operation, old, resource, subresource } = attributes;
    if (!object || (operation !== 'create' && operation !== 'update')) return;
    if (resource.group === '' && resource.resource === 'pods' && subresource === 'status') return;
    const now = referencesOf(object);
    const before = referencesOf(old);
    if (equal(now, before)) return;
    if (operation === 'update' && !mayDelete(attributes))
      throw refusal(attributes, object, `cannot set an ownerRef on a resource you can't delete: ${untold}`);
    const blocking = now.filter(
      ({ uid, blockOwnerDeletion }) =>
        blockOwnerDeletion && !before.some((known) => known.uid === uid && known.blockOwnerDeletion),
    );
    if (blocking.length === 0 || mayFinalizeAnything(attributes)) return;
    for (const reference of blocking) checkOwner(reference, object, attributes);
  },
};

function referencesOf(object: StoredObject | undefined): readonly OwnerReference[] {
  return object?.metadata?.ownerReferences ?? [];
}

function mayDelete({ mayUser, resource, subresource, namespace, name }: Attributes): boolean {
  const { group, resource: plural } = resource;
  return mayUser({ kind: 'resource', verb: 'delete', group, resource: plural, subresource, namespace, name });
}

function mayFinalizeAnything({ mayUser }: Attributes): boolean {
  const anything = { group: '*', resource: '*', subresource: 'finalizers', namespace: '', name: '*' };
  return mayUser({ kind: 'resource', verb: 'update', ...anything });
}

function checkOwner({ apiVersion, kind, name }: OwnerReference, object: StoredObject, attributes: Attributes): void {
  const owner = attributes.lookups.resourceOfKind(apiVersion, kind);
  if (!owner) {
    const why = `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`;
    const text = `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${kind}: ${why}`;
    throw refusal(attributes, object, text);
  }
  const { group, resource, namespaced } = owner;
  const namespace = namespaced ? attributes.namespace : '';
  const place = { group, resource, subresource: 'finalizers', namespace, name };
  if (attributes.mayUser({ kind: 'resource', verb: 'update', ...place })) return;
  const text = `cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${untold}`;
  throw refusal(attributes, object, text);
}
