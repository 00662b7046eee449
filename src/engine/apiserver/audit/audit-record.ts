// What is noted of one request on its way: its audit event grows, and is logged at each stage that the policy wants.
//
//   RequestReceived ─▶ (ResponseStarted: watches, logs, exec) ─▶ ResponseComplete
import { compareText } from '../../../api/go-format.ts';
import type { ApiRequest, UserInfo } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { formatMicroTime } from '../../../base/time.ts';
import type { Attributes } from '../authorizer.ts';
import { asJson } from '../json-edge.ts';
import { withManagedFields } from '../managed-fields/show.ts';
import { inServersOrder } from '../presentation.ts';
import type { ServedResource } from '../served-resource.ts';
import { type AuditDecision, type AuditLevel, type AuditStage, atLeast } from './audit-policy.ts';

/** A request as it comes to the server. */
export interface AuditedRequest {
  readonly auditId: string;
  readonly uri: string;
  readonly verb: string;
  /** Undefined: it could not be said who sends it. */
  readonly user: UserInfo | undefined;
  readonly userAgent: string;
  readonly sourceIps: readonly string[];
  readonly attributes: Attributes;
  /** Of the resource's group. */
  readonly version: string;
  /** Its answer goes on: a watch, a log, an exec. */
  readonly longRunning: boolean;
}

/** Where events go. */
export interface AuditSink {
  now(): number;
  event(event: JsonObject): void;
}

/** What a request is about. */
export interface Asked {
  readonly request: ApiRequest;
  readonly resource: ServedResource;
  /** A body as the server understands it: defaulted, in the resource's version. */
  decoded(body: JsonValue): object;
}

/** Who may do something, and why. */
interface Authorizes {
  allows(user: UserInfo, attributes: Attributes): boolean;
  reason(user: UserInfo, attributes: Attributes): string;
}

interface Part {
  [field: string]: JsonValue;
}

export class AuditRecord {
  private readonly receivedAt: number;
  private readonly annotations = new Map<string, string>();
  private readonly objectRef: Part | undefined;
  private impersonated: UserInfo | undefined;
  private status: Part | undefined;
  private requestObject: JsonValue | undefined;
  private responseObject: JsonValue | undefined;
  private resource: ServedResource | undefined;
  private over = false;

  constructor(
    private readonly request: AuditedRequest,
    private readonly decision: AuditDecision,
    private readonly sink: AuditSink,
  ) {
    this.receivedAt = sink.now();
    this.objectRef = referenceOf(request);
  }

  received(): void {
    this.stage('RequestReceived', this.receivedAt);
  }

  /** Whom it acts as instead of its sender. */
  actsAs(user: UserInfo): void {
    this.impersonated = user;
  }

  /** Whether it may do what it wants, as it will be told. */
  authorized(user: UserInfo, authorizer: Authorizes): void {
    const { attributes } = this.request;
    const allowed = authorizer.allows(user, attributes);
    this.annotate('authorization.k8s.io/decision', allowed ? 'allow' : 'forbid');
    this.annotate('authorization.k8s.io/reason', authorizer.reason(user, attributes));
  }

  /** An annotation; of one that is given again, where the request is begun again, the last counts. */
  annotate(key: string, value: string, least: AuditLevel = 'Metadata'): void {
    if (atLeast(this.decision.level, least)) this.annotations.set(key, value);
  }

  /** The credentials were nobody's. */
  unauthenticated(message: string): void {
    this.status = { metadata: {}, message };
  }

  /** What is asked for: the object as it was decoded, a patch as it is. */
  asked(asked: Asked): void {
    const { request, resource } = asked;
    this.resource = resource;
    this.noteDeprecation(resource);
    if (request.body === undefined) return;
    const object = request.verb === 'patch' ? request.body : askedObject(asked);
    const { objectRef } = this;
    if (objectRef && request.verb !== 'patch' && isObject(object) && isObject(object.metadata))
      for (const field of ['namespace', 'name', 'uid', 'resourceVersion'] as const)
        objectRef[field] ||= String(object.metadata[field] ?? '');
    if (atLeast(this.decision.level, 'Request')) this.requestObject = this.shown(object);
  }

  private noteDeprecation({ warnings = [] }: ServedResource): void {
    const warning = warnings.find((text) => text.includes('is deprecated'));
    if (warning === undefined) return;
    this.annotate('k8s.io/deprecated', 'true');
    const [, release] = /unavailable in v([\d.]+)\+/.exec(warning) ?? [];
    if (release !== undefined) this.annotate('k8s.io/removed-release', release);
  }

  /** The answer, in the form in which it is told. */
  answered(value: JsonObject): void {
    if (value.kind === 'Status' && value.apiVersion === 'v1') {
      const { status, message, reason, details, code } = value;
      const told = { metadata: {}, status, message, reason, details, code };
      this.status = Object.fromEntries(Object.entries(told).filter(([, each]) => each !== undefined)) as Part; // edge: without what is undefined
    }
    if (atLeast(this.decision.level, 'RequestResponse')) this.responseObject = this.shown(value);
  }

