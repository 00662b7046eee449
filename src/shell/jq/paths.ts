// Reading, writing and deleting at jq paths.
import { isList, isObject, type JsonValue, own } from '../../base/json.ts';
import { JqError } from './ast.ts';
import { typeName } from './values.ts';

export type Path = readonly JsonValue[];
const indexMax = 1_000_000;

function child(value: JsonValue, key: JsonValue): JsonValue {
  if (value === null) return null;
  if (isObject(value) && typeof key === 'string') return own(value, key) ?? null;
  if (isList(value) && typeof key === 'number') return value.at(key) ?? null;
  if (isList(value) && isObject(key))
    return value.slice(Number(key.start ?? 0), typeof key.end === 'number' ? key.end : undefined);
  throw new JqError(`Cannot index ${typeName(value)} with ${typeof key === 'string' ? `"${key}"` : typeName(key)}`);
}

export function getPath(value: JsonValue, path: Path): JsonValue {
  return path.reduce<JsonValue>((current, key) => child(current, key), value);
}

/** The value with another one at the path; undefined deletes what is there. */
export function assignPath(value: JsonValue, path: Path, changed: JsonValue | undefined): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return changed ?? null;
  const inner = rest.length === 0 ? changed : assignPath(child(value, key), rest, changed);
  if (typeof key === 'string' && (value === null || isObject(value))) {
    const entries = new Map(Object.entries(value ?? {}));
    if (inner === undefined) entries.delete(key);
    else entries.set(key, inner);
    return Object.fromEntries(entries);
  }
  if (typeof key === 'number' && (value === null || isList(value))) {
    const items = [...(value ?? [])];
    const at = key < 0 ? items.length + key : key;
    if (at < 0 || at > indexMax) throw new JqError('Out of bounds negative array index');
    if (inner === undefined) items.splice(at, 1);
    else {
      while (items.length < at) items.push(null);
      items[at] = inner;
    }
    return items;
  }
  throw new JqError(`Cannot index ${typeName(value)} with ${typeof key === 'string' ? `"${key}"` : typeName(key)}`);
}
