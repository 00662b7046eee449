// The API server: takes requests on their way (authorization, admission, validation) to storage and back.
//
//   request ─▶ find the resource ─▶ the verb's handler ─▶ admission, validation ─▶ etcd (compare and swap)
//   etcd's changes ─▶ each resource's storage ─▶ its watchers

import type { KubeRequest } from '../../api/ports.ts';
import type { ApiRequest, WatchEvent, WatchSink } from '../../api/request.ts';
import type { Descriptions } from '../../api/schema/descriptions.ts';
import { ApiError, methodNotSupported, noSuchResource, notFound } from '../../api/status.ts';
import { CertificateAuthority } from '../../base/certificate-authority.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { late } from '../../base/late.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { EtcdConnection } from '../etcd/connection.ts';
import { Lessor } from '../etcd/lessor.ts';
import type { EtcdStore } from '../etcd/store.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import { perform, type Settle, type Work } from '../sim/work.ts';
import { AdmissionChain } from './admission.ts';
import { Aggregator } from './aggregator/aggregator.ts';
import { Agreement } from './agreement.ts';
import { Answers } from './answers.ts';
import type { ConnectionAdmission, PerformOptions } from './api-core.ts';
import type { ApiServerSettings } from './api-server-settings.ts';
import type { AuditRecord } from './audit/audit-record.ts';
import { auditedWatch } from './audit/audited-watch.ts';
import type { Auditor } from './audit/auditor.ts';
import { Authenticator } from './authentication.ts';
import { Authorizer } from './authorizer.ts';
import { objectOf } from './body.ts';
import { type BootstrapFacts, bootstrap, reconcileRoles } from './bootstrap.ts';
import type { ChannelInput, ChannelSink } from './channels.ts';
import { startCompactor } from './compactor.ts';
import { admitConnection } from './connection-admission.ts';
import { ConvertedStorage } from './custom/converted-storage.ts';
import { warnOfVersion } from './custom/custom-request.ts';
import { DefinitionController } from './custom/definition-controller.ts';
import { changeDefaultRange } from './default-service-cidr.ts';
import { methodNotAllowed } from './documents.ts';
import { EventLease } from './event-lease.ts';
import { Fairness } from './fairness/fairness.ts';
import { handlerOf } from './handlers.ts';
import { type HttpServer, httpServerOf, type Surroundings } from './http-parts.ts';
import type { HttpSink } from './http-sink.ts';
import { startKeepers } from './keepers.ts';
import { createLookups } from './lookups.ts';
import { NodeAuthorizer } from './node-authorizer.ts';
import { OpenApiDocuments } from './openapi-documents.ts';
import {
  type Operation,
  type Outcome,
  type ProbedProcess,
  revisionOf,
  type ServerParts,
  presented as shownOf,
} from './operation.ts';
import { AnswersNeeded, RequestMemory } from './request-memory.ts';
import { clientOf, nodeAddressOf, subjectOf } from './request-subject.ts';
import { RequestTally } from './request-tally.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { ResourceRegistry, type ServedResource } from './served-resource.ts';
import { Storages } from './storages.ts';
import { prepareWatch, watch } from './watch.ts';

/** Components ask by other ways. */
const code = late('the HTTP edge', () => import('./http-edge.ts'));

export interface ApiServerOptions extends Surroundings {
  readonly store: EtcdStore;
  /** Its connection to etcd's members; default: the store itself. */
  readonly etcd?: EtcdConnection | undefined;
  /** The store's leases; default: one of its own. */
  readonly lessor?: Lessor | undefined;
  /** Whether a process beside it runs; default yes. */
  runs?(process: ProbedProcess): boolean;
  readonly bootstrap?: BootstrapFacts;
  /** Default `10.96.0.0/12`. */
  readonly serviceCidr?: string;
  /** Whose client certificates count; default one that nobody else knows. */
  readonly authority?: CertificateAuthority;
}

const defaultFacts: BootstrapFacts = { address: '172.18.0.2', port: 6443, serviceIp: '10.96.0.1' };

