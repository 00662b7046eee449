// A database of etcd as a file, which etcd's members, etcdctl and etcdutl agree on: JSON, filled up to whole pages, and
// in a snapshot its digest behind them; and the ids that members and clusters get.
//
//   { "etcd": "3.6.0", "revision": 42, "kvs": [{ "key": "a", …, "text": "v" }], "leases": [{ "id": 7, "ttl": 30 }],
//     "compacted": 40, "cluster": { "id": "cdf8…", "members": [{ "id": "8e9e…", "name": "default" }] } }
//   \0 … \0             to the end of the page
//   32 bytes            SHA-256 of all before, in what `etcdctl snapshot save` writes
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../base/bytes.ts';
import { isList, isObject, type JsonObject } from '../base/json.ts';

const pageBytes = 4096;
/** A file's length modulo a sector's is that of a digest just when it has one. */
const sectorBytes = 512;
const digestBytes = 32;

/** The version of the storage's schema, which databases of etcd 3.5 do not tell. */
export const storageVersion = '3.6.0';

/** As a member's file holds it. */
export function databasePages(database: JsonObject): string {
  const text = JSON.stringify(database);
  const free = (pageBytes - (encodeUtf8(text).length % pageBytes)) % pageBytes;
  return text + '\0'.repeat(free);
}

/** Undefined: it is no database. */
export function parseDatabase(pages: Uint8Array | string): JsonObject | undefined {
  const text = typeof pages === 'string' ? pages : decodeUtf8(pages);
  try {
    const value: unknown = JSON.parse(text.replace(/\0+$/, ''));
    if (!isObject(value)) return undefined;
    return typeof value.revision === 'number' && isList(value.kvs) ? value : undefined;
  } catch {
    return undefined; // told to whoever reads it
  }
}

/** As a snapshot's file holds it: with its digest. */
export function sealSnapshot(pages: Uint8Array): Uint8Array {
  return concatBytes([pages, sha256(pages)]);
}

/** What a file holds, whether it is a member's or a snapshot. */
export interface DatabaseFile {
  readonly pages: Uint8Array;
  /** Undefined: there is none. */
  readonly digest: Uint8Array | undefined;
}

/** Takes the digest off, where there is one. */
export function openDatabaseFile(file: Uint8Array): DatabaseFile {
  if (file.length % sectorBytes !== digestBytes) return { pages: file, digest: undefined };
  return { pages: file.subarray(0, -digestBytes), digest: file.subarray(-digestBytes) };
}

/** What the digest is to be. */
export function digestOf(pages: Uint8Array): Uint8Array {
  return sha256(pages);
}

/** What a member's id is made of. */
export interface MemberIdentity {
  readonly peerUrls: readonly string[];
  readonly token: string;
  /** When it was added to a cluster that was there; undefined: it began with it. */
  readonly addedAtMs?: number;
}

/** In hexadecimal, without zeros before. `http://localhost:2380` and `etcd-cluster`: 8e9e05c52164694d. */
export function memberId({ peerUrls, token, addedAtMs }: MemberIdentity): string {
  const added = addedAtMs === undefined ? '' : String(Math.floor(addedAtMs / 1000));
  return firstEight(encodeUtf8(`${[...peerUrls].sort().join('')}${token}${added}`));
}

/** Of the members that it began with. */
export function clusterId(members: readonly string[]): string {
  const ids = members.map((id) => BigInt(`0x${id}`)).sort((a, b) => (a < b ? -1 : 1));
  const bytes = new DataView(new ArrayBuffer(8 * ids.length));
  ids.forEach((id, at) => {
    bytes.setBigUint64(8 * at, id);
  });
  return firstEight(new Uint8Array(bytes.buffer));
}

function firstEight(bytes: Uint8Array): string {
  return new DataView(sha1(bytes).slice(0, 8).buffer).getBigUint64(0).toString(16);
}
