// Brings pod statuses to the API server: one pod after the other, and of each only its newest status. Models the
// kubelet's status manager, the final deletion included.
import { pods } from '../../../api/generated/resources.ts';
import type { Pod, PodCondition, PodStatus } from '../../../api/generated/types.ts';
import { ApiError, isConflict, isNotFound } from '../../../api/status.ts';
import { equal, isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { parseTime } from '../../../base/time.ts';
import type { Client } from '../../client/client.ts';
import { TransportError } from '../../client/transport.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import type { NodeTally } from '../runtime/node-tally.ts';
import { kubeletConditions } from './pod-conditions.ts';

interface Entry {
  readonly uid: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly seenAt: number;
  status: PodStatus;
  /** What the server has, as far as we know. */
  written: PodStatus;
  /** The trace step that the newest status goes back to. */
  cause: number;
  /** Everything of the pod is gone: it may be deleted from the API. */
  finished: boolean;
}

const retryMs = 10_000;

export class StatusWriter {
  private readonly entries = new Map<string, Entry>();
  /** What shows a static pod in the API, by the static pod's uid; undefined until it is there. */
  private readonly mirrors = new Map<string, Pod | undefined>();
  /** What is to be written, in order. */
  private readonly waiting = new Set<Entry>();
  private sending: Entry | undefined;

  constructor(
    private readonly scope: Scope,
    private readonly client: Client,
    private readonly tally?: NodeTally,
  ) {}

  /** What was said last about a pod. */
  get(uid: string): PodStatus | undefined {
    return this.entries.get(uid)?.status;
  }

  set(pod: Pod, status: PodStatus): void {
    const entry = this.entryOf(pod);
    if (equal(entry.status, status) && (this.isBusy(entry) || entry.written === entry.status)) return;
    if (status.phase === 'Running' && entry.status.phase !== 'Running') this.started(entry, pod);
    entry.status = status;
    entry.cause = this.scope.cause;
    this.write(entry);
  }

  private started({ uid, seenAt: seen }: Entry, { metadata }: Pod): void {
    const { now } = this.scope;
    this.tally?.started(uid, { now, seen, created: parseTime(metadata?.creationTimestamp ?? '') ?? now });
  }

  /** Nothing of the pod runs any more; with a deletion under way the object goes too. */
  finish(pod: Pod): void {
    const entry = this.entryOf(pod);
    entry.finished = true;
    entry.cause = this.scope.cause;
    this.write(entry);
  }

  /** The server's version has come by: what others wrote into our part is put right. */
  seen(pod: Pod): void {
    const entry = this.entries.get(pod.metadata?.uid ?? '');
    if (!entry || this.isBusy(entry) || entry.finished) return;
    const server = pod.status ?? {};
    const others = (server.conditions ?? []).filter(({ type }) => !kubeletConditions.has(type));
    const ours = (entry.status.conditions ?? []).filter(({ type }) => kubeletConditions.has(type));
    entry.written = server;
    if (
      equal(ours.map(essence), (server.conditions ?? []).filter(({ type }) => kubeletConditions.has(type)).map(essence))
    ) {
      entry.status = sharing(entry.status, server);
      return;
    }
    entry.status = { ...entry.status, conditions: [...others, ...ours] };
    this.write(entry);
  }

  forget(uid: string): void {
    this.entries.delete(uid);
    this.tally?.forget(uid);
    this.mirrors.delete(uid);
  }

  /** A static pod's status goes to its mirror, from the beginning to a new one. */
  mirrored(pod: Pod, mirror: Pod | undefined): void {
    const uid = pod.metadata?.uid ?? '';
    const isNew = this.mirrors.get(uid)?.metadata?.uid !== mirror?.metadata?.uid;
    this.mirrors.set(uid, mirror);
    const entry = this.entries.get(uid);
    if (!mirror || !isNew || !entry) return;
    entry.written = mirror.status ?? {};
    this.write(entry);
  }

  private entryOf(pod: Pod): Entry {
    const uid = pod.metadata?.uid ?? '';
    const known = this.entries.get(uid);
    const status = known?.status ?? pod.status ?? {};
    const { namespace, name = '' } = pod.metadata ?? {};
    const { now: seenAt, cause } = this.scope;
    const entry = known ?? { uid, namespace, name, seenAt, status, written: status, cause, finished: false };
    if (!known) this.entries.set(uid, entry);
    return entry;
  }

  /** Undefined: a static pod whose mirror is not there. */
  private uidInApi(uid: string): string | undefined {
    return this.mirrors.has(uid) ? this.mirrors.get(uid)?.metadata?.uid : uid;
  }

  private isBusy(entry: Entry): boolean {
    return this.sending === entry || this.waiting.has(entry);
  }

  private write(entry: Entry): void {
    this.waiting.add(entry);
    if (this.sending === undefined) this.scope.spawn(this.deliver());
  }

  private *deliver(): Work<void> {
    for (const entry of this.waiting) {
      this.waiting.delete(entry);
      this.sending = entry;
      this.scope.resumeCause(entry.cause);
      try {
        yield* this.send(entry);
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
        if (!isNotFound(error) && !isConflict(error)) this.scope.schedule(retryMs, () => this.write(entry));
      }
    }
    this.sending = undefined;
  }

  private *send(entry: Entry): Work<void> {
    const uid = this.uidInApi(entry.uid);
    if (uid === undefined) return;
    const { status, namespace, name } = entry;
    const target = { namespace, name };
    if (!equal(status, entry.written)) {
      yield* this.client.patch(pods, { namespace, name, subresource: 'status' }, patchOf(entry.written, status, uid));
      entry.written = status;
    }
    if (!entry.finished || entry.status !== status) return;
    const current = yield* this.client.get(pods, target);
    if (current.metadata?.uid === uid && current.metadata?.deletionTimestamp !== undefined)
      yield* this.client.delete(pods, { ...target, gracePeriodSeconds: 0, preconditions: { uid } });
  }
}

/** The status, with the very fields of the server's version where they are equal: each is kept in memory once. */
function sharing(status: PodStatus, server: PodStatus): PodStatus {
  const shared = Object.assign({}, status);
  const [own, theirs] = [asJson(shared), asJson(server)];
  for (const name in own) {
    const same = theirs[name];
    if (same !== undefined && equal(own[name], same)) own[name] = same;
  }
  return shared;
}

/** A strategic merge patch from one status to the other, as createStrategicPatch would make it of these few fields. */
function patchOf(before: PodStatus, after: PodStatus, uid: string | undefined): JsonObject {
  const [old, next] = [asJson(before), asJson(after)];
  const status: Record<string, JsonValue> = {};
  for (const name in next) {
    const value = next[name];
    if (value === undefined || foreign.has(name) || name === 'conditions' || equal(old[name], value)) continue;
    if (mergedLists.has(name) && isList(value)) status[name] = [...value, { $patch: 'replace' }];
    else status[name] = losesFields(old[name], value) ? { ...value, $patch: 'replace' } : value;
  }
  for (const name in old)
    if (next[name] === undefined && !foreign.has(name) && name !== 'conditions') status[name] = null;
  Object.assign(status, conditionsPatch(before.conditions ?? [], after.conditions ?? []));
  return { metadata: { uid: uid ?? '' }, status };
}

function losesFields(old: JsonValue | undefined, next: JsonValue): next is JsonObject {
  return isObject(old) && isObject(next) && Object.keys(old).some((name) => !Object.hasOwn(next, name));
}

function conditionsPatch(before: readonly PodCondition[], after: readonly PodCondition[]): JsonObject {
  const conditions: JsonObject[] = [];
  for (const condition of after) {
    const old = before.find(({ type }) => type === condition.type);
    if (!sameCondition(old, condition)) conditions.push(replaced(old, condition));
  }
  for (const { type } of before)
    if (!after.some((condition) => condition.type === type)) conditions.push({ type, $patch: 'delete' });
  if (conditions.length === 0) return {};
  return { '$setElementOrder/conditions': after.map(({ type }) => ({ type })), conditions };
}

/** The condition, with what it no longer has taken away. The server shows `lastProbeTime: null`; nobody sets it. */
function replaced(old: PodCondition | undefined, condition: PodCondition): JsonObject {
  const patch: Record<string, JsonValue> = { type: condition.type, status: condition.status };
  for (const name of changing) {
    const value = condition[name];
    if (value !== undefined) patch[name] = value;
    else if (old?.[name] !== undefined) patch[name] = null;
  }
  return patch;
}

const changing = ['reason', 'message', 'lastTransitionTime', 'observedGeneration'] as const;

/** Fields of the status that the API server and controllers own. */
const foreign = new Set(['qosClass', 'nominatedNodeName', 'resourceClaimStatuses', 'extendedResourceClaimStatus']);
/** Lists that a strategic merge would merge and that the kubelet knows whole. */
const mergedLists = new Set(['podIPs', 'hostIPs']);

function asJson(status: PodStatus | PodCondition): Record<string, JsonValue> {
  return status as Record<string, JsonValue>; // edge: API types hold nothing but JSON
}

function sameCondition(a: PodCondition | undefined, b: PodCondition): boolean {
  if (a === b) return true;
  return a !== undefined && compared.every((name) => a[name] === b[name]);
}

const compared = ['type', 'status', ...changing] as const;

function essence({ type, status }: PodCondition): JsonObject {
  return { type, status };
}