export class ApiServer {
  readonly registry = new ResourceRegistry();
  private readonly parts: ServerParts;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  private serviceCidr: string;
  readonly storages: Storages;
  readonly tally: RequestTally;
  readonly admission = new AdmissionChain();
  private readonly agreement: Agreement | undefined;
  private readonly edge: HttpServer;
  private readonly aggregator: Aggregator;
  private readonly answers: Answers;
  auditor: Auditor | undefined;
  readonly fairness: Fairness;
  flags: ReadonlyMap<string, string> = new Map();

  constructor(private readonly options: ApiServerOptions) {
    const { scope, store, etcd } = options;
    this.tally = new RequestTally(scope);
    const eventLease = new EventLease(scope, options.lessor ?? new Lessor(scope.child('etcd/leases'), store));
    const storages = new Storages({ scope, store, etcd, eventLease });
    this.storages = storages;
    this.agreement = etcd && new Agreement(scope, etcd);
    startCompactor(scope, store, etcd);
    this.serviceCidr = options.serviceCidr ?? '10.96.0.0/12';
    const lookups = createLookups({
      storage: (place) => storages.at(place),
      registry: this.registry,
      random: scope.random('apiserver/names'),
      admissionVersion: () => storages.admissionVersion,
      perform: (request) => this.perform(request, () => {}),
    });
    this.authorizer = new Authorizer({
      list: lookups.list,
      get: lookups.get,
      get version() {
        return storages.rolesVersion;
      },
    });
    this.authenticator = new Authenticator(lookups, () => scope.now, options.authority ?? ownAuthority(scope));
    const cidr = (): string => this.serviceCidr;
    this.parts = {
      scope,
      get serviceCidr() {
        return cidr();
      },
      registry: this.registry,
      admission: this.admission,
      authorizer: this.authorizer,
      authenticator: this.authenticator,
      lookups,
      webhooks: {
        scope,
        tally: this.tally.webhooks,
        get host() {
          return options.dialer?.();
        },
      },
      storage: ({ storage }) => storages.at(storage),
      health: { etcd: () => etcd?.healthy ?? true, runs: (process) => options.runs?.(process) ?? true },
      revision: () => etcd?.applied ?? store.revision,
    };
    storages.follow();
    this.fairness = new Fairness({ list: lookups.list, version: () => storages.flowVersion });
    this.authorizer.nodes = new NodeAuthorizer({
      pods: storages.at('/pods'),
      get: lookups.get,
      rolesAllow: (attributes) => this.authorizer.roleAllows('system:node', attributes),
    });
    this.edge = httpServerOf(this, options, {
      openApi: new OpenApiDocuments(this.registry, () => scope.now),
      aggregator: () => this.aggregator,
    });
    this.bootstrap(store.revision <= 1);
    new DefinitionController({
      scope,
      api: this,
      registry: this.registry,
      definitions: storages.at('apiextensions.k8s.io/customresourcedefinitions'),
      instances: ({ storage }) => storages.at(storage),
      conversion: { call: this.parts.webhooks, lookups },
    });
    const storage = (place: string): ResourceStorage => storages.at(place);
    startKeepers({ scope, api: this, storage, range: cidr });
    this.aggregator = new Aggregator({
      scope,
      api: this,
      storage,
      authority: this.authenticator.authority,
      dialer: () => options.dialer?.(),
      tellOpenApi: (name, read) => this.edge.openApi.tell(name, read),
    });
    this.answers = new Answers({
      tally: this.tally,
      aggregator: this.aggregator,
      agreement: this.agreement,
      audit: (request) => this.audit(request),
      check: (request) => this.authorizer.check(request),
      perform: (request, memory) => this.perform(request, ignore, { memory }),
    });
  }

  /** Ends every watch, as when a connection breaks. */
  dropConnections(): void {
    this.storages.closeWatches();
  }

  /** No step of it causes another, nor what starts beside it. */
  private bootstrap(isNew: boolean): void {
    const { scope, bootstrap: facts = defaultFacts } = this.options;
    const perform: ApiServer['perform'] = (request, warn) => {
      const outcome = this.perform(request, warn);
      scope.resumeCause(0);
      return outcome;
    };
    if (isNew) bootstrap({ perform }, facts, { nowMs: scope.now, clientCa: this.authenticator.authority.certificate });
    else reconcileRoles({ perform, get: this.parts.lookups.get });
  }

