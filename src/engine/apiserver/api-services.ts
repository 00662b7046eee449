// Keeps an APIService for every group and version that the server itself serves, and says of them that they are there.
// Those that others serve are the aggregator's (aggregator/).
import type { APIService, CustomResourceDefinition } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { Scope } from '../sim/scope.ts';
import type { ApiCore } from './api-core.ts';
import { apiServicePriorities } from './bootstrap/api-service-priorities.ts';
import { asJson, asStored } from './json-edge.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { everything } from './selection.ts';

interface Parts {
  readonly scope: Scope;
  readonly api: Pick<ApiCore, 'perform'>;
  storage(place: string): ResourceStorage;
}

type Spec = NonNullable<APIService['spec']>;

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
  /** What custom resources need, by the APIService's name; and whose they are, by the definition's. */
  private readonly wanted = new Map<string, Spec>();
  private readonly namesOf = new Map<string, readonly string[]>();
  /** Names of APIServices to look at. */
  private readonly dirty = new Set<string>();

  constructor(private readonly parts: Parts) {
    this.follow(definitionsPlace, (object, gone) => this.defined(asDefinition(object), gone));
    this.follow(apiServicesPlace, (object) => this.enqueue(object.metadata?.name ?? ''));
    for (const object of parts.storage(definitionsPlace).list(undefined)) this.defined(asDefinition(object), false);
  }

  private follow(place: string, changed: (object: StoredObject, gone: boolean) => void): void {
    const leave = this.parts.storage(place).hub.add({
      selection: everything,
      send: ({ type, object }) => changed(asStored(object), type === 'DELETED'),
      close() {},
    });
    this.parts.scope.onStop(leave);
  }

  private defined(definition: CustomResourceDefinition, gone: boolean): void {
    const { name = '' } = definition.metadata ?? {};
    const specs = gone ? [] : servedVersions(definition);
    for (const old of this.namesOf.get(name) ?? []) {
      this.wanted.delete(old);
      this.enqueue(old);
    }
    for (const spec of specs) {
      this.wanted.set(nameOf(spec), spec);
      this.enqueue(nameOf(spec));
    }
    if (specs.length > 0) this.namesOf.set(name, specs.map(nameOf));
    else this.namesOf.delete(name);
  }

  private enqueue(name: string): void {
    this.dirty.add(name);
    if (this.dirty.size > 1) return;
    this.parts.scope.schedule(noticeMs, () => {
      const names = [...this.dirty];
      this.dirty.clear();
      for (const each of names) this.sync(each);
    });
  }

  private sync(name: string): void {
    const object = this.parts.storage(apiServicesPlace).get(name);
    const wanted = this.wanted.get(name);
    const now = formatTime(this.parts.scope.now);
    if (!object) {
      if (wanted) this.perform('create', undefined, local(wanted, 'true', now));
      return;
    }
    const service = asApiService(object);
    if (service.metadata?.labels?.[managedLabel] === 'true' && !wanted) this.perform('delete', name);
    else if (!service.spec?.service && !service.status?.conditions?.length)
      this.perform('update', name, { ...service, status: { conditions: [availableSince(now)] } });
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
export const apiServicesPlace = 'apiregistration.k8s.io/apiservices';

function servedVersions({ spec, status }: CustomResourceDefinition): readonly Spec[] {
  const established = status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True');
  if (!established) return [];
  const { group } = spec;
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name }) => ({ group, version: name, ...customPriorities }));
}

function nameOf({ group, version }: Spec): string {
  return `${version}.${group}`;
}

function availableSince(now: string) {
  const message = 'Local APIServices are always available';
  return { status: 'True', reason: 'Local', message, type: 'Available', lastTransitionTime: now };
}

function local(spec: Spec, managed: 'onstart' | 'true', now: string): APIService {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: nameOf(spec), labels: { [managedLabel]: managed } },
    spec,
    status: { conditions: [availableSince(now)] },
  };
}

export function asApiService(object: StoredObject): APIService {
  return object as APIService; // edge: an object of the apiservices resource
}

function asDefinition(object: StoredObject): CustomResourceDefinition {
  return object as unknown as CustomResourceDefinition; // edge: an object of the customresourcedefinitions resource
}
