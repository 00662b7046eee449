// Masks the values of secrets, so that a diff tells which differ and not what they are.
import { objectAt } from '../../../base/fields.ts';
import type { JsonObject, JsonValue } from '../../../base/json.ts';

const masked = '***';

/** Both states with masked data: `*** (before)` and `*** (after)` where a value changes. */
export function maskSecrets(live: JsonObject | undefined, merged: JsonObject): [JsonObject | undefined, JsonObject] {
  const from = objectAt(live, 'data');
  const to = objectAt(merged, 'data');
  const mask = (own: JsonObject, other: JsonObject | undefined, changed: string): JsonObject =>
    Object.fromEntries(
      Object.entries(own).map(([key, value]): [string, JsonValue] => {
        const differs = other && Object.hasOwn(other, key) && other[key] !== value;
        return [key, differs ? `${masked} (${changed})` : masked];
      }),
    );
  return [
    live && from ? { ...live, data: mask(from, to, 'before') } : live,
    to ? { ...merged, data: mask(to, from, 'after') } : merged,
  ];
}
