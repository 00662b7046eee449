// What a describer is: fetches an object and what belongs to it, and writes the description.
//
// A kind's file says where the object is, what else to fetch, and how the text is written; the events section and
// the order of requests are the same for all and live here.
import { objectAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { DescriptionWriter } from './description-writer.ts';
import { writeEvents } from './events.ts';

/** The reads that describers need. Paths begin with `/api`; a failed read rejects with the server's Status error. */
export interface DescribeClient {
  get(path: string): Promise<JsonObject>;
  /** All objects of a collection, read in chunks. */
  list(path: string, query?: ListQuery): Promise<readonly JsonObject[]>;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface ListQuery {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface DescribeRequest {
  readonly name: string;
  /** '' for objects of the cluster. */
  readonly namespace: string;
  readonly showEvents: boolean;
  readonly client: DescribeClient;
  /** The REST resource that the user named, e.g. `/apis/example.com/v1` and `widgets`. */
  readonly mapping: { readonly prefix: string; readonly resource: string; readonly namespaced: boolean };
}

export interface Describer {
  readonly group: string;
  readonly kind: string;
  describe(request: DescribeRequest): Promise<string>;
}

/** `R` is what a description needs besides the object. */
export interface DescriberSpec<R> {
  readonly group: string;
  readonly kind: string;
  /** Prefix and plural, e.g. `/apis/apps/v1` and `deployments`; the user's own mapping where it is left out. */
  readonly resource?: readonly [prefix: string, resource: string];
  readonly clusterScoped?: boolean;
  /** False for kinds whose description has no events section. */
  readonly events?: boolean | EventSearch;
  readonly related?: (object: JsonObject, client: DescribeClient) => Promise<R>;
  readonly write: (
    w: DescriptionWriter,
    object: JsonObject,
    context: { readonly related: R; readonly now: number },
  ) => void;
}

export type EventSearch = (object: JsonObject, client: DescribeClient) => Promise<readonly JsonObject[]>;

export function describer<R = undefined>(spec: DescriberSpec<R>): Describer {
  return {
    group: spec.group,
    kind: spec.kind,
    async describe(request) {
      const [prefix, resource] = spec.resource ?? [request.mapping.prefix, request.mapping.resource];
      const namespace = spec.clusterScoped ? '' : request.namespace;
      const object = await request.client.get(objectPath({ prefix, resource, namespace, name: request.name }));
      const related = (await spec.related?.(object, request.client)) as R; // edge: R is undefined where nothing is fetched
      let events: readonly JsonObject[] | undefined;
      if (request.showEvents && spec.events !== false) {
        const search = typeof spec.events === 'function' ? spec.events : eventsOf(spec.kind);
        events = await search(object, request.client);
      }
      const w = new DescriptionWriter();
      spec.write(w, object, { related, now: request.client.now() });
      if (events) writeEvents(w, events, request.client.now());
      return w.text();
    },
  };
}

/** Events about an object of this kind, by name, namespace and uid. A failed read shows as no events, as upstream. */
export function eventsOf(kind: string): EventSearch {
  return (object, client) => {
    const name = textAt(object, 'metadata.name');
    const namespace = textAt(object, 'metadata.namespace');
    return searchEvents(client, { name, namespace, kind, uid: textAt(object, 'metadata.uid') });
  };
}

/** What an event is about; an empty kind or uid is not asked for. */
export interface EventReference {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
  readonly uid: string;
}

export async function searchEvents(client: DescribeClient, reference: EventReference): Promise<readonly JsonObject[]> {
  const terms = [`involvedObject.name=${reference.name}`, `involvedObject.namespace=${reference.namespace}`];
  if (reference.kind !== '') terms.push(`involvedObject.kind=${reference.kind}`);
  if (reference.uid !== '') terms.push(`involvedObject.uid=${reference.uid}`);
  const path = collectionPath({ prefix: '/api/v1', resource: 'events', namespace: reference.namespace });
  try {
    return await client.list(path, { fieldSelector: terms.join(',') });
  } catch {
    return [];
  }
}

/** The path of a collection; of all namespaces when `namespace` is ''. */
export function collectionPath(at: { prefix: string; resource: string; namespace: string }): string {
  const scope = at.namespace === '' ? '' : `/namespaces/${encodeURIComponent(at.namespace)}`;
  return `${at.prefix}${scope}/${at.resource}`;
}

export function objectPath(at: { prefix: string; resource: string; namespace: string; name: string }): string {
  return `${collectionPath(at)}/${encodeURIComponent(at.name)}`;
}

/** The object's metadata.namespace, for reads of what lives beside it. */
export function namespaceOf(object: JsonObject): string {
  return textAt(objectAt(object, 'metadata'), 'namespace');
}
