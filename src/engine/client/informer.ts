// An informer: a cache of one resource kept fresh by list and watch, and events for those who care.
//
//   start ─▶ list ─▶ fill the store ─▶ watch from its resourceVersion ─▶ events …
//              ▲                                    │ closed: watch again from the last version seen
//              └────────────── 410 Gone / refused ──┘

import type { Status } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { RequestOptions, WatchEvent } from '../../api/request.ts';
import type { Resource } from '../../api/resource.ts';
import { ApiError } from '../../api/status.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import { Mailbox, Signal } from '../sim/signal.ts';
import type { Work } from '../sim/work.ts';
import type { Client } from './client.ts';
import { type Indexer, keyOf, type Lister, Store } from './store.ts';
import { TransportError } from './transport.ts';

/** Handlers only enqueue keys. `updated` is also called when nothing but the resourceVersion changed. */
export interface Handlers<T> {
  added?(object: T): void;
  updated?(object: T, old: T): void;
  /** `known` is the state that the cache held, `object` the last one (with the deletion's resourceVersion). */
  deleted?(object: T, known: T): void;
}

const retryFirstMs = 800;
const retryMaxMs = 30_000;

export class Informer<T extends KubeObject> {
  private readonly store = new Store<T>();
  private readonly handlers: Handlers<T>[] = [];
  private readonly syncSignal: Signal;
  private hasSynced = false;
  private lastVersion = '';

  constructor(
    private readonly scope: Scope,
    private readonly client: Client,
    private readonly resource: Resource<T>,
    private readonly options: RequestOptions & { readonly namespace?: string } = {},
  ) {
    this.syncSignal = new Signal(scope);
  }

  get lister(): Lister<T> {
    return this.store;
  }

  /** Whether the first list has arrived. */
  get synced(): boolean {
    return this.hasSynced;
  }

  addIndex(name: string, of: Indexer<T>): void {
    this.store.addIndex(name, of);
  }

  on(handlers: Handlers<T>): void {
    this.handlers.push(handlers);
    for (const object of this.store.list()) handlers.added?.(object);
  }

  start(): void {
    this.scope.spawn(this.run());
  }

  *waitForSync(): Work<void> {
    while (!this.hasSynced) yield* this.syncSignal.wait();
  }

  private *run(): Work<void> {
    const random = this.scope.random();
    for (let retryMs = retryFirstMs; ; ) {
      try {
        if (this.lastVersion === '') yield* this.relist();
        yield* this.follow();
        retryMs = retryFirstMs;
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
        if (error instanceof ApiError) this.lastVersion = '';
        yield* this.scope.sleep(random.jitter(retryMs, 1));
        retryMs = Math.min(retryMs * 2, retryMaxMs);
      }
    }
  }

  private *relist(): Work<void> {
    const list = yield* this.client.list(this.resource, { ...this.options, resourceVersion: '0' });
    const gone = new Set(this.store.keys());
    for (const object of list.items) {
      gone.delete(keyOf(object));
      this.apply(object);
    }
    for (const key of gone) this.remove(key);
    this.lastVersion = list.metadata.resourceVersion ?? '';
    this.hasSynced = true;
    this.syncSignal.notify();
  }

  /** Watches until the server ends it; throws ApiError when it says why. */
  private *follow(): Work<void> {
    const ends = new Mailbox<ApiError | 'closed'>(this.scope);
    const stop: Stop = yield* this.client.watch(
      this.resource,
      { ...this.options, resourceVersion: this.lastVersion, allowWatchBookmarks: true },
      {
        events: (events) => {
          for (const event of events) {
            if (event.type === 'ERROR')
              ends.put(new ApiError(event.object as Status)); // edge: the object of an ERROR event is a Status
            else this.receive(event);
          }
        },
        closed: () => ends.put('closed'),
      },
    );
    try {
      const end = yield* ends.take();
      if (end !== 'closed') throw end;
    } finally {
      stop();
    }
  }

  private receive(event: WatchEvent): void {
    const object = event.object as KubeObject as T; // edge: the server sends the resource's own type
    this.lastVersion = object.metadata?.resourceVersion ?? this.lastVersion;
    if (event.type === 'DELETED') this.remove(keyOf(object), object);
    else if (event.type !== 'BOOKMARK') this.apply(object);
  }

  private apply(object: T): void {
    const old = this.store.set(keyOf(object), object);
    if (old === undefined) for (const handlers of this.handlers) handlers.added?.(object);
    else if (old.metadata?.resourceVersion !== object.metadata?.resourceVersion)
      for (const handlers of this.handlers) handlers.updated?.(object, old);
  }

  private remove(key: string, last?: T): void {
    const old = this.store.delete(key);
    const object = last ?? old;
    if (old !== undefined && object !== undefined)
      for (const handlers of this.handlers) handlers.deleted?.(object, old);
  }
}

/** Informers shared by all parts of one component: one watch per resource. */
export class InformerFactory {
  private readonly informers = new Map<
    string,
    { readonly lister: { readonly size: number }; start(): void; waitForSync(): Work<void> }
  >();

  constructor(
    private readonly scope: Scope,
    private readonly client: Client,
  ) {}

  /** How many objects they hold. */
  get size(): number {
    let size = 0;
    for (const informer of this.informers.values()) size += informer.lister.size;
    return size;
  }

  /** What is known of a resource in all namespaces; undefined: nobody here follows it. */
  known<T extends KubeObject>({ group, resource }: Resource<T>): Lister<T> | undefined {
    return (this.informers.get(`${group}/${resource}///`) as Informer<T> | undefined)?.lister; // edge: the key names the resource and so its type
  }

  /** The one informer of a resource; created and started at the first call. */
  informer<T extends KubeObject>(
    resource: Resource<T>,
    options: RequestOptions & { readonly namespace?: string } = {},
  ): Informer<T> {
    const key = `${resource.group}/${resource.resource}/${options.namespace ?? ''}/${options.fieldSelector ?? ''}/${options.labelSelector ?? ''}`;
    const known = this.informers.get(key);
    if (known) return known as Informer<T>; // edge: the key names the resource and so its type
    const made = new Informer(this.scope.child(`informer/${resource.resource}`), this.client, resource, options);
    this.informers.set(key, made);
    made.start();
    return made;
  }

  *waitForSync(): Work<void> {
    for (const informer of this.informers.values()) yield* informer.waitForSync();
  }
}
