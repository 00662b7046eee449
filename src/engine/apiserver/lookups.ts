// What admission and authorization look up: the server's own caches, by `resource` or `resource.group`.
import type { ApiRequest } from '../../api/request.ts';
import type { RandomStream } from '../sim/random.ts';
import type { AdmissionLookups } from './admission/plugin.ts';
import { carryEntries } from './managed-fields/ledger.ts';
import { revisionOf } from './operation.ts';
import type { ResourceStorage } from './resource-storage.ts';
import type { ResourceRegistry } from './served-resource.ts';

const user = { name: 'system:apiserver', groups: ['system:masters'] };

export function createLookups(parts: {
  /** By `group/resource`. */
  readonly storage: (place: string) => ResourceStorage;
  readonly registry: ResourceRegistry;
  readonly random: RandomStream;
  readonly admissionVersion: () => number;
  /** Carries out a request of the server's own. */
  readonly perform: (request: ApiRequest) => unknown;
}): AdmissionLookups {
  const { registry, random } = parts;
  const places = new Map<string, string>();
  const storage = (resource: string): ResourceStorage => {
    let place = places.get(resource);
    if (place === undefined) {
      const [plural = '', ...group] = resource.split('.');
      place = `${group.join('.')}/${plural}`;
      places.set(resource, place);
    }
    return parts.storage(place);
  };
  return {
    get: (resource, namespace, name) => storage(resource).get(namespace === undefined ? name : `${namespace}/${name}`),
    list: (resource, namespace) => storage(resource).list(namespace),
    replace: (resource, old, object) => {
      const { namespace, name = '' } = old.metadata ?? {};
      const key = namespace === undefined ? name : `${namespace}/${name}`;
      const stored = storage(resource).put(key, object, revisionOf(old));
      if (stored) carryEntries(old, stored);
      return stored !== undefined;
    },
    createNamespace: (name) => {
      const place = { group: '', version: 'v1', resource: 'namespaces' };
      parts.perform({ verb: 'create', ...place, user, userAgent: '', body: { metadata: { name } } });
    },
    randomSuffix: () => random.name(5),
    get admissionVersion() {
      return parts.admissionVersion();
    },
    versionsOf: (resource) => [...registry.all()].filter((other) => other.storage === resource.storage),
    resourceOfKind: (apiVersion, kind) =>
      [...registry.all()].find((resource) => resource.apiVersion === apiVersion && resource.kind === kind),
  };
}
