// The calls of etcd's JSON gateway that are about keys: range, put, delete, transactions, compaction.
import { compareBytes } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import type { Work } from '../sim/work.ts';
import type { EtcdLimits } from './etcd-cluster.ts';
import type { Call, Gateway } from './gateway-port.ts';
import { bytesOf, keyValue, leaseNumber, numberOf, rangeOf, textOf } from './gateway-values.ts';
import { EtcdError, InvalidArgumentError } from './member.ts';
import type { KeyValue } from './store.ts';

function* range(gateway: Gateway, request: JsonObject): Work<JsonObject> {
  if (request.serializable !== true) yield* gateway.member.agree('read');
  else gateway.member.checkRunning();
  return rangeNow(gateway, request);
}

function rangeNow(gateway: Gateway, request: JsonObject): JsonObject {
  const { cluster, member } = gateway;
  const { from, to } = rangeOf(request);
  const revision = numberOf(request.revision) || member.applied;
  const { items } = cluster.store.range(from, to, { revision });
  const ordered = sorted(items.filter(within(request)), request, gateway);
  const limit = numberOf(request.limit) > 0 ? numberOf(request.limit) : ordered.length;
  const shown = request.count_only === true ? [] : ordered.slice(0, limit);
  const bytes = request.keys_only === true ? () => new Uint8Array() : gateway.valueBytes;
  return {
    ...(shown.length > 0 && { kvs: shown.map((item) => keyValue(item, bytes)) }),
    ...(shown.length < ordered.length && request.count_only !== true && { more: true }),
    ...(items.length > 0 && { count: String(items.length) }),
  };
}

/** The least and the greatest revisions that are asked for. */
function within(request: JsonObject): (item: KeyValue) => boolean {
  const bound = (name: string, none: number): number => numberOf(request[name]) || none;
  const minMod = bound('min_mod_revision', 0);
  const maxMod = bound('max_mod_revision', Number.POSITIVE_INFINITY);
  const minCreate = bound('min_create_revision', 0);
  const maxCreate = bound('max_create_revision', Number.POSITIVE_INFINITY);
  return ({ modRevision, createRevision }) =>
    modRevision >= minMod && modRevision <= maxMod && createRevision >= minCreate && createRevision <= maxCreate;
}

type Sorting = (a: KeyValue, b: KeyValue, gateway: Gateway) => number;

const sortings: Readonly<Record<string, Sorting>> = {
  KEY: (a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)),
  VERSION: (a, b) => a.version - b.version,
  CREATE: (a, b) => a.createRevision - b.createRevision,
  MOD: (a, b) => a.modRevision - b.modRevision,
  VALUE: (a, b, { valueBytes }) => compareBytes(valueBytes(a.value), valueBytes(b.value)),
};

function sorted(items: readonly KeyValue[], request: JsonObject, gateway: Gateway): readonly KeyValue[] {
  const target = String(request.sort_target ?? 'KEY');
  const order = request.sort_order ?? 'NONE';
  const by = Object.hasOwn(sortings, target) ? sortings[target] : undefined;
  if (!by || (order === 'NONE' && target === 'KEY')) return items;
  const sign = order === 'DESCEND' ? -1 : 1;
  return [...items].sort((a, b) => sign * by(a, b, gateway));
}

function* put(gateway: Gateway, request: JsonObject): Work<JsonObject> {
  checkPut(request, gateway.cluster.limits);
  yield* gateway.member.agree('write');
  gateway.size.check(gateway.member, gateway.cluster, bytesOf(request.value).length);
  gateway.cluster.checkSpace();
  return putNow(gateway, request);
}

/** Throws what etcd says of a request that no state of its makes good. */
function checkPut(request: JsonObject, { requestBytes }: EtcdLimits): void {
  const key = textOf(request.key);
  const value = bytesOf(request.value);
  if (key === '') throw new InvalidArgumentError('etcdserver: key is not provided');
  if (request.ignore_value === true && value.length > 0)
    throw new InvalidArgumentError('etcdserver: value is provided');
  if (request.ignore_lease === true && numberOf(request.lease) !== 0)
    throw new InvalidArgumentError('etcdserver: lease is provided');
  if (key.startsWith('/registry/'))
    throw new EtcdError('writing keys below /registry by hand is not simulated: the API server alone does');
  if (value.length > requestBytes) throw new InvalidArgumentError('etcdserver: request is too large');
}

function putNow({ cluster: { store }, lessor, valueBytes }: Gateway, request: JsonObject): JsonObject {
  const key = textOf(request.key);
  const previous = store.get(key);
  if ((request.ignore_value === true || request.ignore_lease === true) && !previous)
    throw new InvalidArgumentError('etcdserver: key not found');
  const given = leaseNumber(request.lease);
  if (numberOf(request.lease) !== 0) lessor.timeToLive(given);
  const lease = request.ignore_lease === true ? (previous?.lease ?? 0) : given;
  store.put(key, request.ignore_value === true ? previous?.value : bytesOf(request.value), { lease });
  return request.prev_kv === true && previous ? { prev_kv: keyValue(previous, valueBytes) } : {};
}

function* deleteRange(gateway: Gateway, request: JsonObject): Work<JsonObject> {
  checkDelete(request);
  yield* gateway.member.agree('write');
  return gateway.cluster.store.transact(() => deleteNow(gateway, request));
}

function checkDelete(request: JsonObject): void {
  if (bytesOf(request.key).length === 0) throw new InvalidArgumentError('etcdserver: key is not provided');
}

