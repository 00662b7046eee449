// Values between JSON and CEL: whole numbers are integers in CEL, objects are maps.
//
//   {"replicas": 3}  ─▶  Map {replicas → 3n}          ObjectValue Object.spec {replicas → 3n}  ─▶  {"replicas": 3}

import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import { remember } from '../share.ts';

/** What `Object.spec{…}` makes: an object that knows which part of the resource it is meant for. */
export class ObjectValue {
  constructor(
    readonly type: string,
    readonly fields: ReadonlyMap<string, unknown>,
  ) {}
}

/** A JSON value as expressions see it. */
export function toExpression(value: JsonValue | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  return typeof value === 'object' ? container(value) : value;
}

/** Objects never change: what was converted once is found again. */
const container = remember((value: JsonObject | readonly JsonValue[]): unknown => {
  if (!isObject(value)) return value.map(toExpression);
  return new Map(Object.entries(value).map(([key, item]) => [key, toExpression(item)]));
});

/** What an expression made, as JSON; undefined: it is nothing that JSON knows. */
export function toJson(value: unknown): JsonValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return formatTime(value.getTime());
  if (value instanceof ObjectValue) return entriesToJson(value.fields);
  if (value instanceof Map) return entriesToJson(value);
  if (Array.isArray(value)) return value.map((item) => toJson(item) ?? null);
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return entriesToJson(Object.entries(value));
  return undefined;
}

function entriesToJson(entries: Iterable<readonly [string, unknown]>): JsonObject {
  return Object.fromEntries([...entries].map(([key, value]) => [String(key), toJson(value) ?? null]));
}

/** Where an object is meant for another part than the one it stands at; undefined: it fits. */
export function misplaced(value: ObjectValue): string | undefined {
  for (const [name, field] of value.fields) {
    const expected = `${value.type}.${name}`;
    for (const item of Array.isArray(field) ? field : [field]) {
      if (!(item instanceof ObjectValue)) continue;
      if (item.type !== expected)
        return `unexpected type name "${item.type}", expected "${expected}", which matches field name path from root Object type`;
      const inside = misplaced(item);
      if (inside !== undefined) return inside;
    }
  }
  return undefined;
}
