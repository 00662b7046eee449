// The aggregation layer: APIs that other servers answer for, at the service that their APIService names.
//
//   APIService v1beta1.metrics.k8s.io ─▶ RemoteApi ─▶ availability (condition, discovery) ─▶ requests are passed on
import type { APIService } from '../../../api/generated/types.ts';
import { compareText } from '../../../api/go-format.ts';
import type { UserInfo } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { formatTime } from '../../../base/time.ts';
import type { CatalogGroup } from '../../../kinds/catalog.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { Scope, Stop } from '../../sim/scope.ts';
import type { ApiCore } from '../api-core.ts';
import { apiServicesPlace, asApiService } from '../api-services.ts';
import { asJson, asStored } from '../json-edge.ts';
import type { ResourceStorage } from '../resource-storage.ts';
import { everything } from '../selection.ts';
import { type Condition, checkAvailability, type Verdict } from './availability.ts';
import { discoveredResources } from './discovered-resources.ts';
import { apiServiceName, type RemoteApi, type RemoteDiscovery, remoteApiOf } from './remote-api.ts';
import { type ConnectionParts, RemoteConnection } from './remote-connection.ts';
import { type RemoteOpenApi, readOpenApi } from './remote-openapi.ts';

export interface AggregatorParts extends ConnectionParts {
  readonly scope: Scope;
  readonly api: Pick<ApiCore, 'perform'>;
  storage(place: string): ResourceStorage;
  /** Hears what an API's server tells of it in OpenAPI; undefined: nothing any more. */
  tellOpenApi(name: string, read: RemoteOpenApi | undefined): void;
}

interface Entry {
  readonly spec: APIService['spec'];
  api: RemoteApi;
  discovery: RemoteDiscovery;
  failures: number;
  /** Ends the look that is under way or planned. */
  stop: Stop;
  /** What its server tells of it in OpenAPI, and when that was read. */
  openApi: RemoteOpenApi | undefined;
  openApiAt: number;
  stopReading: Stop;
}

const fresh = {
  discovery: { resources: [], stale: true },
  failures: 0,
  stop: () => {},
  openApi: undefined,
  openApiAt: Number.NEGATIVE_INFINITY,
  stopReading: () => {},
};

const user: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };
/** An informer's delay. */
const noticeMs = 3;
const resyncMs = 30_000;
/** How often OpenAPI is read again. */
const openApiMs = 60_000;
const retryMs = { first: 5, most: 30_000 };

export class Aggregator {
  readonly connection: RemoteConnection;
  /** By the APIService's name. */
  private readonly entries = new Map<string, Entry>();
  private stopFollowing: Stop | undefined;

  constructor(private readonly parts: AggregatorParts) {
    this.connection = new RemoteConnection(parts);
    const storage = parts.storage(apiServicesPlace);
    for (const object of storage.list(undefined)) this.changed(object, false);
    parts.scope.onStop(this.follow(apiServicesPlace, (object, gone) => this.changed(object, gone)));
  }

  /** Undefined: the API server answers itself. */
  find(group: string, version: string): RemoteApi | undefined {
    return this.entries.size === 0 ? undefined : this.entries.get(apiServiceName({ group, version }))?.api;
  }

  /** Who has the OpenAPI document at a path below /openapi/v3; undefined: the API server itself, or nobody. */
  openApiAt(path: string): RemoteApi | undefined {
    for (const { api, openApi } of this.entries.values()) if (openApi?.documents.has(path)) return api;
    return undefined;
  }

  /** The groups of remote APIs as discovery tells of them, by priority. */
  groups(): readonly RemoteGroup[] {
    const groups = new Map<string, Entry[]>();
    for (const entry of this.entries.values())
      groups.set(entry.api.group, [...(groups.get(entry.api.group) ?? []), entry]);
    return [...groups].map(([group, entries]) => ({
      group,
      priority: Math.max(...entries.map(({ api }) => api.groupPriority)),
      versions: entries
        .sort((a, b) => b.api.versionPriority - a.api.versionPriority || compareText(a.api.version, b.api.version))
        .map(({ api, discovery }) => ({ version: api.version, ...discovery })),
    }));
  }

  private follow(place: string, changed: (object: StoredObject, gone: boolean) => void): Stop {
    return this.parts.storage(place).hub.add({
      selection: everything,
      send: ({ type, object }) => changed(asStored(object), type === 'DELETED'),
      close() {},
    });
  }

