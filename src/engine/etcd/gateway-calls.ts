// The calls of etcd's JSON gateway: leases, members, maintenance, and those of keys beside it.
import { sealSnapshot, storageVersion } from '../../api/etcd-database.ts';
import { encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { fnv1a } from '../../base/hash.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { Work } from '../sim/work.ts';
import type { EtcdCluster } from './etcd-cluster.ts';
import { authCalls } from './gateway-auth.ts';
import { keyCalls } from './gateway-keys.ts';
import { type Call, type Gateway, header } from './gateway-port.ts';
import { idHex, idText, leaseNumber, leaseText, numberOf } from './gateway-values.ts';
import { LeaseTooLongError } from './lessor.ts';
import {
  EtcdError,
  type EtcdMember,
  etcdVersion,
  InvalidArgumentError,
  MemberNotFoundError,
  PreconditionError,
} from './member.ts';
import { lastKey } from './store.ts';

/** In seconds. */
const ttlMax = 9_000_000_000;

function* leaseGrant({ cluster, member, lessor }: Gateway, { TTL }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  cluster.checkSpace();
  if (numberOf(TTL) > ttlMax) throw new LeaseTooLongError();
  const ttlSeconds = Math.max(numberOf(TTL), 1);
  return { ID: leaseText(lessor.grant(ttlSeconds)), TTL: String(ttlSeconds) };
}

function* leaseRevoke({ member, lessor }: Gateway, { ID }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  lessor.revoke(leaseNumber(ID));
  return {};
}

function* leaseKeepAlive(gateway: Gateway, { ID }: JsonObject): Work<JsonObject> {
  const { member, lessor } = gateway;
  yield* member.agree('write');
  const id = leaseNumber(ID);
  const ttl = lessor.has(id) ? lessor.keepAlive(id) : 0;
  return { result: { header: header(gateway), ID: String(ID ?? 0), ...(ttl > 0 && { TTL: String(ttl) }) } };
}

function* leaseTimeToLive({ cluster, member, lessor }: Gateway, { ID, keys }: JsonObject): Work<JsonObject> {
  yield* member.agree('read');
  const id = leaseNumber(ID);
  if (!lessor.has(id)) return { ID: String(ID ?? 0), TTL: '-1' };
  const { grantedSeconds, leftSeconds } = lessor.timeToLive(id);
  const held = keys === true ? cluster.store.leaseKeys(id).map((key) => encodeBase64(encodeUtf8(key))) : [];
  return {
    ID: leaseText(id),
    ...(leftSeconds !== 0 && { TTL: String(leftSeconds) }),
    grantedTTL: String(grantedSeconds),
    ...(held.length > 0 && { keys: held }),
  };
}

function* leaseLeases({ member, lessor }: Gateway): Work<JsonObject> {
  yield* member.agree('read');
  return lessor.ids().length === 0 ? {} : { leases: lessor.ids().map((id) => ({ ID: leaseText(id) })) };
}

function memberOf({ id, name, peerUrl, ip, learner }: EtcdMember): JsonObject {
  return {
    ID: idText(id),
    ...(name !== '' && { name }),
    peerURLs: [peerUrl],
    ...(name !== '' && { clientURLs: [`https://${ip}:2379`] }),
    ...(learner && { isLearner: true }),
  };
}

function* memberList({ cluster, member }: Gateway, { linearizable }: JsonObject): Work<JsonObject> {
  if (linearizable === true) yield* member.agree('read');
  else member.checkRunning();
  return { members: cluster.members.map(memberOf) };
}

function* memberAdd({ cluster, member }: Gateway, { peerURLs, isLearner }: JsonObject): Work<JsonObject> {
  if (cluster.single) throw new EtcdError('a second member beside a single one is not simulated');
  const peerUrl = peerUrlOf(peerURLs);
  checkFree(cluster, peerUrl);
  yield* member.agree('write');
  const voters = cluster.members.filter(({ learner }) => !learner);
  const started = voters.filter(({ running }) => running);
  if (isLearner !== true && started.length < Math.floor((voters.length + 1) / 2) + 1) throw notEnoughStarted();
  if (isLearner === true && cluster.members.some(({ learner }) => learner))
    throw new PreconditionError('etcdserver: too many learner members in cluster');
  const made = cluster.add(peerUrl, isLearner === true);
  return { member: memberOf(made), members: cluster.members.map(memberOf) };
}

/** The one address that members here have. */
function peerUrlOf(urls: unknown): string {
  const [url, second] = Array.isArray(urls) ? urls.map(String) : [];
  if (url === undefined || !/^https?:\/\/[^/:]+:\d+$/.test(url))
    throw new InvalidArgumentError('etcdserver: given member URLs are invalid');
  if (second !== undefined) throw new EtcdError('several peer URLs of one member are not simulated');
  return url;
}

function checkFree(cluster: EtcdCluster, peerUrl: string, except?: EtcdMember): void {
  if (cluster.members.some((each) => each !== except && each.peerUrl === peerUrl))
    throw new PreconditionError('etcdserver: Peer URLs already exists');
}

function notEnoughStarted(): PreconditionError {
  return new PreconditionError('etcdserver: re-configuration failed due to not enough started members');
}

/** Throws MemberNotFoundError. */
function memberBy({ members }: EtcdCluster, ID: unknown): EtcdMember {
  const found = members.find(({ id }) => id === idHex(ID));
  if (!found) throw new MemberNotFoundError();
  return found;
}

function* memberUpdate({ cluster, member }: Gateway, { ID, peerURLs }: JsonObject): Work<JsonObject> {
  const peerUrl = peerUrlOf(peerURLs);
  yield* member.agree('write');
  const found = memberBy(cluster, ID);
  checkFree(cluster, peerUrl, found);
  found.peerUrl = peerUrl;
  return { members: cluster.members.map(memberOf) };
}

/** A learner is in sync that has nine tenths of what the leader has. */
const readyShare = 0.9;

function* memberPromote({ cluster, member, meters }: Gateway, { ID }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  const found = memberBy(cluster, ID);
  if (!found.learner) throw new PreconditionError('etcdserver: can only promote a learner member');
  if (!found.running || found.applied < cluster.store.revision * readyShare)
    throw new PreconditionError('etcdserver: can only promote a learner member which is in sync with leader');
  cluster.promote(found);
  meters.promotions++;
  return { members: cluster.members.map(memberOf) };
}

function* memberRemove({ cluster, member }: Gateway, { ID }: JsonObject): Work<JsonObject> {
  yield* member.agree('write');
  const gone = memberBy(cluster, ID);
  const left = cluster.members.filter((each) => each !== gone && !each.learner);
  const started = left.filter(({ running }) => running);
  if (!gone.learner && started.length < Math.floor(left.length / 2) + 1) throw notEnoughStarted();
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
  const { downgrade } = cluster;
  return {
    version: etcdVersion,
    dbSize: String(total),
    ...(leader && { leader: idText(leader.id) }),
    raftIndex: index,
    raftTerm: String(cluster.term),
    raftAppliedIndex: index,
    ...(errors.length > 0 && { errors }),
    dbSizeInUse: String(inUse),
    ...(member.learner && { isLearner: true }),
    storageVersion: downgrade ?? '3.6.0',
    dbSizeQuota: String(size.quota),
    downgradeInfo: downgrade ? { enabled: true, targetVersion: downgrade } : {},
  };
}

/** To the minor version before: validated, begun, taken back. The members' programs stay what they are. */
function* downgrade({ cluster, member }: Gateway, { action = 'VALIDATE', version }: JsonObject): Work<JsonObject> {
  yield* member.agree(action === 'VALIDATE' ? 'read' : 'write');
  if (action === 'CANCEL') {
    cluster.downgrade = undefined;
    return { version: '3.6' };
  }
  const target = /^(\d+)\.(\d+)(?:\.\d+)?$/.exec(String(version ?? ''));
  if (!target) throw new InvalidArgumentError('etcdserver: wrong downgrade target version format');
  if (`${target[1]}.${target[2]}` !== '3.5')
    throw new InvalidArgumentError('etcdserver: invalid downgrade target version');
  if (cluster.downgrade) throw new PreconditionError('etcdserver: cluster has a downgrade job in progress');
  if (action === 'ENABLE') cluster.downgrade = '3.5.0';
  return { version: '3.6' };
}

function* alarm({ cluster, member }: Gateway, { action }: JsonObject): Work<JsonObject> {
  yield* member.agree(action === 'DEACTIVATE' ? 'write' : 'read');
  const alarms = cluster.alarms.map(({ id }) => ({ memberID: idText(id), alarm: 'NOSPACE' }));
  if (action === 'DEACTIVATE') cluster.clearAlarms();
  return alarms.length > 0 ? { alarms } : {};
}

function* hashKv({ cluster, member, valueBytes, meters }: Gateway, request: JsonObject): Work<JsonObject> {
  member.checkRunning();
  meters.hashes.observe(0.001);
  yield* cluster.scope.sleep(1);
  const { store } = cluster;
  const revision = numberOf(request.revision) || member.applied;
  const { items } = store.range('', lastKey, { revision });
  let hash = 0;
  for (const { key, value, modRevision } of items)
    hash = fnv1a(`${hash}/${key}/${modRevision}/${valueBytes(value).length}`);
  const compacted = store.compactRevision;
  return {
    hash: String(hash),
    ...(compacted > 0 && { compact_revision: String(compacted) }),
    hash_revision: String(revision),
  };
}

/** Of the whole database, as it is now. */
function* hash(gateway: Gateway): Work<JsonObject> {
  const { hash } = yield* hashKv(gateway, {});
  return { hash: hash ?? '0' };
}

function* defragment({ member, size, cluster, meters }: Gateway): Work<JsonObject> {
  member.checkRunning();
  meters.defragmentations.observe(0.02);
  yield* cluster.scope.sleep(20);
  size.defragment(member);
  return {};
}

function* transferLeadership({ cluster, member }: Gateway, { targetID }: JsonObject): Work<JsonObject> {
  const target = cluster.members.find(({ id }) => id === idHex(targetID));
  if (cluster.leaderOf(member) !== member) throw new PreconditionError('etcdserver: not leader');
  if (!target?.running || target.cut || target.learner)
    throw new PreconditionError('etcdserver: bad leader transferee');
  yield* member.agree('write');
  cluster.moveLeader(target);
  return {};
}

function* snapshot({ cluster, member, directories, meters }: Gateway): Work<JsonObject> {
  member.checkRunning();
  meters.snapshots.observe(0.02);
  yield* cluster.scope.sleep(20);
  return {
    result: { blob: encodeBase64(sealSnapshot(encodeUtf8(directories.text(member.applied)))), version: storageVersion },
  };
}

export const calls: Readonly<Record<string, Call>> = {
  ...authCalls,
  ...keyCalls,
  '/v3/lease/grant': leaseGrant,
  '/v3/lease/revoke': leaseRevoke,
  '/v3/lease/keepalive': leaseKeepAlive,
  '/v3/lease/timetolive': leaseTimeToLive,
  '/v3/lease/leases': leaseLeases,
  '/v3/cluster/member/list': memberList,
  '/v3/cluster/member/add': memberAdd,
  '/v3/cluster/member/update': memberUpdate,
  '/v3/cluster/member/promote': memberPromote,
  '/v3/cluster/member/remove': memberRemove,
  '/v3/maintenance/status': status,
  '/v3/maintenance/downgrade': downgrade,
  '/v3/maintenance/alarm': alarm,
  '/v3/maintenance/hash': hash,
  '/v3/maintenance/hashkv': hashKv,
  '/v3/maintenance/defragment': defragment,
  '/v3/maintenance/transfer-leadership': transferLeadership,
  '/v3/maintenance/snapshot': snapshot,
};
