// `metadata.managedFields` as clients see it.
import { compareText } from '../../../api/go-format.ts';
import { extend } from '../../../base/extend.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { formatTime } from '../../../base/time.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { asJson, asStored } from '../json-edge.ts';
import { fieldsToJson } from './field-set.ts';
import { entriesOf, isKnown, type ManagedEntry, untracked } from './ledger.ts';

const shown = new WeakMap<readonly ManagedEntry[], readonly JsonValue[]>();

/** An answer, or a list's items, with who manages what. */
export function withManagedFields(answer: JsonObject): JsonObject {
  const { items } = answer;
  if (!Array.isArray(items)) return withOwn(answer);
  return { ...answer, items: items.map((item: JsonValue) => (isObject(item) ? withOwn(item) : item)) };
}

/** The objects of a snapshot lose the notes that hang on them: they carry the entries themselves. */
export function withEntries(object: StoredObject): StoredObject {
  return untracked(asStored(withOwn(asJson(object))));
}

function withOwn(object: JsonObject): JsonObject {
  const stored = asStored(object);
  if (!isKnown(stored)) return object;
  const managedFields = managedFieldsOf(entriesOf(stored));
  const metadata = isObject(object.metadata) ? object.metadata : {};
  if (managedFields.length > 0) return { ...object, metadata: extend(metadata, { managedFields }) };
  if (metadata.managedFields === undefined) return object;
  const { managedFields: _, ...others } = metadata;
  return { ...object, metadata: others };
}

export function managedFieldsOf(entries: readonly ManagedEntry[]): readonly JsonValue[] {
  const known = shown.get(entries);
  if (known) return known;
  const made = [...entries].sort(compareEntries).map(entryJson);
  shown.set(entries, made);
  return made;
}

function entryJson({ manager, operation, apiVersion, timeMs, fields, subresource }: ManagedEntry): JsonObject {
  return {
    manager,
    operation,
    apiVersion,
    ...(timeMs !== undefined && { time: formatTime(timeMs) }),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsToJson(fields),
    ...(subresource && { subresource }),
  };
}

function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    seconds(a) - seconds(b) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function seconds({ timeMs = 0 }: ManagedEntry): number {
  return Math.floor(timeMs / 1000);
}
