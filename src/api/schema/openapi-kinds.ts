// Which schemas of an OpenAPI document are kinds, and of which groups and versions.
import { isObject, type JsonObject, own } from '../../base/json.ts';
import { openApiName } from './openapi-schemas.ts';

/** Marks the schemas that are kinds; how to delete and to watch is the same in all of `everywhere`. */
export function withKinds(
  schemas: Readonly<Record<string, JsonObject>>,
  everywhere: readonly GroupVersion[],
): JsonObject {
  const marked = Object.entries(schemas).map(([name, schema]): [string, JsonObject] => {
    const versions = shared.has(name) ? everywhere : versionsOf(name, schema);
    const kind = name.slice(name.lastIndexOf('.') + 1);
    const marks = versions.map(({ group, version }) => ({ group, kind, version }));
    return [name, marks.length > 0 ? { ...schema, 'x-kubernetes-group-version-kind': marks } : schema];
  });
  return Object.fromEntries(marked);
}

/** One version of a group; the core group is ''. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

function versionsOf(name: string, schema: JsonObject): readonly GroupVersion[] {
  if (withoutMetadata.has(name)) return [core];
  const properties = own(schema, 'properties');
  const isKind =
    isObject(properties) && ['kind', 'apiVersion', 'metadata'].every((each) => Object.hasOwn(properties, each));
  if (!isKind) return [];
  const [, home = '', version = ''] = /([^.]+)\.([^.]+)\.[^.]+$/.exec(name) ?? [];
  if (home === 'core' || home === 'meta') return [core];
  return groupVersions.filter((one) => one.group.split('.')[0] === home && one.version === version);
}

/** The core group. */
export const core: GroupVersion = { group: '', version: 'v1' };
const shared = new Set(['DeleteOptions', 'WatchEvent'].map((kind) => openApiName(`meta.v1.${kind}`)));
const withoutMetadata = new Set(
  ['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions'].map((kind) => openApiName(`meta.v1.${kind}`)),
);

/** All that upstream's server knows, also those that it does not serve. */
const table = `
 v1
admission.k8s.io v1 v1beta1
admissionregistration.k8s.io v1 v1alpha1 v1beta1
apiextensions.k8s.io v1 v1beta1
apiregistration.k8s.io v1 v1beta1
apps v1 v1beta1 v1beta2
authentication.k8s.io v1 v1alpha1 v1beta1
authorization.k8s.io v1 v1beta1
autoscaling v1 v2
batch v1 v1beta1
certificates.k8s.io v1 v1alpha1 v1beta1
coordination.k8s.io v1 v1alpha2 v1beta1
discovery.k8s.io v1 v1beta1
events.k8s.io v1 v1beta1
extensions v1beta1
flowcontrol.apiserver.k8s.io v1 v1beta1 v1beta2 v1beta3
imagepolicy.k8s.io v1alpha1
internal.apiserver.k8s.io v1alpha1
networking.k8s.io v1 v1beta1
node.k8s.io v1 v1alpha1 v1beta1
policy v1 v1beta1
rbac.authorization.k8s.io v1 v1alpha1 v1beta1
resource.k8s.io v1 v1alpha3 v1beta1 v1beta2
scheduling.k8s.io v1 v1alpha2 v1beta1
storage.k8s.io v1 v1alpha1 v1beta1
storagemigration.k8s.io v1beta1`;

/** Those of the table, sorted. */
export const groupVersions: readonly GroupVersion[] = table
  .split('\n')
  .slice(1)
  .flatMap((line) => {
    const [group = '', ...versions] = line.split(' ');
    return versions.map((version) => ({ group, version }));
  });
