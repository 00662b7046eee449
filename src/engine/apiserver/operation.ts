// One request on its way through the API server, and what it needs from there.
import type { ApiRequest } from '../../api/request.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { definitionName } from '../../api/schema/schema.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { persisted } from '../../kinds/persisted.ts';
import type { Scope } from '../sim/scope.ts';
import type { AdmissionLookups, SubresourceView } from './admission/plugin.ts';
import type { CallParts } from './admission/webhooks/webhook-call.ts';
import type { AdmissionChain } from './admission.ts';
import type { Authenticator } from './authentication.ts';
import type { Authorizer } from './authorizer.ts';
import { asJson } from './json-edge.ts';
import { carryEntries, noteWrite, setEntries, type WriteWay } from './managed-fields/ledger.ts';
import { shapeOf, typedOf } from './managed-fields/resource-shape.ts';
import { typedProblem } from './managed-fields/typed-problem.ts';
import type { RequestMemory } from './request-memory.ts';
import type { ObjectStorage } from './resource-storage.ts';
import type { ResourceRegistry, ServedResource } from './served-resource.ts';

/** Processes beside the API server that it asks how they are. */
export type ProbedProcess = 'kube-controller-manager' | 'kube-scheduler';

/** What handlers may use of the server. */
export interface ServerParts {
  readonly scope: Scope;
  readonly registry: ResourceRegistry;
  /** Where Services get their addresses from. */
  readonly serviceCidr: string;
  readonly admission: AdmissionChain;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  readonly lookups: AdmissionLookups;
  /** How webhooks are reached. */
  readonly webhooks: CallParts;
  storage(resource: Pick<ServedResource, 'storage'>): ObjectStorage;
  readonly health: { etcd(): boolean; runs(process: ProbedProcess): boolean };
  /** The revision that reads are as of now. */
  revision(): number;
}

/** How that which a patch made is refused. */
export interface DecodeWords {
  /** It does not fit its type. */
  unfit(problem: string): Error;
  /** What strict validation found: keys given twice, unknown fields. */
  strict(problems: readonly string[]): Error;
}

export interface Operation {
  readonly server: ServerParts;
  readonly request: ApiRequest;
  readonly resource: ServedResource;
  readonly storage: ObjectStorage;
  /** What a patch made, decoded as a body is: types checked, unknown fields dropped. Throws ApiError. */
  decode(resource: ServedResource, value: JsonValue, words?: DecodeWords): JsonObject;
  /** Whether what it brings may hold empty lists, which are not stored: it came from outside. */
  readonly fromOutside: boolean;
  /** Set for requests that may wait for answers from outside. */
  readonly memory?: RequestMemory | undefined;
  /** The subresource that a write goes through, where the request is carried out as one of the whole object. */
  readonly through?: string | undefined;
  /** The form in which admission sees the object of such a write. */
  readonly view?: SubresourceView | undefined;
  /** Whether anybody reads warnings: components do not. */
  readonly isHeard: boolean;
  /** Adds a Warning header to the answer. */
  warn(text: string): void;
}

/** `code`: 200, or 201 where something was created, 202 where a deletion goes on by itself. */
export interface Outcome {
  readonly code: number;
  readonly object: object;
}

export function keyIn(resource: ServedResource, namespace: string | undefined, name: string): string {
  return resource.namespaced ? `${namespace ?? ''}/${name}` : name;
}

export function isDryRun(request: ApiRequest): boolean {
  return (request.options?.dryRun?.length ?? 0) > 0;
}

export function revisionOf(object: StoredObject): number {
  return Number(object.metadata?.resourceVersion ?? 0);
}

/** An object as the answer shows it: in the version that was asked for. */
export function presented({ resource }: Operation, object: StoredObject): StoredObject {
  if (!resource.conversion) return object;
  const shown = resource.conversion.fromStored(object);
  carryEntries(object, shown);
  return shown;
}

/** Notes who wrote what: `after` is what the client asked for, before admission completed it. */
export function noteManager(
  { request, resource, server, through }: Operation,
  stored: StoredObject,
  old: StoredObject | undefined,
  after: StoredObject,
): void {
  const { options, userAgent } = request;
  if (isUntypable(resource, after)) {
    setEntries(stored, []);
    return;
  }
  const slash = userAgent.indexOf('/');
  noteWrite(stored, old, {
    manager: options?.fieldManager || (slash < 0 ? userAgent : userAgent.slice(0, slash)) || 'unknown',
    apiVersion: resource.apiVersion,
    timeMs: through === 'scale' ? undefined : server.scope.now,
    ...wayOf(resource, through ?? request.subresource),
    shape: shapeOf(resource),
    before: old && ofVersion(resource, old),
    after: ofVersion(resource, after),
  });
}

export function wayOf({ custom, subresources }: ServedResource, subresource = ''): WriteWay {
  const statusApart = subresources.some(({ name }) => name === 'status');
  return { subresource, custom: custom !== undefined, statusApart };
}

/** Managers have the fields of the version in which they write. */
function ofVersion({ custom, conversion }: ServedResource, object: StoredObject): StoredObject {
  return custom || !conversion ? object : conversion.fromStored(object);
}

/** Of a custom resource that does not fit its schema nobody can tell who manages what, until it does. */
export function isUntypable(resource: ServedResource, object: StoredObject): boolean {
  return (
    resource.custom !== undefined && typedProblem(asJson(object), typedOf(resource), { duplicates: true }) !== undefined
  );
}

/** An object as it is stored. */
export function asKept({ resource, fromOutside }: Operation, object: StoredObject): StoredObject {
  if (!fromOutside || resource.custom) return object;
  const version = parseApiVersion(resource.storedAs ?? resource.apiVersion);
  const name = version && definitionName({ ...version, kind: resource.kind });
  return name === undefined ? object : persisted(name, object);
}

/** The kind that a refusal of such an object names. */
export function refusedKind({ group, kind, rules }: ServedResource): { readonly group: string; readonly kind: string } {
  return { group: rules.refusedAs ?? group, kind };
}

/** Whether the request is about Services themselves. */
export function isService({ resource, request }: Operation): boolean {
  return resource.group === '' && resource.resource === 'services' && request.subresource === undefined;
}
