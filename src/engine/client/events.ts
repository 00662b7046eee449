// Recording events: what a component tells the user about an object. Models client-go's correlator: equal events
// are counted instead of repeated, too many similar ones are combined, too many at all are dropped.

import { coreEvents } from '../../api/generated/resources.ts';
import type { CoreEvent, ObjectReference } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/meta.ts';
import { ApiError, isNotFound } from '../../api/status.ts';
import { extend } from '../../base/extend.ts';
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

/** One event that was written. */
interface Known {
  /** '' for those that were combined. */
  readonly message: string;
  readonly name: string;
  readonly namespace: string;
  readonly first: number;
  count: number;
  last: number;
}

/** Events of one reason about one object, or about one part of it. */
interface Similar {
  readonly fieldPath: string | undefined;
  readonly type: string;
  readonly reason: string;
  known: readonly Known[];
  /** The first different ones since the window began. */
  messages: readonly string[];
  last: number;
}

/** What is remembered about one object: there are as many as objects, so lists are no longer than what they hold. */
interface Subject {
  tokens: number;
  refilledAt: number;
  similar: readonly Similar[];
}

export class EventRecorder {
  private readonly outbox: Mailbox<Work<void>>;
  /** Oldest first. */
  private readonly subjects = new Map<string, Subject>();
  /** Nanoseconds within a millisecond, this component's own. */
  private readonly ownNanos: number;
  private readonly last = { millis: 0, nanos: 0 };
  private readonly client: Client;

  constructor(
    private readonly scope: Scope,
    client: Client,
    private readonly source: EventSource,
  ) {
    this.client = client.beside();
    this.outbox = new Mailbox(scope);
    this.ownNanos = fnv1a(`${source.component}/${source.host ?? ''}`) % 1000;
    scope.spawn(this.deliver());
  }

  /** Records about an object; its kind and apiVersion must be set, or given in `as`. */
  record(object: KubeObject, details: EventDetails, as?: { readonly kind: string; readonly apiVersion: string }): void {
    const { name, namespace, uid, resourceVersion } = object.metadata ?? {};
    const { kind = object.kind, apiVersion = object.apiVersion } = as ?? {};
    const about = { kind, apiVersion, name, namespace, uid, resourceVersion };
    const { fieldPath } = details;
    this.recordFor(fieldPath === undefined ? about : extend(about, { fieldPath }), details);
  }

  recordFor(about: ObjectReference, details: EventDetails): void {
    const { now } = this.scope;
    const subject = this.subjectOf(about);
    const isSeries = this.source.style === 'series';
    if (!isSeries && !takeToken(subject, now)) return;
    const similar = similarIn(subject, about.fieldPath, details, now);
    const { messages } = similar;
    if (messages.length < similarMax && !messages.includes(details.message))
      similar.messages = [...messages, details.message];
    const combined = similar.messages.length >= similarMax;
    const message = combined ? `(combined from similar events): ${details.message}` : details.message;
    const key = combined ? '' : message;
    const known = similar.known.find((one) => one.message === key);
    if (known && (!isSeries || now - known.last < seriesWindowMs)) {
      known.count++;
      known.last = now;
      this.outbox.put(this.repeat(known, about, { ...details, message }));
      return;
    }
    const namespace = about.namespace ?? 'default';
    const name = `${about.name}.${this.suffix()}`;
    const fresh: Known = { message: key, name, namespace, first: now, count: 1, last: now };
    similar.known = [...similar.known.filter((one) => one !== known), fresh];
    this.outbox.put(this.create(fresh, about, { ...details, message }));
  }

  private subjectOf({ kind, namespace, name, uid }: ObjectReference): Subject {
    const key = `${kind}/${namespace}/${name}/${uid}`;
    const known = this.subjects.get(key);
    if (known) return known;
    if (this.subjects.size >= knownMax)
      for (const oldest of this.subjects.keys()) {
        this.subjects.delete(oldest);
        break;
      }
    const made: Subject = { tokens: spamBurst, refilledAt: this.scope.now, similar: [] };
    this.subjects.set(key, made);
    return made;
  }

  /** client-go names events by the nanosecond in hexadecimal: the names tell the order of a millisecond's events. */
  private suffix(): string {
    const { last, ownNanos } = this;
    const millis = Math.max(Math.floor(this.scope.now), last.millis);
    last.nanos = millis > last.millis ? ownNanos : last.nanos + 1000;
    last.millis = millis;
    return hexNanos(millis, last.nanos);
  }

  private *create(known: Known, about: ObjectReference, details: EventDetails): Work<void> {
    const series = this.source.style === 'series';
    const { component, host } = this.source;
    const plain: CoreEvent = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: known.name, namespace: known.namespace },
      involvedObject: about,
      reason: details.reason,
      message: details.message,
      type: details.type,
      reportingComponent: component,
      reportingInstance: series ? `${component}-${host ?? component}` : (host ?? ''),
    };
    const times = series
      ? { eventTime: formatMicroTime(known.first), action: details.action ?? details.reason }
      : {
          source: host === undefined ? { component } : { component, host },
          firstTimestamp: formatTime(known.first),
          lastTimestamp: formatTime(known.last),
          count: known.count,
        };
    const event = extend(plain, times);
    const { related } = details;
    yield* this.client.create(coreEvents, related === undefined ? event : extend(event, { related }));
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

/** Milliseconds and nanoseconds as one number of nanoseconds, which is more than a double holds, in hexadecimal. */
function hexNanos(millis: number, nanos: number): string {
  const high = Math.floor(millis / two24);
  const low = (millis % two24) * 1_000_000 + nanos; // below 2^44
  const sum = high * 1_000_000 + Math.floor(low / two24);
  return sum.toString(16) + (low % two24).toString(16).padStart(6, '0');
}

const two24 = 2 ** 24;

/** False: there have been too many events about the object lately. */
function takeToken(subject: Subject, now: number): boolean {
  subject.tokens = Math.min(spamBurst, subject.tokens + (now - subject.refilledAt) / spamRefillMs);
  subject.refilledAt = now;
  if (subject.tokens < 1) return false;
  subject.tokens--;
  return true;
}

function similarIn(subject: Subject, fieldPath: string | undefined, details: EventDetails, now: number): Similar {
  const { type, reason } = details;
  let found = subject.similar.find((one) => one.reason === reason && one.type === type && one.fieldPath === fieldPath);
  if (!found) {
    found = { fieldPath, type, reason, known: [], messages: [], last: now };
    subject.similar = [...subject.similar, found];
  }
  if (now - found.last > similarWindowMs) found.messages = [];
  found.last = now;
  return found;
}