  /** Changes what a kube-apiserver's flags say. */
  configure(settings: ApiServerSettings): void {
    const { authorizer, authenticator, parts, options } = this;
    if (settings.plugins) parts.admission.choose(settings.plugins);
    parts.admission.settings = settings.admission ?? parts.admission.settings;
    authorizer.modes = settings.modes ?? authorizer.modes;
    authenticator.configure(settings);
    this.storages.encryption = settings.encryption ?? this.storages.encryption;
    if (settings.serviceCidr) this.changeRange(settings.serviceCidr);
    this.flags = settings.flags ?? this.flags;
    this.auditor = settings.audit?.(options.scope) ?? this.auditor;
  }

  private changeRange(cidr: string): void {
    this.serviceCidr = cidr;
    changeDefaultRange((place) => this.storages.at(place), cidr);
  }

  /** Answers one request: at once, unless it waits for etcd's members or for somebody outside. */
  answer(request: ApiRequest, settle: Settle<JsonObject>, scope: Scope): Stop | undefined {
    return this.answers.give(request, settle, scope);
  }

  /** As answer, in work that waits. Throws ApiError. */
  handle(request: ApiRequest): Work<JsonObject> {
    return this.answers.wait(request, new RequestMemory());
  }

  /** As handle, with the HTTP code and the warnings. Throws ApiError. */
  perform(request: ApiRequest, warn: (text: string) => void, how: PerformOptions = {}): Outcome {
    const operation = this.operation(request, warn, how);
    const { resource } = operation;
    how.memory?.audit?.asked({ request, resource, decoded: (body) => shownOf(operation, objectOf(operation, body)) });
    const handler = handlerOf(request, this.authorizer);
    if (!handler) throw methodNotSupported(resource, request.verb);
    const { verbs, custom } = resource;
    if (!request.subresource && !custom && !verbs.includes(request.verb)) throw methodNotAllowed();
    warnOfVersion(operation);
    const writing = writes.has(request.verb) && !how.memory?.attempt;
    if (writing) this.options.scope.record(request.verb, subjectOf(request), clientOf(request));
    try {
      return handler(operation);
    } catch (error) {
      if (writing && error instanceof ApiError)
        this.options.scope.record('refuse', subjectOf(request), `${clientOf(request)}: ${error.message}`);
      throw error;
    }
  }

  /** Opens a watch; returns how to close it. Throws ApiError. */
  *watch(request: ApiRequest, sink: WatchSink): Work<Stop> {
    const memory = new RequestMemory();
    memory.audit = this.audit(request);
    const { audit } = memory;
    const open = (): Stop =>
      audit ? auditedWatch(audit, sink, (told) => this.openWatch(request, told)) : this.openWatch(request, sink);
    for (;;)
      try {
        if (this.agreement?.needed) return yield* this.agreement.on(request, open);
        return yield* perform<Stop>((settle) => {
          try {
            settle.value(open());
          } catch (error) {
            settle.error(error);
          }
          return undefined;
        });
      } catch (error) {
        if (!(error instanceof AnswersNeeded)) {
          audit?.failed(error);
          audit?.completed();
          throw error;
        }
        yield* perform<void>((settle) => error.ask(memory, () => settle.value(undefined)));
      }
  }

  /** As watch, at once. `opened` is called before the first event. */
  openWatch(request: ApiRequest, sink: WatchSink & { opened?(): void }): Stop {
    const operation = this.operation(request, ignore);
    prepareWatch(operation);
    sink.opened?.();
    return this.tally.watch(request, this.sinkFrom(request, sink), (counted) => watch(operation, counted));
  }

