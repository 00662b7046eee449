// Discovery: which groups, versions and resources there are, in the old form (a list for each group version) and the
// aggregated one (everything in one document).
//
//   /api ─▶ apiVersionsDocument     /apis ─▶ groupListDocument     /apis/apps ─▶ groupDocument
//   /apis/apps/v1 ─▶ resourceListDocument        with Accept …;as=APIGroupDiscoveryList ─▶ aggregatedDocument

import { apiVersionText } from '../api/resource.ts';
import type { JsonObject } from '../base/json.ts';
import type { CatalogGroup, CatalogResource, CatalogSubresource } from './catalog.ts';

/** What `GET /api` answers; `address` is where the server is reached, e.g. `10.0.0.2:6443`. */
export function apiVersionsDocument(address: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** What `GET /apis` answers: all groups but the core one. */
export function groupListDocument(groups: readonly CatalogGroup[]): JsonObject {
  const named = groups.filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(groupFields) };
}

/** What `GET /apis/GROUP` answers. */
export function groupDocument(group: CatalogGroup): JsonObject {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupFields(group) };
}

/** What `GET /apis/GROUP/VERSION` answers. `hash` gives the storage version's hash of a resource that is stored. */
export function resourceListDocument(
  version: { readonly group: string; readonly version: string },
  resources: readonly CatalogResource[],
  hash: (resource: CatalogResource) => string | undefined = () => undefined,
): JsonObject {
  return {
    kind: 'APIResourceList',
    ...(version.group !== '' && { apiVersion: 'v1' }),
    groupVersion: apiVersionText(version),
    resources: resources.flatMap((resource) => [
      resourceEntry(resource, hash(resource)),
      ...resource.subresources.map((subresource) => subresourceEntry(resource, subresource)),
    ]),
  };
}

/** The aggregated document of the given groups: of the core group for /api, of the others for /apis. */
export function aggregatedDocument(groups: readonly CatalogGroup[]): JsonObject {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map(({ version, resources, stale }) => ({
        version,
        ...(stale ? {} : { resources: resources.map(aggregatedResource) }),
        freshness: stale ? 'Stale' : 'Current',
      })),
    })),
  };
}

function groupFields({ group, versions }: CatalogGroup): JsonObject {
  const entries = versions.map(({ version }) => ({ groupVersion: apiVersionText({ group, version }), version }));
  return { name: group, versions: entries, ...(entries[0] && { preferredVersion: entries[0] }) };
}

function resourceEntry(resource: CatalogResource, hash: string | undefined): JsonObject {
  return {
    name: resource.resource,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...(resource.shortNames.length && { shortNames: resource.shortNames }),
    ...(resource.categories.length && { categories: resource.categories }),
    ...(hash !== undefined && { storageVersionHash: hash }),
  };
}

function subresourceEntry(resource: CatalogResource, subresource: CatalogSubresource): JsonObject {
  const foreign = subresource.group !== resource.group || subresource.version !== resource.version;
  return {
    name: `${resource.resource}/${subresource.name}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...(foreign && { group: subresource.group, version: subresource.version }),
    kind: subresource.kind,
    verbs: subresource.verbs,
  };
}

function aggregatedResource(resource: CatalogResource): JsonObject {
  return {
    resource: resource.resource,
    responseKind: { group: '', version: '', kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length && { shortNames: resource.shortNames }),
    ...(resource.categories.length && { categories: resource.categories }),
    ...(resource.subresources.length && {
      subresources: resource.subresources.map((subresource) => aggregatedSubresource(resource, subresource)),
    }),
  };
}

function aggregatedSubresource(resource: CatalogResource, subresource: CatalogSubresource): JsonObject {
  const { name, kind, verbs } = subresource;
  const foreign = subresource.group !== resource.group || subresource.version !== resource.version;
  const { group, version } = foreign ? subresource : { group: '', version: '' };
  return { subresource: name, responseKind: { group, version, kind }, verbs };
}
