// A member's database as the file that its data directory holds, and back.
import { databasePages, parseDatabase, storageVersion } from '../../api/etcd-database.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { AuthSnapshot } from './auth-store.ts';
import type { HeldLease } from './lessor.ts';
import type { KeyValue, StoreSnapshot } from './store.ts';

/** Who the members are that write a database. */
export interface ClusterIdentity {
  readonly id: string;
  readonly members: readonly { readonly id: string; readonly name: string }[];
}

export interface Database extends StoreSnapshot {
  readonly leases: readonly Pick<HeldLease, 'id' | 'ttlSeconds'>[];
  /** Of the storage's schema; empty: before 3.6. */
  readonly version: string;
  /** Up to where history is forgotten; 0: nothing is. */
  readonly compacted: number;
  readonly cluster?: ClusterIdentity | undefined;
  readonly auth?: AuthSnapshot | undefined;
}

/** What a member begins with that finds nothing in its directory. */
export const emptyDatabase: Database = {
  revision: 1,
  items: [],
  leases: [],
  version: storageVersion,
  compacted: 0,
};

/** `plain` makes plain data of a value that is neither text nor bytes. */
export function writeDatabase(database: Database, plain: (value: unknown) => JsonValue): string {
  const { revision, items, leases, version, compacted, cluster, auth } = database;
  return databasePages({
    etcd: version,
    revision,
    kvs: items.map(({ value, ...item }) => ({ ...item, ...written(value, plain) })),
    leases: leases.map(({ id, ttlSeconds }) => ({ id, ttl: ttlSeconds })),
    ...(compacted > 0 && { compacted }),
    ...(auth && auth.revision > 1 && { auth: auth as unknown as JsonObject }), // edge: plain data
    ...(cluster && { cluster: { id: cluster.id, members: cluster.members.map(({ id, name }) => ({ id, name })) } }),
  });
}

/** Undefined: it is no database. */
export function readDatabase(text: string): Database | undefined {
  const file = parseDatabase(text);
  if (!file) return undefined;
  return {
    revision: Number(file.revision),
    items: objectsIn(file.kvs).map(keyValueIn),
    leases: objectsIn(file.leases).map(({ id, ttl }) => ({ id: Number(id), ttlSeconds: Number(ttl) })),
    version: String(file.etcd ?? ''),
    compacted: Number(file.compacted ?? 0),
    auth: isObject(file.auth) ? (file.auth as unknown as AuthSnapshot) : undefined, // edge: written by us
    cluster: isObject(file.cluster) ? identityIn(file.cluster) : undefined,
  };
}

function identityIn({ id, members }: JsonObject): ClusterIdentity {
  return {
    id: String(id),
    members: objectsIn(members).map((member) => ({ id: String(member.id), name: String(member.name) })),
  };
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function written(value: unknown, plain: (value: unknown) => JsonValue): JsonObject {
  if (typeof value === 'string') return { text: value };
  if (!(value instanceof Uint8Array)) return { object: plain(value) };
  const text = decodeUtf8(value);
  const back = encodeUtf8(text);
  const isText = back.length === value.length && back.every((byte, at) => byte === value[at]);
  return isText ? { utf8: text } : { bytes: encodeBase64(value) };
}

function keyValueIn(item: JsonObject): KeyValue {
  const number = (name: string): number => Number(item[name] ?? 0);
  return {
    key: String(item.key),
    value: valueIn(item),
    createRevision: number('createRevision'),
    modRevision: number('modRevision'),
    version: number('version'),
    lease: number('lease'),
  };
}

function valueIn({ text, utf8, bytes, object }: JsonObject): unknown {
  if (typeof text === 'string') return text;
  if (typeof utf8 === 'string') return encodeUtf8(utf8);
  return typeof bytes === 'string' ? decodeBase64(bytes) : object;
}
