// Pruning: drops what a custom resource's schema does not name, and puts keys in Go's order.
//
//   {spec: {b: 1, a: 2, odd: 3}}  ─▶  {spec: {a: 2, b: 1}}   unknown: spec.odd
import { compareText } from '../../api/go-format.ts';
import { DecodeError, decode } from '../../api/schema/decode.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { persisted } from '../persisted.ts';
import {
  asRoot,
  isEmbedded,
  isOpen,
  isPreserving,
  itemsOf,
  metaFields,
  propertyOf,
  type Schema,
  valuesOf,
} from './schema-node.ts';

/** What is left of a value and the paths of what went, sorted: first what no schema names, then of metadata. */
export interface Pruned {
  readonly value: JsonValue;
  readonly unknown: readonly string[];
}

/** Prunes a whole resource (`root`) or a part of one. */
export function prune(value: JsonValue, schema: Schema, { root }: { readonly root: boolean }): Pruned {
  const unknown: Unknown = { own: [], ofMetadata: [] };
  const kept = pruned(value, { schema: root ? asRoot(schema) : schema, path: '' }, unknown);
  return { value: kept, unknown: [...unknown.own.sort(compareText), ...unknown.ofMetadata.sort(compareText)] };
}

/** The value with the keys of all objects sorted. */
export function sorted(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(sorted);
  return isObject(value) ? build(value, sorted) : value;
}

interface Unknown {
  readonly own: string[];
  readonly ofMetadata: string[];
}

interface Place {
  readonly schema: Schema | undefined;
  readonly path: string;
}

function pruned(value: JsonValue, { schema, path }: Place, unknown: Unknown): JsonValue {
  if (schema && isPreserving(schema)) return skipped(value, { schema, path }, unknown);
  if (isList(value)) {
    const items = itemsOf(schema);
    return value.map((item, i) => pruned(item, { schema: items, path: `${path}[${i}]` }, unknown));
  }
  if (!isObject(value)) return value;
  return build(value, (item, key) => {
    const at = join(path, key);
    if (schema && isEmbedded(schema) && metaFields.has(key)) return metaField(item, at, unknown);
    const property = propertyOf(schema, key);
    if (property) return pruned(item, { schema: property, path: at }, unknown);
    if (schema && isOpen(schema)) return pruned(item, { schema: valuesOf(schema), path: at }, unknown);
    if (path !== '' || !metaFields.has(key)) unknown.own.push(at);
    return undefined;
  });
}

/** Inside of what is preserved only fields with a schema of their own are looked at. */
function skipped(value: JsonValue, { schema, path }: Place, unknown: Unknown): JsonValue {
  if (!schema) return sorted(value);
  if (isList(value)) {
    const items = itemsOf(schema);
    return value.map((item, i) => skipped(item, { schema: items, path: `${path}[${i}]` }, unknown));
  }
  if (!isObject(value)) return value;
  return build(value, (item, key) => {
    const at = join(path, key);
    if (isEmbedded(schema) && metaFields.has(key)) return metaField(item, at, unknown);
    const property = propertyOf(schema, key);
    if (property) return pruned(item, { schema: property, path: at }, unknown);
    return isOpen(schema) ? pruned(item, { schema: valuesOf(schema), path: at }, unknown) : sorted(item);
  });
}

/** Metadata has a type of its own, also inside of a resource; what does not fit it is for validation to tell. */
function metaField(item: JsonValue, at: string, unknown: Unknown): JsonValue {
  if (!at.endsWith('.metadata') || !isObject(item)) return sorted(item);
  try {
    const { value, problems } = decode('meta.v1.ObjectMeta', item);
    for (const problem of problems) {
      const field = /^unknown field "(.*)"$/.exec(problem)?.[1];
      if (field !== undefined) unknown.ofMetadata.push(`${at}.${field}`);
    }
    return sorted(persisted('meta.v1.ObjectMeta', value));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return sorted(item);
  }
}

/** A copy with sorted keys, and without those for which nothing is made. */
function build(value: JsonObject, make: (item: JsonValue, key: string) => JsonValue | undefined): JsonObject {
  const entries: [string, JsonValue][] = [];
  for (const key of Object.keys(value).sort(compareText)) {
    const item = value[key];
    const made = item === undefined ? undefined : make(item, key);
    if (made !== undefined) entries.push([key, made]);
  }
  return Object.fromEntries(entries);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
