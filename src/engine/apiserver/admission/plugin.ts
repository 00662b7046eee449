// What an admission plugin is, and what it is given.
import type { ApiRequest, UserInfo } from '../../../api/request.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AuditLevel } from '../audit/audit-policy.ts';
import type { Attributes as Access } from '../authorizer.ts';
import type { RequestMemory } from '../request-memory.ts';
import type { ServedResource } from '../served-resource.ts';
import type { PodSecurityConfiguration } from './pod-security/pod-policy.ts';
import type { Reinvocation } from './reinvocation.ts';
import type { CallParts } from './webhooks/webhook-call.ts';

/** What plugins may look up: the server's own caches. */
export interface AdmissionLookups {
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
  list(resource: string, namespace?: string): readonly StoredObject[];
  /** Puts an object in the place of another. False when that has changed meanwhile. */
  replace(resource: string, old: StoredObject, object: StoredObject): boolean;
  /** Throws ApiError. */
  createNamespace(name: string): void;
  /** Five letters for a generated name. */
  randomSuffix(): string;
  /** Counts up with every change of a policy, a webhook, or what binds them. */
  readonly admissionVersion: number;
  /** All versions in which a resource is served, itself among them. */
  versionsOf(resource: ServedResource): readonly ServedResource[];
  resourceOfKind(apiVersion: string, kind: string): ServedResource | undefined;
}

/** A subresource's form of the object, e.g. a Scale. */
export interface SubresourceView {
  show(object: StoredObject): StoredObject;
  /** The object with what was changed of the view. */
  restore(object: StoredObject, view: JsonObject): StoredObject;
}

/** --admission-control-config-file. */
export interface AdmissionSettings {
  readonly podSecurity?: PodSecurityConfiguration | undefined;
}

export interface Attributes {
  readonly operation: 'create' | 'update' | 'delete' | 'connect';
  readonly request: ApiRequest;
  readonly resource: ServedResource;
  readonly subresource: string | undefined;
  /** Set where the request is about another form of the object than its own. */
  readonly view?: SubresourceView | undefined;
  readonly namespace: string;
  readonly name: string;
  /** What is there before an update or a deletion. */
  readonly old: StoredObject | undefined;
  readonly dryRun: boolean;
  readonly lookups: AdmissionLookups;
  /** Whether the user, or somebody else, may do something else too. */
  mayUser(what: Access, user?: UserInfo): boolean;
  /** What plugins changed, back in its stored form: decoded and defaulted as a client's body is. Throws ApiError. */
  restore(resource: ServedResource, object: JsonObject): StoredObject;
  /** What the server's configuration says of its plugins. */
  readonly settings: AdmissionSettings;
  /** How webhooks are reached. */
  readonly webhooks: CallParts;
  /** What webhooks have answered; undefined: they are not asked. */
  readonly memory: RequestMemory | undefined;
  /** The rounds of mutating admission. */
  readonly reinvocation: Reinvocation;
  warn(text: string): void;
  /** Adds an annotation to the request's audit event. */
  annotate(key: string, value: string, least?: AuditLevel): void;
}

export interface AdmissionPlugin {
  /** Upstream's name, as `--enable-admission-plugins` takes it. */
  readonly name: string;
  /** Whether it can do with objects of subresources, e.g. Evictions. */
  readonly takesParts?: boolean;
  /** Returns the object to go on with: the same one where nothing is to be changed. */
  admit?(object: StoredObject, attributes: Attributes): StoredObject;
  /** Throws ApiError to refuse. `object` is undefined for a deletion. */
  validate?(object: StoredObject | undefined, attributes: Attributes): void;
}