  /** A watch from a revision that etcd's member has yet to apply hears nothing of what came before it. */
  private sinkFrom({ options }: ApiRequest, sink: WatchSink): WatchSink {
    const from = Number(options?.resourceVersion ?? 0);
    if (!(from > this.parts.revision())) return sink;
    const isNew = ({ type, object }: WatchEvent): boolean => type === 'ERROR' || revisionOf(object) > from;
    return { events: (events) => sink.events(events.filter(isNew)), closed: () => sink.closed() };
  }

  /** As the trace names it. */
  get name(): string {
    return this.options.scope.name;
  }

  /** The HTTP edge. Returns how to stop an answer that keeps coming. */
  http(request: KubeRequest, sink: HttpSink): Stop {
    const { agreement } = this;
    return agreement?.needed
      ? agreement.http(request, sink, (late) => this.serve(request, late))
      : this.serve(request, sink);
  }

  private serve(request: KubeRequest, sink: HttpSink): Stop {
    return code().serveHttp(this.edge, request, sink);
  }

  /** A duplex connection: exec, attach, port-forward, and what is passed on to others. */
  connect(request: KubeRequest, sink: ChannelSink): ChannelInput {
    return code().connectUpgrade(this.edge, request, sink);
  }

  get etcdHealth(): 'ok' | 'failed' | undefined {
    const { etcd } = this.options;
    if (etcd?.healthy ?? true) return etcd && !etcd.alone ? 'ok' : undefined;
    return 'failed';
  }

  /** What OpenAPI documents say of fields; nothing as long as nobody calls this. */
  describe(descriptions: Descriptions): void {
    this.edge.openApi.describe(descriptions);
  }

  admitConnection(request: ApiRequest, options: JsonObject, { memory, warn }: ConnectionAdmission): JsonObject {
    return admitConnection(this.operation(request, warn, { memory }), options);
  }

  /** An object by its name. Throws the NotFound that a request would get. */
  lookup(resource: string, namespace: string | undefined, name: string): StoredObject {
    const found = this.parts.lookups.get(resource, namespace, name);
    if (!found) throw notFound({ group: '', resource }, name);
    return found;
  }

  /** Where it is reached, e.g. `172.18.0.2:6443`. */
  get address(): string {
    const { address, port } = this.options.bootstrap ?? defaultFacts;
    return `${address}:${port}`;
  }

  /** Whether it answers requests. */
  get ready(): boolean {
    return this.options.scope.live;
  }

  /** Notes that a component's request has come. */
  private audit(request: ApiRequest): AuditRecord | undefined {
    const { auditor, authorizer } = this;
    const record = auditor?.beginInside(request, this.sourceOf(request));
    record?.authorized(request.user, authorizer);
    return record;
  }

  /** Where a component's request comes from: a kubelet's node, or beside the server itself. */
  private sourceOf({ user }: ApiRequest): string {
    return nodeAddressOf(user, this.parts.lookups) ?? (this.options.bootstrap ?? defaultFacts).address;
  }

  private operation(request: ApiRequest, warn: (text: string) => void, how: PerformOptions = {}): Operation {
    const { decode = asItIs, memory } = how;
    const resource = this.registry.find(request.group, request.version, request.resource);
    if (!resource || (request.subresource && !resource.subresources.some(({ name }) => name === request.subresource)))
      throw noSuchResource();
    this.authorizer.check(request);
    const { storages } = this;
    // Reads see what etcd's member has applied; writes, what the members have agreed on.
    const whole = storages.forRequest(resource.storage, writes.has(request.verb));
    const { converter } = resource;
    const storage = converter ? new ConvertedStorage(whole, resource, converter) : whole;
    const about = { server: this.parts, request, resource, storage, memory };
    return { ...about, isHeard: warn !== ignore, warn, decode, fromOutside: decode !== asItIs };
  }
}

export function createApiServer(options: ApiServerOptions): ApiServer {
  return new ApiServer(options);
}

function ignore(): void {}

/** One that nobody else knows. */
function ownAuthority({ name, now }: Scope): CertificateAuthority {
  return new CertificateAuthority({ seed: name, name: 'kubernetes', since: now });
}

/** Components of ours send well-formed objects. */
function asItIs(_resource: ServedResource, value: JsonValue): JsonObject {
  return isObject(value) ? value : {};
}

const writes = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
