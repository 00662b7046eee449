// Recording events: what a component tells the user about an object. Models client-go's correlator: equal events
// are counted instead of repeated, too many similar ones are combined, too many at all are dropped.

import { coreEvents } from '../../api/generated/resources.ts';
import type { CoreEvent, ObjectReference } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/meta.ts';
import { ApiError, isNotFound } from '../../api/status.ts';
import { fnv1a } from '../../base/hash.ts';
import { formatMicroTime, formatTime } from '../../base/time.ts';
import type { Scope } from '../sim/scope.ts';
import { Mailbox } from '../sim/signal.ts';
import type { Work } from '../sim/work.ts';
import type { Client } from './client.ts';
import { TransportError } from './transport.ts';

export interface EventSource {
  readonly component: string;
  readonly host?: string | undefined;
  /** `series`: events.k8s.io style, as the scheduler records (eventTime and series, no counts). Default `counted`. */
  readonly style?: 'counted' | 'series';
}

export interface EventDetails {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** E.g. `spec.containers{nginx}`. */
  readonly fieldPath?: string | undefined;
  /** events.k8s.io only, e.g. `Binding`. */
  readonly action?: string | undefined;
  readonly related?: ObjectReference | undefined;
}

/** client-go's defaults: similar events before they are combined, and the window for that; spam bucket and its refill. */
const similarMax = 10;
const similarWindowMs = 600_000;
const spamBurst = 25;
const spamRefillMs = 300_000;
/** events.k8s.io: a repetition this late starts a new event. */
const seriesWindowMs = 360_000;
const knownMax = 4096;

interface Known {
  readonly name: string;
  readonly namespace: string;
  readonly first: number;
  count: number;
  last: number;
}

interface Similar {
  readonly messages: Set<string>;
  last: number;
}

export class EventRecorder {
  private readonly outbox: Mailbox<Work<void>>;
  private readonly known = new Map<string, Known>();
  private readonly similar = new Map<string, Similar>();
  private readonly spam = new Map<string, { tokens: number; at: number }>();
  private readonly ownNanos: bigint;
  private lastNanos = 0n;

  private readonly client: Client;

  constructor(
    private readonly scope: Scope,
    client: Client,
    private readonly source: EventSource,
  ) {
    this.client = client.beside();
    this.outbox = new Mailbox(scope);
    this.ownNanos = BigInt(fnv1a(`${source.component}/${source.host ?? ''}`) % 1000);
    scope.spawn(this.deliver());
  }

  /** Records about an object; its kind and apiVersion must be set, or given in `as`. */
  record(object: KubeObject, details: EventDetails, as?: { readonly kind: string; readonly apiVersion: string }): void {
    const { name, namespace, uid, resourceVersion } = object.metadata ?? {};
    this.recordFor(
      {
        kind: as?.kind ?? object.kind,
        apiVersion: as?.apiVersion ?? object.apiVersion,
        name,
        namespace,
        uid,
        resourceVersion,
        ...(details.fieldPath === undefined ? {} : { fieldPath: details.fieldPath }),
      },
      details,
    );
  }

  recordFor(about: ObjectReference, details: EventDetails): void {
    const { now } = this.scope;
    const subject = `${about.kind}/${about.namespace ?? ''}/${about.name}/${about.uid ?? ''}/${about.fieldPath ?? ''}`;
    if (
      this.source.style !== 'series' &&
      !this.takeToken(`${about.kind}/${about.namespace}/${about.name}/${about.uid}`)
    )
      return;
    const message = this.combine(subject, details);
    const key = `${subject}/${details.type}/${details.reason}/${message === details.message ? message : ''}`;
    const known = this.known.get(key);
    if (known && (this.source.style !== 'series' || now - known.last < seriesWindowMs)) {
      known.count++;
      known.last = now;
      this.outbox.put(this.repeat(known, about, { ...details, message }));
      return;
    }
    const namespace = about.namespace ?? 'default';
    const fresh: Known = { name: `${about.name}.${this.suffix()}`, namespace, first: now, count: 1, last: now };
    if (this.known.size >= knownMax) this.known.clear();
    this.known.set(key, fresh);
    this.outbox.put(this.create(fresh, about, { ...details, message }));
  }

  /** client-go names events by the nanosecond in hexadecimal: the names tell the order of a millisecond's events. */
  private suffix(): string {
    const nanos = BigInt(Math.floor(this.scope.now)) * 1_000_000n + this.ownNanos;
    this.lastNanos = nanos > this.lastNanos ? nanos : this.lastNanos + 1000n;
    return this.lastNanos.toString(16);
  }

  private takeToken(key: string): boolean {
    const { now } = this.scope;
    const bucket = this.spam.get(key) ?? { tokens: spamBurst, at: now };
    bucket.tokens = Math.min(spamBurst, bucket.tokens + (now - bucket.at) / spamRefillMs);
    bucket.at = now;
    if (this.spam.size >= knownMax) this.spam.clear();
    this.spam.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  private combine(subject: string, details: EventDetails): string {
    const { now } = this.scope;
    const key = `${subject}/${details.type}/${details.reason}`;
    const known = this.similar.get(key);
    const similar: Similar = known && now - known.last <= similarWindowMs ? known : { messages: new Set(), last: now };
    similar.messages.add(details.message);
    similar.last = now;
    if (this.similar.size >= knownMax) this.similar.clear();
    this.similar.set(key, similar);
    return similar.messages.size < similarMax ? details.message : `(combined from similar events): ${details.message}`;
  }

  private *create(known: Known, about: ObjectReference, details: EventDetails): Work<void> {
    const series = this.source.style === 'series';
    const { component, host } = this.source;
    const event: CoreEvent = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: known.name, namespace: known.namespace },
      involvedObject: about,
      reason: details.reason,
      message: details.message,
      type: details.type,
      reportingComponent: component,
      reportingInstance: series ? `${component}-${host ?? component}` : (host ?? ''),
      ...(series
        ? { eventTime: formatMicroTime(known.first), action: details.action ?? details.reason }
        : {
            source: { component, ...(host === undefined ? {} : { host }) },
            firstTimestamp: formatTime(known.first),
            lastTimestamp: formatTime(known.last),
            count: known.count,
          }),
      ...(details.related === undefined ? {} : { related: details.related }),
    };
    yield* this.client.create(coreEvents, event);
  }

  /** Where the event is gone, a new one goes on counting. */
  private *repeat(known: Known, about: ObjectReference, details: EventDetails): Work<void> {
    const { message } = details;
    const patch =
      this.source.style === 'series'
        ? { series: { count: known.count, lastObservedTime: formatMicroTime(known.last) } }
        : { count: known.count, lastTimestamp: formatTime(known.last), message };
    try {
      yield* this.client.patch(coreEvents, { name: known.name, namespace: known.namespace }, patch);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      yield* this.create(known, about, details);
    }
  }

  /** One event at a time, in order. One that the server refuses is dropped, as upstream does. */
  private *deliver(): Work<void> {
    for (;;) {
      const work = yield* this.outbox.take();
      try {
        yield* work;
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
        this.scope.record('drop event', 'events', error.message);
      }
    }
  }
}
