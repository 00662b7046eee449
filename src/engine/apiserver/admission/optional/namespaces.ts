// NamespaceExists: nothing is done in a namespace that is not there. NamespaceAutoProvision: what is created brings its
// namespace along.
import { notFound } from '../../../../api/status.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';

export const namespaceExists: AdmissionPlugin = {
  name: 'NamespaceExists',
  takesParts: true,
  validate(_object, attributes) {
    if (isMissing(attributes)) throw notFound({ group: '', resource: 'namespaces' }, attributes.namespace);
  },
};

export const namespaceAutoProvision: AdmissionPlugin = {
  name: 'NamespaceAutoProvision',
  takesParts: true,
  admit(object, attributes) {
    const { operation, dryRun, lookups, namespace } = attributes;
    if (operation === 'create' && !dryRun && isMissing(attributes)) lookups.createNamespace(namespace);
    return object;
  },
};

function isMissing({ resource, namespace, operation, lookups }: Attributes): boolean {
  if (namespace === '' || operation === 'connect') return false;
  if (resource.group === '' && resource.resource === 'namespaces') return false;
  return lookups.get('namespaces', undefined, namespace) === undefined;
}
