// NamespaceLifecycle: nothing is created in a namespace that is missing or ending; the system's own cannot be deleted.

import type { Namespace } from '../../../api/generated/types.ts';
import { ApiError, forbidden, notFound } from '../../../api/status.ts';
import type { AdmissionPlugin } from './plugin.ts';

const immortal = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  takesParts: true,
  admit(object, { operation, resource, namespace, name, lookups }) {
    if (operation !== 'create' || !resource.namespaced || namespace === '') return object;
    if (resource.resource === 'localsubjectaccessreviews') return object;
    const owner: Namespace | undefined = lookups.get('namespaces', undefined, namespace) as Namespace | undefined; // edge: a namespace
    if (!owner) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    if (owner.status?.phase !== 'Terminating') return object;
    const text = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const refusal = forbidden(resource, name || (object.metadata?.generateName ?? ''), text);
    const cause = {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    };
    throw new ApiError({
      ...refusal.status,
      details: { ...refusal.status.details, causes: [cause] },
    });
  },
  validate(_object, { operation, resource, name }) {
    if (operation === 'delete' && resource.group === '' && resource.resource === 'namespaces' && immortal.has(name))
      throw forbidden(resource, name, 'this namespace may not be deleted');
  },
};
