// The hashes that name what was made from a pod template: the very ones that upstream computes.
import type { PodTemplateSpec } from '../../../api/generated/types.ts';
import { encodeUtf8 } from '../../../base/bytes.ts';
import { fnvOffset } from '../../../base/hash.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { dumpTemplate } from './go-dump.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const prime = 0x01000193;

/** E.g. `7d876db474`. A collision count changes it, for when two templates meet under one name. */
export function templateHash(template: PodTemplateSpec, collisionCount?: number): string {
  let hash = fnvOffset;
  for (const byte of encodeUtf8(dumpTemplate(template))) hash = Math.imul(hash ^ byte, prime);
  if (collisionCount !== undefined)
    for (let shift = 0; shift < 64; shift += 8)
      hash = Math.imul(hash ^ (shift < 32 ? (collisionCount >>> shift) & 0xff : 0), prime);
  return safeText(String(hash >>> 0));
}

/** The hash of a revision's data, FNV-1 where the template's is FNV-1a. */
export function dataHash(data: JsonObject, collisionCount: number): string {
  let hash = fnvOffset;
  for (const byte of encodeUtf8(canonicalText(data) + collisionCount)) hash = Math.imul(hash, prime) ^ byte;
  return safeText(String(hash >>> 0));
}

/** Any text in the alphabet that forms no words. */
export function safeText(text: string): string {
  return [...text].map((char) => alphabet.charAt(char.charCodeAt(0) % alphabet.length)).join('');
}

/** JSON as Go writes it: with sorted keys, and safe inside of HTML. */
export function canonicalText(value: JsonValue | undefined): string {
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return scalarText(value);
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${scalarText(key)}:${canonicalText(value[key])}`);
  return `{${fields.join(',')}}`;
}

function scalarText(value: JsonValue | undefined): string {
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value ?? null).replace(/[<>&\u2028\u2029]/g, escaped);
}
