// What the server serves, from its aggregated discovery documents.
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { StatusError } from '../errors.ts';
import type { Client } from './client.ts';

export interface ApiResource {
  readonly group: string;
  readonly version: string;
  /** Plural, e.g. `pods`. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly kind: string; readonly verbs: readonly string[] }[];
}

export interface ApiGroup {
  /** Empty for the core group. */
  readonly name: string;
  /** Most preferred first. */
  readonly versions: readonly {
    readonly version: string;
    readonly stale: boolean;
    readonly resources: readonly ApiResource[];
  }[];
}

const type = 'as=APIGroupDiscoveryList';
export const discoveryAccept = [
  `application/json;g=apidiscovery.k8s.io;v=v2;${type}`,
  `application/json;g=apidiscovery.k8s.io;v=v2beta1;${type}`,
  'application/json',
].join(',');

/** All groups, core first, in the server's order. */
export async function discover(client: Client): Promise<readonly ApiGroup[]> {
  const groups: ApiGroup[] = [];
  for (const path of ['/api', '/apis']) {
    const list = await client
      .object({ path, query: { timeout: '32s' }, accept: discoveryAccept, quiet: true })
      .catch((error: unknown) => {
        if (!(error instanceof StatusError)) throw error;
        if (error.code === 404 || error.code === 403) return undefined;
        if (error.code !== 401) throw error;
        // Discovery looks at no more than the code.
        const message = 'the server has asked for the client to provide credentials';
        throw new StatusError({ ...error.status, message });
      });
    if (list?.kind === 'APIGroupDiscoveryList') groups.push(...objects(list.items).map(groupOf));
    else if (list) groups.push(...(await discoverUnaggregated(client, path, list)));
  }
  return groups;
}

function groupOf(item: JsonObject): ApiGroup {
  const name = text(isObject(item.metadata) ? item.metadata.name : '');
  return {
    name,
    versions: objects(item.versions).map((version) => ({
      version: text(version.version),
      stale: version.freshness === 'Stale',
      resources: objects(version.resources).map((resource) => resourceOf(resource, name, text(version.version))),
    })),
  };
}

function resourceOf(item: JsonObject, group: string, version: string): ApiResource {
  const responseKind = isObject(item.responseKind) ? item.responseKind : {};
  return {
    group,
    version,
    resource: text(item.resource),
    singular: text(item.singularResource),
    kind: text(responseKind.kind),
    namespaced: item.scope === 'Namespaced',
    verbs: texts(item.verbs),
    shortNames: texts(item.shortNames),
    categories: texts(item.categories),
    subresources: objects(item.subresources).map((sub) => ({
      name: text(sub.subresource),
      kind: text(isObject(sub.responseKind) ? sub.responseKind.kind : ''),
      verbs: texts(sub.verbs),
    })),
  };
}

/** The older documents: one list of versions or groups, one of resources for each group version. */
async function discoverUnaggregated(client: Client, path: string, list: JsonObject): Promise<readonly ApiGroup[]> {
  const named =
    path === '/api'
      ? [{ name: '', versions: texts(list.versions) }]
      : objects(list.groups).map((group) => ({
          name: text(group.name),
          versions: objects(group.versions).map((version) => text(version.version)),
        }));
  const groups: ApiGroup[] = [];
  for (const { name, versions } of named) {
    const found = [];
    for (const version of versions) {
      const root = name === '' ? `/api/${version}` : `/apis/${name}/${version}`;
      const resources = await client.object({ path: root, query: { timeout: '32s' }, quiet: true });
      found.push({ version, stale: false, resources: plainResources(objects(resources.resources), name, version) });
    }
    groups.push({ name, versions: found });
  }
  return groups;
}

/** The entries of an APIResourceList, subresources with their resources. */
export function plainResources(items: readonly JsonObject[], group: string, version: string): readonly ApiResource[] {
  const parents = items.filter((item) => !text(item.name).includes('/'));
  return parents.map((item) => {
    const prefix = `${text(item.name)}/`;
    const children = items.filter((child) => text(child.name).startsWith(prefix));
    return {
      group,
      version,
      resource: text(item.name),
      singular: text(item.singularName),
      kind: text(item.kind),
      namespaced: item.namespaced === true,
      verbs: texts(item.verbs),
      shortNames: texts(item.shortNames),
      categories: texts(item.categories),
      subresources: children.map((child) => ({
        name: text(child.name).slice(prefix.length),
        kind: text(child.kind),
        verbs: texts(child.verbs),
      })),
    };
  });
}

export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

export function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: JsonValue | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}