  private changed(object: StoredObject, gone: boolean): void {
    const service = asApiService(object);
    const name = service.metadata?.name ?? '';
    const old = this.entries.get(name);
    const api = gone ? undefined : remoteApiOf(service);
    if (api && old && equal(old.spec, service.spec)) old.api = api;
    else {
      if (old) this.forget(name, old);
      if (api) {
        this.entries.set(name, { ...fresh, spec: service.spec, api });
        this.plan(name, noticeMs);
      }
    }
    this.followOthers();
  }

  private forget(name: string, { stop, stopReading, openApi }: Entry): void {
    stop();
    stopReading();
    this.entries.delete(name);
    if (openApi) this.parts.tellOpenApi(name, undefined);
  }

  /** Services and what is behind them matter only as long as somebody names one. */
  private followOthers(): void {
    if (this.entries.size === 0) {
      this.stopFollowing?.();
      this.stopFollowing = undefined;
    } else if (!this.stopFollowing) {
      const stops = [
        this.follow('/services', ({ metadata }) => this.serviceChanged(metadata?.namespace, metadata?.name)),
        this.follow('discovery.k8s.io/endpointslices', ({ metadata }) =>
          this.serviceChanged(metadata?.namespace, metadata?.labels?.['kubernetes.io/service-name']),
        ),
      ];
      this.stopFollowing = () => {
        for (const stop of stops) stop();
      };
    }
  }

  private serviceChanged(namespace: string | undefined, name: string | undefined): void {
    for (const [key, { api }] of this.entries)
      if (api.service === name && api.namespace === namespace) this.plan(key, noticeMs);
  }

  private plan(name: string, delayMs: number): void {
    const entry = this.entries.get(name);
    if (!entry) return;
    entry.stop();
    entry.stop = this.parts.scope.schedule(delayMs, () => this.look(name));
  }

  private look(name: string): void {
    const entry = this.entries.get(name);
    if (!entry) return;
    let over = false;
    const { scope, storage } = this.parts;
    const parts = { scope, connection: this.connection, storage };
    const stop = checkAvailability(parts, entry.api, (verdict) => {
      over = true;
      this.judge(name, entry, verdict);
    });
    if (!over) entry.stop = stop;
  }

  private judge(name: string, entry: Entry, { condition, document }: Verdict): void {
    const resources = document === undefined ? undefined : discoveredResources(entry.api, document);
    entry.discovery = { resources: resources ?? [], stale: resources === undefined };
    entry.failures = condition.reason === 'FailedDiscoveryCheck' ? entry.failures + 1 : 0;
    const backOffMs = retryMs.first * 2 ** Math.min(entry.failures, 20);
    this.plan(name, entry.failures === 0 ? resyncMs : Math.min(backOffMs, retryMs.most));
    this.writeCondition(name, condition);
    if (condition.status === 'True') this.readOpenApi(name, entry);
  }

  private readOpenApi(name: string, entry: Entry): void {
    const { now } = this.parts.scope;
    if (now - entry.openApiAt < openApiMs) return;
    entry.openApiAt = now;
    entry.stopReading();
    entry.stopReading = readOpenApi(this.connection, entry.api, (read) => {
      if (entry.openApi && equal([...entry.openApi.documents], [...read.documents]) && equal(entry.openApi, read))
        return;
      entry.openApi = read;
      this.parts.tellOpenApi(name, read);
    });
  }

  /** Only what has changed; a write that another server was faster with is left as it is. */
  private writeCondition(name: string, condition: Condition): void {
    const object = this.parts.storage(apiServicesPlace).get(name);
    if (!object) return;
    const service = asApiService(object);
    const old = service.status?.conditions?.find(({ type }) => type === 'Available');
    const now = formatTime(this.parts.scope.now);
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : now;
    const next = { ...condition, type: 'Available', lastTransitionTime };
    if (old && equal(old, next)) return;
    const conditions = [...(service.status?.conditions ?? []).filter(({ type }) => type !== 'Available'), next];
    const where = { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices', subresource: 'status' };
    const body = asJson({ ...service, status: { ...service.status, conditions } });
    try {
      this.parts.api.perform({ ...where, verb: 'update', name, user, userAgent: 'kube-aggregator', body }, () => {});
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

/** A group of remote APIs among those of discovery. */
export interface RemoteGroup extends CatalogGroup {
  readonly priority: number;
}
