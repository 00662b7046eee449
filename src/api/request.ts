// A request to the API server in its parsed form (upstream's RequestInfo): what the router makes of a path, and what
// components inside the cluster send without going through text.
import type { JsonObject, JsonValue } from '../base/json.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const httpMethods: Readonly<Record<Verb, HttpMethod>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/** Who asks. `groups` as upstream, e.g. `system:masters`, `system:nodes`. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

/** The options of all verbs, by their query parameters' names. Absent means unset. */
export interface RequestOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly allowWatchBookmarks?: boolean | undefined;
  readonly sendInitialEvents?: boolean | undefined;
  /** `All` or unset. */
  readonly dryRun?: readonly string[] | undefined;
  readonly fieldManager?: string | undefined;
  readonly fieldValidation?: string | undefined;
  readonly force?: boolean | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly propagationPolicy?: string | undefined;
}

/** One request, parsed: all that the API server needs to answer it. */
export interface ApiRequest {
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  /** Plural, lower case, e.g. `deployments`. */
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** Absent for cluster-scoped resources and for lists over all namespaces. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly options?: RequestOptions | undefined;
  /** The object, the patch, or the DeleteOptions. */
  readonly body?: JsonValue | undefined;
  readonly patchType?: PatchType | undefined;
  readonly user: UserInfo;
  /** What the client calls itself; its part before the first slash is the default field manager. */
  readonly userAgent: string;
}

/** One change as a watch tells it. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  /** The object; for ERROR a Status. */
  readonly object: JsonObject;
}

/** An open watch, seen from the server: events are pushed into the sink in order, `closed` comes last and once. */
export interface WatchSink {
  events(events: readonly WatchEvent[]): void;
  closed(): void;
}
