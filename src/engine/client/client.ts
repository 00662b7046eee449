// The typed API client that everything inside the cluster uses: one call, one request, one answer after a while.
import type { KubeObject } from '../../api/meta.ts';
import type { ApiRequest, PatchType, RequestOptions, UserInfo, Verb, WatchSink } from '../../api/request.ts';
import type { Resource } from '../../api/resource.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { Stop } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { Transport } from './transport.ts';

/** Which object: `namespace` is left out for cluster-scoped kinds. */
export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion?: string | undefined; readonly continue?: string | undefined };
  readonly items: readonly T[];
}

export interface ClientIdentity {
  readonly user: UserInfo;
  /** E.g. `kube-controller-manager/v1.36.2 deployment-controller`. */
  readonly userAgent: string;
}

interface Target {
  readonly verb: Verb;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly options?: RequestOptions | undefined;
  readonly body?: JsonValue | undefined;
  readonly patchType?: PatchType | undefined;
}

/** Every method throws ApiError when the server says no, TransportError when nothing answers. */
export class Client {
  constructor(
    private readonly transport: Transport,
    private readonly identity: ClientIdentity,
  ) {}

  /** The same client over a connection of its own, whose requests do not count for the rate of this one. */
  beside(): Client {
    return new Client(this.transport.beside(), this.identity);
  }

  /** Of the API server. */
  get address(): string {
    return this.transport.link.address;
  }

  get<T extends KubeObject>(
    resource: Resource<T>,
    target: ObjectName & { readonly subresource?: string },
    options?: RequestOptions,
  ): Work<T> {
    return this.send<T>(resource, { verb: 'get', ...target, options });
  }

  list<T extends KubeObject>(
    resource: Resource<T>,
    options?: RequestOptions & { readonly namespace?: string },
  ): Work<ObjectList<T>> {
    return this.send<ObjectList<T>>(resource, { verb: 'list', namespace: options?.namespace, options });
  }

  /** Creates in the object's own namespace. */
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: RequestOptions): Work<T> {
    return this.send<T>(resource, {
      verb: 'create',
      namespace: object.metadata?.namespace,
      options,
      body: json(object),
    });
  }

  /** Replaces; refused as a conflict when the object has moved on since its `resourceVersion`. */
  update<T extends KubeObject>(resource: Resource<T>, object: T, subresource?: string): Work<T> {
    const { namespace, name } = object.metadata ?? {};
    return this.send<T>(resource, { verb: 'update', namespace, name, subresource, body: json(object) });
  }

  /** Replaces status alone. */
  updateStatus<T extends KubeObject>(resource: Resource<T>, object: T): Work<T> {
    return this.update(resource, object, 'status');
  }

  patch<T extends KubeObject>(
    resource: Resource<T>,
    target: ObjectName & {
      readonly subresource?: string;
      readonly patchType?: PatchType;
      readonly options?: RequestOptions;
    },
    patch: JsonValue,
  ): Work<T> {
    const { patchType = 'application/strategic-merge-patch+json', namespace, name, subresource, options } = target;
    return this.send<T>(resource, { verb: 'patch', patchType, namespace, name, subresource, options, body: patch });
  }

  delete<T extends KubeObject>(
    resource: Resource<T>,
    target: ObjectName & {
      readonly gracePeriodSeconds?: number | undefined;
      readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
      readonly preconditions?:
        | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
        | undefined;
    },
  ): Work<JsonObject> {
    const { namespace, name, ...options } = target;
    const body: JsonObject = { apiVersion: 'v1', kind: 'DeleteOptions', ...json(options) };
    return this.send<JsonObject>(resource, { verb: 'delete', namespace, name, body });
  }

  /** Deletes all objects of a resource in one namespace. */
  deleteCollection<T extends KubeObject>(
    resource: Resource<T>,
    target: {
      readonly namespace: string;
      readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
      readonly options?: RequestOptions;
    },
  ): Work<JsonObject> {
    const { namespace, options, ...rest } = target;
    const body: JsonObject = { apiVersion: 'v1', kind: 'DeleteOptions', ...json(rest) };
    return this.send<JsonObject>(resource, { verb: 'deletecollection', namespace, options, body });
  }

  /** Creates through a subresource, e.g. `binding`, `eviction`, `token`. */
  createSub<T extends KubeObject>(
    resource: Resource<T>,
    target: ObjectName & { readonly subresource: string },
    body: KubeObject,
  ): Work<JsonObject> {
    const { namespace, name, subresource } = target;
    return this.send<JsonObject>(resource, { verb: 'create', namespace, name, subresource, body: json(body) });
  }

  /** Opens a watch; see Transport.watch. */
  watch<T extends KubeObject>(
    resource: Resource<T>,
    options: RequestOptions & { readonly namespace?: string },
    sink: WatchSink,
  ): Work<Stop> {
    return this.transport.watch(this.request(resource, { verb: 'watch', namespace: options.namespace, options }), sink);
  }

  private send<R>(resource: Resource<KubeObject>, target: Target): Work<R> {
    const reply: Work<unknown> = this.transport.send(this.request(resource, target));
    return reply as Work<R>; // edge: the server answers with the resource's own type
  }

  /** Field by field: every request has one shape. */
  private request({ group, version, resource }: Resource<KubeObject>, target: Target): ApiRequest {
    const { verb, namespace, name, subresource, options, body, patchType } = target;
    const { user, userAgent } = this.identity;
    return { group, version, resource, verb, namespace, name, subresource, options, body, patchType, user, userAgent };
  }
}

function json(object: object): JsonObject {
  return object as JsonObject; // edge: API types hold nothing but JSON
}
