// Where in etcd a resource's objects are: below /registry, by plural name, as kube-apiserver has always put them.
import { builtInGroups } from '../../kinds/catalog.ts';

const special: Readonly<Record<string, string>> = {
  '/endpoints': 'services/endpoints',
  '/nodes': 'minions',
  '/replicationcontrollers': 'controllers',
  '/services': 'services/specs',
  'networking.k8s.io/ingresses': 'ingress',
};

/** Those whose servers of old were beside the API server, and kept their group. */
const withGroup = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

let builtIn: ReadonlySet<string> | undefined;

/** `apps/deployments` → `/registry/deployments/`, `example.com/crontabs` → `/registry/example.com/crontabs/`. */
export function storagePrefix(place: string): string {
  if (Object.hasOwn(special, place)) return `/registry/${special[place]}/`;
  builtIn ??= new Set(builtInGroups().map(({ group }) => group));
  const slash = place.indexOf('/');
  const group = place.slice(0, slash);
  return builtIn.has(group) && !withGroup.has(group) ? `/registry${place.slice(slash)}/` : `/registry/${place}/`;
}

/** The prefix that a key below /registry begins with. */
export function prefixOfKey(key: string): string {
  const first = key.indexOf('/', registry.length);
  const two = key.startsWith('services/', registry.length) || key.lastIndexOf('.', first) > 0;
  return key.slice(0, (two ? key.indexOf('/', first + 1) : first) + 1);
}

const registry = '/registry/';

/** A change below these changes what the authorizer knows. */
export const rolePrefixes = new Set(
  ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map((resource) => `/registry/${resource}/`),
);

/** A change below these changes what admission asks. */
export const admissionPrefixes = new Set(
  [
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
    'mutatingwebhookconfigurations',
  ].map((resource) => `/registry/${resource}/`),
);

/** A change below these changes which flow a request belongs to. */
export const flowPrefixes = new Set(['/registry/flowschemas/', '/registry/prioritylevelconfigurations/']);
