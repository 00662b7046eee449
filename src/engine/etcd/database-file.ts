// A database of etcd as a file, in a form of our own: JSON. What `etcdctl snapshot save` gets, what `etcdutl` reads,
// and what lies in a member's data directory.
//
//   { "etcd": "3.6.0", "revision": 42, "kvs": [{ "key": "a", …, "text": "v" }], "leases": [{ "id": 7, "ttl": 30 }] }
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { HeldLease } from './lessor.ts';
import type { KeyValue, StoreSnapshot } from './store.ts';

export interface Database extends StoreSnapshot {
  readonly leases: readonly Pick<HeldLease, 'id' | 'ttlSeconds'>[];
}

/** What a member begins with that finds nothing in its directory. */
export const emptyDatabase: Database = { revision: 1, items: [], leases: [] };

/** `plain` makes plain data of a value that is neither text nor bytes. */
export function writeDatabase({ revision, items, leases }: Database, plain: (value: unknown) => JsonValue): string {
  const kvs = items.map(({ value, ...item }) => ({ ...item, ...written(value, plain) }));
  return JSON.stringify({
    etcd: '3.6.0',
    revision,
    kvs,
    leases: leases.map(({ id, ttlSeconds }) => ({ id, ttl: ttlSeconds })),
  });
}

/** Undefined: it is no database. */
export function readDatabase(text: string): Database | undefined {
  const file = parsed(text);
  if (!file || typeof file.revision !== 'number' || !isList(file.kvs) || !isList(file.leases)) return undefined;
  const leases = file.leases.filter(isObject).map(({ id, ttl }) => ({ id: Number(id), ttlSeconds: Number(ttl) }));
  return { revision: file.revision, items: file.kvs.filter(isObject).map(keyValueIn), leases };
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

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // told to whoever reads it
  }
}
