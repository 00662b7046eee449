// One object that a command works on: its resource type, name, and what is known of it.
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import type { Client } from '../client/client.ts';
import type { ApiResource } from '../client/discovery.ts';
import { resourcePath } from '../client/url.ts';
import { CommandError } from '../errors.ts';

export interface Info {
  readonly resource: ApiResource;
  /** Empty for what has no namespace. */
  readonly ns: string;
  /** Empty for a list. */
  readonly name: string;
  /** The file that it came from; empty from the command line. */
  readonly source: string;
  readonly subresource?: string;
  readonly object?: JsonObject | undefined;
}

/** An Info whose object has been read. */
export interface LoadedInfo extends Info {
  readonly object: JsonObject;
}

/** The path of an object, of a subresource of it, or (without name) of the collection. */
export function infoPath(info: Info, subresource = info.subresource): string {
  return resourcePath(info.resource, { ns: info.resource.namespaced ? info.ns : '', name: info.name, subresource });
}

/** The path of one object. Throws for an object without a name: its path would be the collection's. */
export function objectPath(info: Info, subresource = info.subresource): string {
  if (info.name === '') throw new CommandError('resource name may not be empty');
  return infoPath(info, subresource);
}

/** Reads the object from the server. */
export async function loadInfo(client: Client, info: Info, accept?: string): Promise<LoadedInfo> {
  const { group, resource } = info.resource;
  const object = await client.object({
    path: objectPath(info),
    about: { group, resource, name: info.name },
    ...(accept ? { accept } : {}),
  });
  return withObject(info, object);
}

/** The same Info with a newer object. */
export function withObject(info: Info, object: JsonObject): LoadedInfo {
  return { ...info, object };
}

/** `deployment.apps`, `pod`, from the kind: how what was done to an object is told. */
export function qualifiedKind(resource: ApiResource): string {
  const kind = resource.kind.toLowerCase();
  return resource.group ? `${kind}.${resource.group}` : kind;
}

/** `deployments.apps`, `pods`: a GroupResource as Go prints it. */
export function groupResource(resource: ApiResource): string {
  return resource.group ? `${resource.resource}.${resource.group}` : resource.resource;
}

/** `apps/v1`, `v1` */
export function apiVersionOf(resource: Pick<ApiResource, 'group' | 'version'>): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}

export interface ObjectNames {
  readonly name: string;
  readonly ns: string;
  readonly apiVersion: string;
  readonly kind: string;
}

export function namesOf(object: JsonObject): ObjectNames {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    name: text(metadata.name),
    ns: text(metadata.namespace),
    apiVersion: text(object.apiVersion),
    kind: text(object.kind),
  };
}

/** Whether an object is a list of objects. */
export function isListObject(object: JsonObject): boolean {
  return isList(object.items);
}

/** An item of a typed list (PodList) carries no kind of its own: it gets the list's. */
export function typedItem(item: JsonObject, list: JsonObject): JsonObject {
  const { kind, apiVersion } = namesOf(list);
  if (typeof item.kind === 'string' || !kind.endsWith('List') || kind === 'List') return item;
  return { ...item, apiVersion, kind: kind.slice(0, -4) };
}

/** A resource for a kind that no server was asked about. */
export function madeUpResource({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): ApiResource {
  const slash = apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    resource: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    kind,
    namespaced: true,
    verbs: [],
    shortNames: [],
    categories: [],
    subresources: [],
  };
}
