// How a component's requests reach an API server: over a link with latency that can be slow, cut, or lead nowhere.
import type { ApiRequest, WatchEvent, WatchSink } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import { perform, type Settle, type Work } from '../sim/work.ts';
import type { CallTally } from './call-tally.ts';
import { type Rate, RateLimit } from './rate-limit.ts';

/** What an API server offers to those that reach it; errors are thrown as ApiError. */
export interface ApiEndpoint {
  /** Answers a request, at once unless it has to wait for others: what waits is work of `scope`, the client's. */
  answer(request: ApiRequest, settle: Settle<JsonObject>, scope: Scope): Stop | undefined;
  /** Opens a watch: resolves once accepted. The first events may come before it returns. */
  watch(request: ApiRequest, sink: WatchSink): Work<Stop>;
}

/** Nothing answered; `message` is Go's words for it, e.g. `dial tcp 172.18.0.2:6443: i/o timeout`. */
export class TransportError extends Error {
  override name = 'TransportError';
}

/** The way from one client host to the control plane. */
export interface Link {
  /** False: nothing gets through in either direction. */
  up: boolean;
  /** The API server that this client's requests go to; undefined when none listens. */
  endpoint(): ApiEndpoint | undefined;
  /** Where it goes, e.g. `172.18.0.2:6443`, for error texts. */
  readonly address: string;
  /** One-way delay in milliseconds, and how much chance adds to it. */
  readonly delayMs: number;
  readonly jitterMs: number;
}

/** How long a client waits on a link that is cut before it gives up. */
const requestTimeoutMs = 10_000;

/** One client's connection: what a Client sends through. */
export class Transport {
  private readonly random;
  private readonly limit: RateLimit | undefined;
  private readonly watches = new Set<() => void>();

  constructor(
    readonly scope: Scope,
    readonly link: Link,
    private readonly rate?: Rate,
    readonly tally?: CallTally,
  ) {
    this.random = scope.random(`${scope.name}/latency`);
    this.limit = rate && new RateLimit(rate, scope.now);
  }

  /** Another connection to the same place, whose requests do not count for the rate of this one. */
  beside(): Transport {
    return new Transport(this.scope, this.link, this.rate, this.tally);
  }

  /** Closes every open watch, as when the connection breaks. */
  dropWatches(): void {
    for (const close of [...this.watches]) close();
  }

  /** One request and its answer. Throws ApiError, and TransportError when nothing answers. */
  send(request: ApiRequest): Work<JsonObject> {
    return perform((settle) => {
      const waitMs = this.limit?.take(this.scope.now) ?? 0;
      this.tally?.limited(request.verb, waitMs);
      return new Exchange(this, request, settle).start(waitMs);
    });
  }

  /** Opens a watch. Events reach `sink` in order after the link's delay; `closed` when either side ends it. */
  *watch(request: ApiRequest, sink: WatchSink): Work<Stop> {
    return yield* perform<Stop>((settle) => {
      const stream = new WatchStream(this.scope, sink, () => (this.link.up ? this.delay() : undefined));
      const close = (): void => {
        this.watches.delete(close);
        stream.end();
      };
      stream.onEnd(() => this.watches.delete(close));
      const give = this.scope.schedule(this.delay(), () => {
        const endpoint = this.link.up ? this.link.endpoint() : undefined;
        if (!endpoint) {
          this.scope.schedule(this.link.up ? this.delay() : requestTimeoutMs, () =>
            settle.error(this.link.up ? this.refused() : this.timeout()),
          );
          return;
        }
        this.watches.add(close);
        this.scope.run(
          endpoint.watch(request, stream),
          (stop) => {
            stream.serverStop = stop;
            this.tally?.answered('watch', 200, 0);
            this.scope.schedule(this.delay(), () => settle.value(close));
          },
          (error) => {
            this.watches.delete(close);
            this.scope.schedule(this.delay(), () => settle.error(error));
          },
        );
      });
      return give;
    });
  }

  /** Milliseconds that one way takes now. */
  delay(): number {
    return this.link.delayMs + this.random.fraction() * this.link.jitterMs;
  }

  refused(): TransportError {
    return new TransportError(`dial tcp ${this.link.address}: connect: connection refused`);
  }

  timeout(): TransportError {
    return new TransportError(`dial tcp ${this.link.address}: i/o timeout`);
  }
}

/** One request, there and back: a task at the server, a task at the client. On a cut link the client gives up. */
class Exchange implements Settle<JsonObject> {
  private giveUp: Stop | undefined;
  private sentAt = 0;

  constructor(
    private readonly way: Transport,
    private readonly request: ApiRequest,
    private readonly client: Settle<JsonObject>,
  ) {}

  /** Returns how to stop waiting for it. */
  start(waitMs: number): Stop {
    this.sentAt = this.way.scope.now + waitMs;
    this.cross(waitMs, () => this.arrive());
    return () => this.giveUp?.();
  }

  value(answer: JsonObject): void {
    this.cross(0, () => {
      this.note(this.request.verb === 'create' ? 201 : 200);
      this.client.value(answer);
    });
  }

  error(error: unknown): void {
    this.cross(0, () => {
      if (error instanceof ApiError) this.note(error.code);
      this.client.error(error);
    });
  }

  private note(code: number): void {
    const { tally, scope } = this.way;
    tally?.answered(this.request.verb, code, scope.now - this.sentAt);
  }

  private arrive(): void {
    this.giveUp = undefined;
    const { link, scope } = this.way;
    const endpoint = link.endpoint();
    if (!endpoint) {
      this.error(this.way.refused());
      return;
    }
    const giveUp = endpoint.answer(this.request, this, scope);
    this.giveUp ??= giveUp; // unless it has been answered at once
  }

  private cross(waitMs: number, arrived: () => void): void {
    const { scope, link } = this.way;
    this.giveUp = scope.schedule(waitMs + this.way.delay(), () => {
      if (link.up) arrived();
      else this.giveUp = scope.schedule(requestTimeoutMs, () => this.client.error(this.way.timeout()));
    });
  }
}

/** Batches what the server pushes during one delay into one delivery, in order. */
class WatchStream implements WatchSink {
  serverStop: Stop | undefined;
  private pending: { readonly events: readonly WatchEvent[]; readonly cause: number }[] = [];
  private flushing = false;
  private ended = false;
  private readonly enders: (() => void)[] = [];

  constructor(
    private readonly scope: Scope,
    private readonly sink: WatchSink,
    private readonly delay: () => number | undefined,
  ) {}

  onEnd(run: () => void): void {
    this.enders.push(run);
  }

  events(events: readonly WatchEvent[]): void {
    if (this.ended) return;
    this.pending.push({ events, cause: this.scope.cause });
    this.flush();
  }

  closed(): void {
    if (this.ended) return;
    this.scope.schedule(this.delay() ?? requestTimeoutMs, () => this.end());
  }

  /** Ends it on the client's side: tells the sink, and the server to stop. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.serverStop?.();
    for (const run of this.enders) run();
    this.sink.closed();
  }

  private flush(): void {
    if (this.flushing) return;
    const delayMs = this.delay();
    if (delayMs === undefined) {
      this.pending = []; // lost on a cut link; the client relists once it notices
      this.scope.schedule(requestTimeoutMs, () => this.end());
      return;
    }
    this.flushing = true;
    this.scope.schedule(delayMs, () => {
      this.flushing = false;
      const batch = this.pending;
      this.pending = [];
      for (const { events, cause } of batch)
        for (const event of events) {
          if (this.ended) return;
          this.scope.resumeCause(cause);
          this.sink.events(events.length === 1 ? events : [event]);
        }
    });
  }
}
