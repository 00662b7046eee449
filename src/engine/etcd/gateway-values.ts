// How the JSON gateway writes bytes, numbers and keys, and reads them.
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { type KeyValue, lastKey } from './store.ts';

/** Leases have numbers here; etcd's ids are 64 bits of which the first 32 say who granted them. */
const leaseBase = 0x7587_9ad5_0000_0000n;

export function leaseText(id: number): string {
  return id === 0 ? '0' : String(leaseBase + BigInt(id));
}

/** 0: no lease of ours. */
export function leaseNumber(value: unknown): number {
  const id = bigIntOf(value) - leaseBase;
  return id > 0n && id < 0x1_0000_0000n ? Number(id) : 0;
}

export function idText(hexadecimal: string): string {
  return String(BigInt(`0x${hexadecimal}`));
}

export function idHex(value: unknown): string {
  return bigIntOf(value).toString(16);
}

export function numberOf(value: unknown): number {
  return Number(value ?? 0) || 0;
}

export function bytesOf(value: unknown): Uint8Array {
  return (typeof value === 'string' ? decodeBase64(value) : undefined) ?? new Uint8Array();
}

export function textOf(value: unknown): string {
  return decodeUtf8(bytesOf(value));
}

export function base64(text: string): string {
  return encodeBase64(encodeUtf8(text));
}

/** The keys that a request is about: one, a range, or all from one on (`\0` as the end). */
export function rangeOf({ key, range_end: end }: JsonObject): { readonly from: string; readonly to: string } {
  const from = textOf(key);
  const to = textOf(end);
  if (to === '') return { from, to: `${from}\0` };
  return { from: from === '\0' ? '' : from, to: to === '\0' ? lastKey : to };
}

export function keyValue(item: KeyValue, valueBytes: (value: unknown) => Uint8Array): JsonObject {
  return {
    key: base64(item.key),
    create_revision: String(item.createRevision),
    mod_revision: String(item.modRevision),
    version: String(item.version),
    value: encodeBase64(valueBytes(item.value)),
    ...(item.lease !== 0 && { lease: leaseText(item.lease) }),
  };
}

function bigIntOf(value: unknown): bigint {
  const text = String(value ?? 0);
  return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
}