  /** What a component is told. */
  told({ code, object }: { readonly code: number; readonly object: object }): void {
    const shown = withManagedFields(asJson(object));
    this.answered(this.resource ? inServersOrder(this.resource, shown) : shown);
    this.started(code);
  }

  /** As told, where the request is refused. */
  failed(error: unknown): void {
    if (!(error instanceof ApiError)) return;
    this.answered(asJson(error.status));
    this.started(error.code);
  }

  started(code: number): void {
    if (this.over) return;
    this.status = { ...(this.status ?? { metadata: {} }), code };
    if (this.request.longRunning || this.request.user === undefined) this.stage('ResponseStarted');
  }

  /** Once; a request whose sender is unknown is told of when its answer begins. */
  completed(): void {
    if (this.over) return;
    this.over = true;
    if (this.request.user === undefined) return;
    if (!this.status) {
      this.status = { metadata: {}, status: 'Success', message: 'Connection closed early', code: 200 };
      if (this.request.longRunning) this.stage('ResponseStarted');
    }
    this.stage('ResponseComplete');
  }

  /** A mistake of ours. */
  panicked(message: string): void {
    this.over = true;
    const why = `APIServer panic'd: ${message}`;
    this.status = { metadata: {}, status: 'Failure', message: why, reason: 'InternalError', code: 500 };
    this.stage('Panic');
  }

  private stage(stage: AuditStage, at = this.sink.now()): void {
    if (!this.decision.omitStages.includes(stage)) this.sink.event(this.event(stage, at));
  }

  private event(stage: AuditStage, at: number): JsonObject {
    const { request, impersonated, objectRef, status, requestObject, responseObject } = this;
    const annotations = [...this.annotations].sort(([a], [b]) => compareText(a, b));
    return {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: this.decision.level,
      auditID: request.auditId,
      stage,
      requestURI: request.uri,
      verb: request.verb,
      user: userJson(request.user),
      ...(impersonated && { impersonatedUser: userJson(impersonated) }),
      ...(request.sourceIps.length > 0 && { sourceIPs: request.sourceIps }),
      ...(request.userAgent && { userAgent: truncated(request.userAgent) }),
      ...(objectRef && { objectRef: withoutEmpty(objectRef) }),
      ...(status && { responseStatus: status }),
      ...(requestObject !== undefined && { requestObject }),
      ...(responseObject !== undefined && { responseObject }),
      requestReceivedTimestamp: formatMicroTime(this.receivedAt),
      stageTimestamp: formatMicroTime(at),
      ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
    };
  }

  private shown(value: JsonValue): JsonValue {
    return this.decision.omitManagedFields ? withoutManagers(value) : value;
  }
}

/** In the order in which an event tells it; what is empty is left out there. */
function referenceOf({ attributes, version }: AuditedRequest): Part | undefined {
  if (attributes.kind !== 'resource') return undefined;
  const { resource, namespace, name, group, subresource = '' } = attributes;
  return { resource, namespace, name, uid: '', apiGroup: group, apiVersion: version, resourceVersion: '', subresource };
}

function withoutEmpty(part: Part): JsonObject {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== ''));
}

function askedObject({ request, resource, decoded }: Asked): JsonValue {
  const { body = null } = request;
  if (!isObject(body)) return body;
  if (request.verb !== 'create' && request.verb !== 'update')
    return { kind: 'DeleteOptions', apiVersion: 'v1', ...body };
  if (body.kind !== undefined && body.kind !== resource.kind) return body;
  try {
    return inServersOrder(resource, asJson(decoded(body)));
  } catch {
    return body; // the request is about to be refused for it
  }
}

function userJson(user: UserInfo | undefined): JsonObject {
  if (!user) return {};
  const { name, uid, groups, extra = {} } = user;
  const extras = Object.entries(extra).sort(([a], [b]) => compareText(a, b));
  return {
    username: name,
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extras.length > 0 && { extra: Object.fromEntries(extras) }),
  };
}

const agentMax = 1024;

function truncated(agent: string): string {
  return agent.length > agentMax ? `${agent.slice(0, agentMax)}...TRUNCATED` : agent;
}

/** An object, a list's items, or a Table's rows without who manages their fields. */
function withoutManagers(value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  if (isList(value.items)) return { ...value, items: value.items.map(withoutManagers) };
  if (isList(value.rows)) return { ...value, rows: value.rows.map(rowWithoutManagers) };
  if (!isObject(value.metadata) || value.metadata.managedFields === undefined) return value;
  const { managedFields: _, ...metadata } = value.metadata;
  return { ...value, metadata };
}

function rowWithoutManagers(row: JsonValue): JsonValue {
  return isObject(row) && row.object !== undefined ? { ...row, object: withoutManagers(row.object) } : row;
}
