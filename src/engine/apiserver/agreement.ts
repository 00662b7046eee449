// What a request waits for where etcd has several members, or none that answers.
//
//   write                           a quorum agrees, then the server's own member has applied it
//   read without resourceVersion    a quorum has confirmed the leader, and the own member has caught up
//   resourceVersion=0, watch        nothing: the watch cache answers, as of what its member has applied
//   resourceVersion=N               the watch cache has got that far, within three seconds
//
// The wait comes before the request is looked at, and not, as in kube-apiserver, between that and its transaction:
// what it then finds and writes is one instant's.
import type { KubeRequest } from '../../api/ports.ts';
import type { ApiRequest } from '../../api/request.ts';
import { type ApiError, ApiError as ApiFailure, apiError, serviceUnavailable } from '../../api/status.ts';
import type { EtcdConnection } from '../etcd/connection.ts';
import { EtcdError, leaderChanged } from '../etcd/member.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { HttpSink } from './http-sink.ts';
import { asJson } from './json-edge.ts';
import { optionsOf } from './request-options.ts';
import { parseTarget, routeOf } from './router.ts';

type Need =
  | { readonly kind: 'read' | 'write' | 'nothing' }
  /** The watch cache, once it is at that revision. */
  | { readonly kind: 'cache'; readonly revision: number };

type Asked = Pick<ApiRequest, 'verb' | 'group' | 'resource' | 'subresource' | 'options'>;

/** etcd takes these even when it is full. */
const deletions: ReadonlySet<string> = new Set(['delete', 'deletecollection']);

/** How long a request waits for the watch cache to get to the revision that it names. */
const cacheMs = 3000;
/** How often etcd's client asks again when the leader has changed. */
const readsMax = 100;

export class Agreement {
  constructor(
    private readonly scope: Scope,
    private readonly etcd: EtcdConnection,
  ) {}

  /** Whether requests have anything to wait for. */
  get needed(): boolean {
    return !this.etcd.immediate;
  }

  /** Does `act` once the request may be answered; ends when its outcome may be told. Throws ApiError. */
  *on<T>(request: Asked, act: () => T): Work<T> {
    const need = needOf(request);
    try {
      yield* this.before(need);
      if (need.kind === 'write' && !deletions.has(request.verb)) this.etcd.checkSpace();
      if (!this.scope.live) throw serviceUnavailable('apiserver is shutting down');
      const outcome = act();
      if (need.kind === 'write') yield* this.etcd.reach(this.etcd.committed);
      return outcome;
    } catch (error) {
      throw error instanceof EtcdError ? apiError({ code: 500, reason: '', message: error.message }) : error;
    }
  }

  /** As `on`, for an HTTP request: `serve` answers it. Returns how to stop. */
  http(request: KubeRequest, sink: HttpSink, serve: (sink: HttpSink) => Stop): Stop {
    const asked = askedBy(request);
    if (!asked) return serve(sink);
    const late = new LateSink(sink);
    let stop: Stop = () => {};
    // The work outlives the server that waits here: whoever asked is told that it has gone.
    const giveUp = this.etcd.scope.run(
      this.on(asked, () => {
        stop = serve(late);
      }),
      () => late.open(),
      (error) => {
        if (!(error instanceof ApiFailure)) throw error;
        refuse(sink, error);
      },
    );
    return () => {
      giveUp();
      stop();
    };
  }

  private *before(need: Need): Work<void> {
    const { etcd } = this;
    if (need.kind === 'cache') {
      if (need.revision > etcd.applied) yield* this.catchUp(need.revision);
      return;
    }
    if (need.kind === 'nothing') return;
    for (let attempt = 1; ; attempt++) {
      try {
        yield* etcd.agree(need.kind);
        return;
      } catch (error) {
        const again = error instanceof EtcdError && error.message === leaderChanged;
        if (!again || attempt === readsMax) throw error;
      }
    }
  }

  /** Whoever reads then finds how far the cache has come. */
  private *catchUp(revision: number): Work<void> {
    try {
      yield* this.etcd.reach(revision, cacheMs);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
    }
  }
}

/** Verbs of the reviews that need nothing stored: authorization is decided from what is in memory. */
const reviewGroups = new Set(['authentication.k8s.io', 'authorization.k8s.io']);
/** Parts of a pod, service or node that its kubelet answers for. */
const elsewhere = new Set(['log', 'exec', 'attach', 'portforward', 'proxy']);

function needOf({ verb, group, resource, subresource, options }: Asked): Need {
  if (resource === 'componentstatuses') return { kind: 'nothing' };
  if (reviewGroups.has(group) || (subresource && elsewhere.has(subresource))) return { kind: 'nothing' };
  const { resourceVersion = '', sendInitialEvents } = options ?? {};
  if (verb === 'watch' && !sendInitialEvents) return { kind: 'nothing' };
  if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return { kind: 'write' };
  return resourceVersion === '' ? { kind: 'read' } : { kind: 'cache', revision: Number(resourceVersion) || 0 };
}

/** Undefined: it is about no resource. */
function askedBy(request: KubeRequest): Asked | undefined {
  const target = parseTarget(request.path);
  const route = routeOf(request.method, target);
  if (route.kind !== 'resource') return undefined;
  const { verb, group, resource, subresource } = route;
  return {
    verb,
    group,
    resource,
    subresource,
    options: verb === 'create' ? {} : optionsOf(target.query, 'DeleteOptions'),
  };
}

/** Holds an answer back until it may be told. */
class LateSink implements HttpSink {
  private held: (() => void)[] | undefined = [];

  constructor(private readonly sink: HttpSink) {}

  head: HttpSink['head'] = (status, headers) => this.pass(() => this.sink.head(status, headers));
  body: HttpSink['body'] = (piece) => this.pass(() => this.sink.body(piece));
  end: HttpSink['end'] = () => this.pass(() => this.sink.end());

  open(): void {
    const { held = [] } = this;
    this.held = undefined;
    for (const tell of held) tell();
  }

  private pass(tell: () => void): void {
    if (this.held) this.held.push(tell);
    else tell();
  }
}

function refuse(sink: HttpSink, error: ApiError): void {
  sink.head(error.code, { 'cache-control': 'no-cache, private', 'content-type': 'application/json' });
  sink.body({ kind: 'json', value: asJson(error.status) });
  sink.end();
}
