// The hash that names what was made from a pod template: stable, in the alphabet of generated names.
import type { PodTemplateSpec } from '../../../api/generated/types.ts';
import { fnv1a, fnv1aInt } from '../../../base/hash.ts';
import { isList, isObject, type JsonValue } from '../../../base/json.ts';
import { asJson } from './present.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** E.g. `7d876db474`. A collision count changes it, for when two templates meet under one name. */
export function templateHash(template: PodTemplateSpec, collisionCount?: number): string {
  const hash = fnv1a(canonicalText(asJson(template)));
  return safeText(String(collisionCount === undefined ? hash : fnv1aInt(collisionCount, hash)));
}

/** Any text in the alphabet that forms no words. */
export function safeText(text: string): string {
  return [...text].map((char) => alphabet.charAt(char.charCodeAt(0) % alphabet.length)).join('');
}

/** JSON with sorted keys: equal values have equal texts. */
export function canonicalText(value: JsonValue | undefined): string {
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key])}`);
  return `{${fields.join(',')}}`;
}
