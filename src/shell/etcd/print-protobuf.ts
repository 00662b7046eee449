// etcd's answers as protobuf messages, which -w protobuf writes: the gateway's JSON laid out by field numbers.
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { decodeBytes } from './etcd-client.ts';

/**
 * Fields as `number name kind`: `int`, `bool`, `text`, `bytes`, or another message's name; enumerations are numbers or
 * one of the words below.
 */
const messages = {
  ResponseHeader: '1 cluster_id int, 2 member_id int, 3 revision int, 4 raft_term int',
  KeyValue: '1 key bytes, 2 create_revision int, 3 mod_revision int, 4 version int, 5 value bytes, 6 lease int',
  RangeResponse: '1 header ResponseHeader, 2 kvs KeyValue, 3 more bool, 4 count int',
  PutResponse: '1 header ResponseHeader, 2 prev_kv KeyValue',
  DeleteRangeResponse: '1 header ResponseHeader, 2 deleted int, 3 prev_kvs KeyValue',
  ResponseOp: '1 response_range RangeResponse, 2 response_put PutResponse, 3 response_delete_range DeleteRangeResponse',
  TxnResponse: '1 header ResponseHeader, 2 succeeded bool, 3 responses ResponseOp',
  Event: '1 type int, 2 kv KeyValue, 3 prev_kv KeyValue',
  WatchResponse: '1 header ResponseHeader, 3 created bool, 4 canceled bool, 5 compact_revision int, 11 events Event',
  Member: '1 ID int, 2 name text, 3 peerURLs text, 4 clientURLs text, 5 isLearner bool',
  MemberAddResponse: '1 header ResponseHeader, 2 member Member, 3 members Member',
  MemberListResponse: '1 header ResponseHeader, 2 members Member',
  AlarmMember: '1 memberID int, 2 alarm int',
  AlarmResponse: '1 header ResponseHeader, 2 alarms AlarmMember',
  /** Of all that say nothing else. */
  HeaderResponse: '1 header ResponseHeader',
  DowngradeResponse: '1 header ResponseHeader, 2 version text',
  AuthStatusResponse: '1 header ResponseHeader, 2 enabled bool, 3 authRevision int',
  AuthUserGetResponse: '1 header ResponseHeader, 2 roles text',
  AuthUserListResponse: '1 header ResponseHeader, 2 users text',
  AuthRoleListResponse: '1 header ResponseHeader, 2 roles text',
  Permission: '1 permType int, 2 key bytes, 3 range_end bytes',
  AuthRoleGetResponse: '1 header ResponseHeader, 2 perm Permission',
} as const;

const enumerations: Readonly<Record<string, number>> = { NOSPACE: 1, CORRUPT: 2, DELETE: 1, WRITE: 1, READWRITE: 2 };

export type MessageName = keyof typeof messages;

export function encodeMessage(name: MessageName, message: JsonObject): Uint8Array {
  const fields = messages[name].split(', ').map((field) => field.split(' '));
  return concatBytes(
    fields.flatMap(([number, key = '', kind = '']) => {
      const value = message[key];
      const values = isList(value) ? value : [value];
      return values.map((item) => encodeField(Number(number), kind, item));
    }),
  );
}

const none = new Uint8Array();

/** What is zero is left out. */
function encodeField(number: number, kind: string, value: JsonValue | undefined): Uint8Array {
  if (value === undefined || value === null) return none;
  if (kind === 'bool') return value === true ? concatBytes([varint(number << 3), varint(1)]) : none;
  if (kind === 'int') {
    const digits = BigInt(enumerations[String(value)] ?? (/^-?\d+$/.test(String(value)) ? String(value) : 0));
    return digits === 0n ? none : concatBytes([varint(number << 3), varint(digits)]);
  }
  if (isObject(value)) return framed(number, encodeMessage(kind as MessageName, value)); // edge: named in the table
  const bytes = kind === 'bytes' ? decodeBytes(value) : encodeUtf8(String(value));
  return bytes.length === 0 ? none : framed(number, bytes);
}

function framed(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.of(...bytes, Number(rest));
}
