// How many bytes a message of etcd's would be on the wire: clients limit what they send and what they take by it.
import { decodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';

/** As protobuf has it, from the gateway's JSON: fields that are zero are left out. */
export function messageSize(message: JsonObject): number {
  return Object.entries(message).reduce((sum, [name, value]) => sum + fieldSize(name, value), 0);
}

const byteFields = new Set(['key', 'value', 'range_end', 'blob']);

function fieldSize(name: string, value: JsonValue | undefined): number {
  if (value === undefined || value === null || value === false || value === '') return 0;
  if (value === true) return 2;
  if (typeof value === 'number') return numberSize(BigInt(Math.trunc(value)));
  if (typeof value === 'string') {
    if (byteFields.has(name)) return framed(decodeBase64(value)?.length ?? 0);
    if (/^-?\d+$/.test(value)) return numberSize(BigInt(value));
    return /^[A-Z_]+$/.test(value) ? 2 : framed(encodeUtf8(value).length); // in capitals: one of an enumeration
  }
  if (isList(value)) return value.reduce<number>((sum, item) => sum + fieldSize(name, item), 0);
  return isObject(value) ? framed(messageSize(value)) : 0;
}

function numberSize(value: bigint): number {
  return value === 0n ? 0 : 1 + varintSize(BigInt.asUintN(64, value));
}

function framed(length: number): number {
  return 1 + varintSize(BigInt(length)) + length;
}

function varintSize(value: bigint): number {
  return Math.max(1, Math.ceil(value.toString(2).length / 7));
}
