// The calls of etcd's JSON gateway: keys, leases, members, maintenance.
import { encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { fnv1a } from '../../base/hash.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { Work } from '../sim/work.ts';
import type { DataDirectories } from './data-directories.ts';
import type { DatabaseSize } from './database-size.ts';
import type { EtcdCluster } from './etcd-cluster.ts';
import {
  bytesOf,
  idHex,
  idText,
  keyValue,
  leaseNumber,
  leaseText,
  numberOf,
  rangeOf,
  textOf,
} from './gateway-values.ts';
import type { Lessor } from './lessor.ts';
import { EtcdError, type EtcdMember } from './member.ts';
import { type KeyValue, lastKey } from './store.ts';

/** One member's client port, and what it needs. */
export interface Gateway {
  readonly cluster: EtcdCluster;
  readonly member: EtcdMember;
  readonly lessor: Lessor;
  readonly size: DatabaseSize;
  readonly directories: DataDirectories;
  /** A value as it is on disk. */
  valueBytes(value: unknown): Uint8Array;
}

type Call = (gateway: Gateway, request: JsonObject) => Work<JsonObject>;

/** What every answer begins with. */
export function header({ cluster, member }: Gateway): JsonObject {
  return {
    cluster_id: idText(cluster.id),
    member_id: idText(member.id),
    revision: String(member.applied),
    raft_term: String(cluster.term),
  };
}

function* range(gateway: Gateway, request: JsonObject): Work<JsonObject> {
  const { cluster, member } = gateway;
  if (request.serializable !== true) yield* member.agree('read');
  const { from, to } = rangeOf(request);
  const revision = numberOf(request.revision) || member.applied;
  const { items } = cluster.store.range(from, to, { revision });
  const ordered = sorted(items, request);
  const limit = numberOf(request.limit) || ordered.length;
  const shown = request.count_only === true ? [] : ordered.slice(0, limit);
  const bytes = request.keys_only === true ? () => new Uint8Array() : gateway.valueBytes;
  return {
    ...(shown.length > 0 && { kvs: shown.map((item) => keyValue(item, bytes)) }),
    ...(shown.length < items.length && request.count_only !== true && { more: true }),
    count: String(items.length),
  };
}

const sortings: Readonly<Record<string, (item: KeyValue) => number | string>> = {
  KEY: ({ key }) => key,
  VERSION: ({ version }) => version,
  CREATE: ({ createRevision }) => createRevision,
  MOD: ({ modRevision }) => modRevision,
  VALUE: ({ value }) => String(value),
};

function sorted(items: readonly KeyValue[], request: JsonObject): readonly KeyValue[] {
  const target = String(request.sort_target ?? 'KEY');
  const by = Object.hasOwn(sortings, target) ? sortings[target] : undefined;
  if (!by || request.sort_order === undefined || request.sort_order === 'NONE') return items;
  const sign = request.sort_order === 'DESCEND' ? -1 : 1;
  return [...items].sort((a, b) => (by(a) < by(b) ? -sign : by(a) > by(b) ? sign : 0));
}

/** etcd's --max-request-bytes. */
const requestBytesMax = 1_572_864;

function* put(gateway: Gateway, request: JsonObject): Work<JsonObject> {
  const key = textOf(request.key);
  if (key === '') throw new EtcdError('etcdserver: key is not provided');
  if (key.startsWith('/registry/'))
    throw new EtcdError('writing keys below /registry by hand is not simulated: the API server alone does');
  const value = bytesOf(request.value);
  if (value.length > requestBytesMax) throw new EtcdError('etcdserver: request is too large');
  yield* gateway.member.agree('write');
  gateway.size.check(gateway.member, gateway.cluster, value.length);
  gateway.cluster.checkSpace();
  const { store } = gateway.cluster;
  const lease = leaseNumber(request.lease);
  if (request.lease !== undefined && numberOf(request.lease) !== 0) gateway.lessor.timeToLive(lease);
  const previous = store.get(key);
  store.put(key, value, { lease });
  return request.prev_kv === true && previous ? { prev_kv: keyValue(previous, gateway.valueBytes) } : {};
}

function* deleteRange(gateway: Gateway, request: JsonObject): Work<JsonObject> {
  yield* gateway.member.agree('write');
  const { store } = gateway.cluster;
  const { from, to } = rangeOf(request);
  const { items } = store.range(from, to);
  for (const { key } of items) store.delete(key);
  const gone = request.prev_kv === true ? items.map((item) => keyValue(item, gateway.valueBytes)) : [];
  return { deleted: String(items.length), ...(gone.length > 0 && { prev_kvs: gone }) };
}

function* compaction({ cluster, member }: Gateway, { revision }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  cluster.checkCompaction(numberOf(revision));
  cluster.compact(numberOf(revision));
  return {};
}

function* leaseGrant({ cluster, member, lessor }: Gateway, { TTL }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  cluster.checkSpace();
  const ttlSeconds = Math.max(numberOf(TTL), 1);
  return { ID: leaseText(lessor.grant(ttlSeconds)), TTL: String(ttlSeconds) };
}

function* leaseRevoke({ member, lessor }: Gateway, { ID }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  lessor.revoke(leaseNumber(ID));
  return {};
}

function* leaseKeepAlive({ member, lessor }: Gateway, { ID }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  const id = leaseNumber(ID);
  return { ID: leaseText(id), TTL: String(lessor.has(id) ? lessor.keepAlive(id) : 0) };
}

function* leaseTimeToLive({ cluster, member, lessor }: Gateway, { ID, keys }: JsonObject): Work<JsonObject> {
  yield* member.agree('read');
  const id = leaseNumber(ID);
  if (!lessor.has(id)) return { ID: String(ID ?? 0), TTL: '-1' };
  const { grantedSeconds, leftSeconds } = lessor.timeToLive(id);
  const held = keys === true ? cluster.store.leaseKeys(id).map((key) => encodeBase64(encodeUtf8(key))) : [];
  return {
    ID: leaseText(id),
    TTL: String(leftSeconds),
    grantedTTL: String(grantedSeconds),
    ...(held.length > 0 && { keys: held }),
  };
}

function* leaseLeases({ member, lessor }: Gateway): Work<JsonObject> {
  yield* member.agree('read');
  return { leases: lessor.ids().map((id) => ({ ID: leaseText(id) })) };
}

function memberOf({ id, name, ip, learner }: EtcdMember): JsonObject {
  return {
    ID: idText(id),
    name,
    peerURLs: [`https://${ip}:2380`],
    ...(name !== '' && { clientURLs: [`https://${ip}:2379`] }),
    ...(learner && { isLearner: true }),
  };
}

function* memberList({ cluster, member }: Gateway): Work<JsonObject> {
  yield* member.agree('read');
  return { members: cluster.members.map(memberOf) };
}

function* memberAdd({ cluster, member }: Gateway, { peerURLs, isLearner }: JsonObject): Work<JsonObject> {
  if (cluster.single) throw new EtcdError('a second member beside a single one is not simulated');
  const ip = /^https?:\/\/([^/:]+):\d+$/.exec(String(Array.isArray(peerURLs) ? peerURLs[0] : ''))?.[1];
  if (ip === undefined) throw new EtcdError('etcdserver: given member URLs are invalid');
  if (cluster.members.some((each) => each.ip === ip)) throw new EtcdError('etcdserver: Peer URLs already exists');
  yield* member.agree('write');
  const started = cluster.members.filter(({ learner, running }) => running && !learner).length;
  const votes = cluster.members.filter(({ learner }) => !learner).length + 1;
  if (isLearner !== true && started < Math.floor(votes / 2) + 1)
    throw new EtcdError('etcdserver: re-configuration failed due to not enough started members');
  const made = cluster.add(ip, isLearner === true);
  return { member: memberOf(made), members: cluster.members.map(memberOf) };
}

function* memberPromote({ cluster, member }: Gateway, { ID }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  const found = cluster.members.find(({ id }) => id === idHex(ID));
  if (!found) throw new EtcdError('etcdserver: member not found');
  if (!found.learner) throw new EtcdError('etcdserver: can only promote a learner member');
  // Members that are added here have no machine: none of them ever catches up.
  throw new EtcdError('etcdserver: can only promote a learner member which is in sync with leader');
}

function* memberRemove({ cluster, member }: Gateway, { ID }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  const id = idHex(ID);
  const gone = cluster.members.find((each) => each.id === id);
  if (!gone) throw new EtcdError('etcdserver: member not found');
  if (cluster.members.length === 1)
    throw new EtcdError('etcdserver: re-configuration failed due to not enough started members');
  cluster.remove(gone);
  return { members: cluster.members.map(memberOf) };
}

function* status({ cluster, member, size }: Gateway): Work<JsonObject> {
  member.checkRunning();
  yield* cluster.scope.sleep(1);
  const { total, inUse } = size.of(member);
  const leader = cluster.leaderOf(member);
  const index = String(member.applied + 2 * cluster.term);
  const alarms = cluster.alarms.map(({ id }) => `memberID:${idText(id)} alarm:NOSPACE `);
  const errors: JsonValue[] = leader ? alarms : ['etcdserver: no leader', ...alarms];
  return {
    version: '3.6.6',
    dbSize: String(total),
    leader: leader ? idText(leader.id) : '0',
    raftIndex: index,
    raftTerm: String(cluster.term),
    raftAppliedIndex: index,
    ...(errors.length > 0 && { errors }),
    dbSizeInUse: String(inUse),
    ...(member.learner && { isLearner: true }),
    storageVersion: '3.6.0',
    dbSizeQuota: String(size.quota),
  };
}

function* alarm({ cluster, member }: Gateway, { action }: JsonObject): Work<JsonObject> {
  yield* member.agree(action === 'DEACTIVATE' ? 'write' : 'read');
  const alarms = cluster.alarms.map(({ id }) => ({ memberID: idText(id), alarm: 'NOSPACE' }));
  if (action === 'DEACTIVATE') cluster.clearAlarms();
  return alarms.length > 0 ? { alarms } : {};
}

function* hashKv({ cluster, member, valueBytes }: Gateway): Work<JsonObject> {
  member.checkRunning();
  yield* cluster.scope.sleep(1);
  const { store } = cluster;
  const { items } = store.range('', lastKey, { revision: member.applied });
  let hash = 0;
  for (const { key, value, modRevision } of items)
    hash = fnv1a(`${hash}/${key}/${modRevision}/${valueBytes(value).length}`);
  const compacted = String(store.compactRevision);
  return { hash: String(hash), compact_revision: compacted, hash_revision: String(member.applied) };
}

function* defragment({ member, size, cluster }: Gateway): Work<JsonObject> {
  member.checkRunning();
  yield* cluster.scope.sleep(20);
  size.defragment(member);
  return {};
}

function* transferLeadership({ cluster, member }: Gateway, { targetID }: JsonObject): Work<JsonObject> {
  const target = cluster.members.find(({ id }) => id === idHex(targetID));
  if (cluster.leaderOf(member) !== member) throw new EtcdError('etcdserver: not leader');
  if (!target?.running || target.cut) throw new EtcdError('etcdserver: bad leader transferee');
  yield* member.agree('write');
  cluster.moveLeader(target);
  return {};
}

function* snapshot({ cluster, member, directories }: Gateway): Work<JsonObject> {
  member.checkRunning();
  yield* cluster.scope.sleep(20);
  return { result: { blob: encodeBase64(encodeUtf8(directories.text(member.applied))) } };
}

export const calls: Readonly<Record<string, Call>> = {
  '/v3/kv/range': range,
  '/v3/kv/put': put,
  '/v3/kv/deleterange': deleteRange,
  '/v3/kv/compaction': compaction,
  '/v3/lease/grant': leaseGrant,
  '/v3/lease/revoke': leaseRevoke,
  '/v3/lease/keepalive': leaseKeepAlive,
  '/v3/lease/timetolive': leaseTimeToLive,
  '/v3/lease/leases': leaseLeases,
  '/v3/cluster/member/list': memberList,
  '/v3/cluster/member/add': memberAdd,
  '/v3/cluster/member/promote': memberPromote,
  '/v3/cluster/member/remove': memberRemove,
  '/v3/maintenance/status': status,
  '/v3/maintenance/alarm': alarm,
  '/v3/maintenance/hash': hashKv,
  '/v3/maintenance/defragment': defragment,
  '/v3/maintenance/transfer-leadership': transferLeadership,
  '/v3/maintenance/snapshot': snapshot,
};
