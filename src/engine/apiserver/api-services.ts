// Keeps an APIService for every group and version that the server itself serves, and says of all others whether they
// can be reached. Aggregated APIs themselves are not simulated: their APIServices say so.
import type { APIService, CustomResourceDefinition, Service } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { Scope } from '../sim/scope.ts';
import type { ApiCore } from './api-core.ts';
import { apiServicePriorities } from './bootstrap/api-service-priorities.ts';
import { asJson } from './json-edge.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { everything } from './selection.ts';

interface Parts {
  readonly scope: Scope;
  readonly api: Pick<ApiCore, 'perform'>;
  storage(place: string): ResourceStorage;
}

type Spec = NonNullable<APIService['spec']>;
type Condition = NonNullable<NonNullable<APIService['status']>['conditions']>[number];

const user: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };
const managedLabel = 'kube-aggregator.kubernetes.io/automanaged';
const customPriorities = { groupPriorityMinimum: 1000, versionPriority: 100 };
/** An informer's delay. */
const noticeMs = 3;

/** The APIServices of a fresh cluster: those of built-in groups, which are always there. */
export function builtInApiServices(now: string): readonly APIService[] {
  return apiServicePriorities.map((row) => {
    const [, group = '', version = '', first, second] = /^(.*)\/(\S+) (\d+) (\d+)$/.exec(row) ?? [];
    const spec = { group, version, groupPriorityMinimum: Number(first), versionPriority: Number(second) };
    return local(spec, 'onstart', now);
  });
}

/** Follows definitions and APIServices as long as the scope lives. */
export class ApiServices {
  private queued = false;

  constructor(private readonly parts: Parts) {
    for (const place of [definitionsPlace, servicesPlace]) {
      const storage = parts.storage(place);
      const leave = storage.hub.add({ selection: everything, send: () => this.enqueue(), close() {} });
      parts.scope.onStop(leave);
    }
  }

  private enqueue(): void {
    if (this.queued) return;
    this.queued = true;
    this.parts.scope.schedule(noticeMs, () => {
      this.queued = false;
      this.sync();
    });
  }

  private sync(): void {
    const wanted = new Map(this.customVersions().map((spec) => [nameOf(spec), spec]));
    for (const object of this.parts.storage(servicesPlace).list(undefined)) {
      const service = asApiService(object);
      const name = service.metadata?.name ?? '';
      const isManaged = service.metadata?.labels?.[managedLabel] === 'true';
      if (isManaged && !wanted.has(name)) this.perform('delete', name);
      else if (!service.status?.conditions?.length) this.writeStatus(service);
      wanted.delete(name);
    }
    const now = formatTime(this.parts.scope.now);
    for (const spec of wanted.values()) this.perform('create', undefined, local(spec, 'true', now));
  }

  private customVersions(): readonly Spec[] {
    return this.parts
      .storage(definitionsPlace)
      .list(undefined)
      .flatMap((object) => {
        const { spec, status } = asDefinition(object);
        const established = status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True');
        const { group } = spec;
        if (!established) return [];
        return spec.versions
          .filter(({ served }) => served)
          .map(({ name }) => ({ group, version: name, ...customPriorities }));
      });
  }

  private writeStatus(service: APIService): void {
    const condition = {
      ...this.condition(service),
      type: 'Available',
      lastTransitionTime: formatTime(this.parts.scope.now),
    };
    const { name = '' } = service.metadata ?? {};
    this.perform('update', name, { ...service, status: { conditions: [condition] } });
  }

  private condition({ spec }: APIService): Omit<Condition, 'type'> {
    const { name = '', namespace = '' } = spec?.service ?? {};
    if (!spec?.service) return available;
    const known = this.parts.storage('/services').get(`${namespace}/${name}`);
    const which = `service/${name} in "${namespace}"`;
    if (!known) return { status: 'False', reason: 'ServiceNotFound', message: `${which} is not present` };
    const service: Service = known as Service; // edge: an object of the services resource
    const port = spec.service.port ?? 443;
    if (!service.spec?.ports?.some((each) => each.port === port))
      return { status: 'False', reason: 'ServicePortError', message: `${which} is not listening on port ${port}` };
    const message = 'aggregated APIs are not simulated: requests for this group are not passed on';
    return { status: 'False', reason: 'FailedDiscoveryCheck', message };
  }

  /** A write that another server was faster with is left as it is. */
  private perform(verb: 'create' | 'update' | 'delete', name: string | undefined, body?: APIService): void {
    const request = { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices', user };
    const subresource = verb === 'update' ? 'status' : undefined;
    try {
      this.parts.api.perform(
        { ...request, verb, name, subresource, userAgent: 'kube-aggregator', ...(body && { body: asJson(body) }) },
        () => {},
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

const definitionsPlace = 'apiextensions.k8s.io/customresourcedefinitions';
const servicesPlace = 'apiregistration.k8s.io/apiservices';
const available = { status: 'True', reason: 'Local', message: 'Local APIServices are always available' };

function nameOf({ group, version }: Spec): string {
  return `${version}.${group}`;
}

function local(spec: Spec, managed: 'onstart' | 'true', now: string): APIService {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: nameOf(spec), labels: { [managedLabel]: managed } },
    spec,
    status: { conditions: [{ ...available, type: 'Available', lastTransitionTime: now }] },
  };
}

function asApiService(object: StoredObject): APIService {
  return object as APIService; // edge: an object of the apiservices resource
}

function asDefinition(object: StoredObject): CustomResourceDefinition {
  return object as unknown as CustomResourceDefinition; // edge: an object of the customresourcedefinitions resource
}