function deleteNow({ cluster: { store }, valueBytes }: Gateway, request: JsonObject): JsonObject {
  const { from, to } = rangeOf(request);
  const { items } = store.range(from, to);
  for (const { key } of items) store.delete(key);
  const gone = request.prev_kv === true ? items.map((item) => keyValue(item, valueBytes)) : [];
  return {
    ...(items.length > 0 && { deleted: String(items.length) }),
    ...(gone.length > 0 && { prev_kvs: gone }),
  };
}

/** One operation of a transaction. */
interface Operation {
  readonly kind: 'range' | 'put' | 'delete_range';
  readonly request: JsonObject;
}

/** All or nothing: the comparisons decide which of two lists of operations is carried out, in one revision. */
function* transaction(gateway: Gateway, request: JsonObject): Work<JsonObject> {
  const compare = objectsIn(request.compare);
  const success = operationsIn(request.success);
  const failure = operationsIn(request.failure);
  checkTransaction({ compare, success, failure }, gateway.cluster.limits);
  const writes = [...success, ...failure].some(({ kind }) => kind !== 'range');
  yield* gateway.member.agree(writes ? 'write' : 'read');
  const puts = [...success, ...failure].filter(({ kind }) => kind === 'put');
  if (puts.length > 0) gateway.cluster.checkSpace();
  const succeeded = compare.every((each) => holds(gateway, each));
  const chosen = succeeded ? success : failure;
  checkState(gateway, chosen);
  const responses = gateway.cluster.store.transact(() => chosen.map((operation) => carryOut(gateway, operation)));
  return { ...(succeeded && { succeeded }), ...(responses.length > 0 && { responses }) };
}

interface Transaction {
  readonly compare: readonly JsonObject[];
  readonly success: readonly Operation[];
  readonly failure: readonly Operation[];
}

function checkTransaction({ compare, success, failure }: Transaction, limits: EtcdLimits): void {
  if (Math.max(compare.length, success.length, failure.length) > limits.operations)
    throw new InvalidArgumentError('etcdserver: too many operations in txn request');
  if (compare.some(({ key }) => bytesOf(key).length === 0))
    throw new InvalidArgumentError('etcdserver: key is not provided');
  for (const operations of [success, failure]) {
    for (const { kind, request } of operations) {
      if (kind === 'put') checkPut(request, limits);
      else checkDelete(request);
    }
    checkOnce(operations);
  }
}

/** No key is put twice, nor deleted and put. */
function checkOnce(operations: readonly Operation[]): void {
  const deleted = operations.filter(({ kind }) => kind === 'delete_range').map(({ request }) => rangeOf(request));
  const put = new Set<string>();
  for (const { kind, request } of operations) {
    if (kind !== 'put') continue;
    const key = textOf(request.key);
    if (put.has(key) || deleted.some(({ from, to }) => key >= from && key < to))
      throw new InvalidArgumentError('etcdserver: duplicate key given in txn request');
    put.add(key);
  }
}

/** Throws before anything is written. */
function checkState({ cluster: { store }, lessor }: Gateway, operations: readonly Operation[]): void {
  for (const { kind, request } of operations) {
    if (kind !== 'put') continue;
    if (numberOf(request.lease) !== 0) lessor.timeToLive(leaseNumber(request.lease));
    const keeps = request.ignore_value === true || request.ignore_lease === true;
    if (keeps && !store.get(textOf(request.key))) throw new InvalidArgumentError('etcdserver: key not found');
  }
}

function carryOut(gateway: Gateway, { kind, request }: Operation): JsonObject {
  const run = { range: rangeNow, put: putNow, delete_range: deleteNow }[kind];
  const answer = run(gateway, request);
  return { [`response_${kind}`]: { header: { revision: String(gateway.cluster.store.revision) }, ...answer } };
}

/** Whether a comparison holds for every key that it is about; one that is not there counts as all zero. */
function holds({ cluster: { store }, valueBytes }: Gateway, compare: JsonObject): boolean {
  const { from, to } = rangeOf(compare);
  const { items } = store.range(from, to);
  const { target = 'VERSION', result = 'EQUAL' } = compare;
  const differs = (item: KeyValue | undefined): number | undefined => {
    if (target === 'VALUE') return item && compareBytes(valueBytes(item.value), bytesOf(compare.value));
    if (target === 'CREATE') return (item?.createRevision ?? 0) - numberOf(compare.create_revision);
    if (target === 'MOD') return (item?.modRevision ?? 0) - numberOf(compare.mod_revision);
    if (target === 'LEASE') return (item?.lease ?? 0) - leaseNumber(compare.lease);
    return (item?.version ?? 0) - numberOf(compare.version);
  };
  const outcome = (difference: number | undefined): boolean => {
    if (difference === undefined) return false;
    if (result === 'EQUAL') return difference === 0;
    if (result === 'NOT_EQUAL') return difference !== 0;
    return result === 'GREATER' ? difference > 0 : difference < 0;
  };
  return items.length === 0 ? outcome(differs(undefined)) : items.every((item) => outcome(differs(item)));
}

function operationsIn(value: unknown): readonly Operation[] {
  return objectsIn(value).flatMap((operation): Operation[] => {
    for (const kind of ['range', 'put', 'delete_range'] as const) {
      const request = operation[`request_${kind}`];
      if (isObject(request)) return [{ kind, request }];
    }
    throw new EtcdError('transactions within transactions are not simulated');
  });
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function* compaction({ cluster, member }: Gateway, { revision }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  cluster.checkCompaction(numberOf(revision));
  cluster.compact(numberOf(revision));
  return {};
}

export const keyCalls: Readonly<Record<string, Call>> = {
  '/v3/kv/range': range,
  '/v3/kv/put': put,
  '/v3/kv/deleterange': deleteRange,
  '/v3/kv/txn': transaction,
  '/v3/kv/compaction': compaction,
};
