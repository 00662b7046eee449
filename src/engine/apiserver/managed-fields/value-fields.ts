// Which fields a value has, and which differ between two.
import { isNone } from '../../../api/alike.ts';
import { equal, isList, isObject, type JsonValue, own } from '../../../base/json.ts';
import { type FieldSet, fieldSet, isEmpty, leaf, noFields } from './field-set.ts';
import { fieldIn, itemsOf, repeatedIn, resolved, type Shape, typedFieldIn } from './shape.ts';

/** The fields that a configuration sets. */
export function fieldsOf(value: JsonValue, given: Shape): FieldSet {
  const shape = resolved(given, value);
  if (shape.kind === 'leaf') return leaf;
  const children = new Map<string, FieldSet>();
  if (shape.kind === 'fields') {
    if (!isObject(value)) return leaf;
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const below = fieldsOf(field, shape.of(name));
      const itself = !shape.isFixed(name) || field === null || (isObject(field) && Object.keys(field).length === 0);
      if (itself || !isEmpty(below)) children.set(`f:${name}`, itself ? { ...below, member: true } : below);
    }
    return fieldSet(false, children);
  }
  if (!isList(value)) return leaf;
  const items = itemsOf(shape, value);
  const repeated = repeatedIn(shape, value, items);
  for (const [element, item] of items) {
    const alone = shape.kind === 'keyed' && !repeated.has(element);
    children.set(element, alone ? { ...fieldsOf(item, shape.items), member: true } : leaf);
  }
  return fieldSet(false, children);
}

/** `written`: added or modified. */
export interface FieldChanges {
  readonly written: FieldSet;
  readonly removed: FieldSet;
}

const unchanged: FieldChanges = { written: noFields, removed: noFields };

/** How values are read: as they are, or as Go's structs, of which empty fields may not be written at all. */
export interface Reading {
  field: typeof fieldIn;
  same(a: JsonValue, b: JsonValue): boolean;
}

const asTheyAre: Reading = { field: fieldIn, same: equal };
export const asStructs: Reading = { field: typedFieldIn, same: sameStructs };

/** What happened from one value to another; undefined: there was or is none. */
export function compareFields(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  given: Shape,
  reading = asTheyAre,
): FieldChanges {
  if (before === after) return unchanged;
  const shape = resolved(given, after ?? before);
  if (given.kind === 'deduced' && isChanged(before, after)) return compareKinds(before, after, given);
  if (shape.kind === 'leaf' || (isBlank(before, shape) && isBlank(after, shape)))
    return compareWhole(before, after, reading);
  const written = new Map<string, FieldSet>();
  const removed = new Map<string, FieldSet>();
  const note = (element: string, changes: FieldChanges): void => {
    if (!isEmpty(changes.written)) written.set(element, changes.written);
    if (!isEmpty(changes.removed)) removed.set(element, changes.removed);
  };
  if (shape.kind === 'fields') {
    if ((!isObject(before) && !isBlank(before, shape)) || (!isObject(after) && !isBlank(after, shape)))
      return compareWhole(before, after, reading);
    const old = isObject(before) ? before : undefined;
    const now = isObject(after) ? after : undefined;
    const always = old && now ? [] : shape.always;
    for (const name of new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {}), ...always]))
      note(
        `f:${name}`,
        compareFields(reading.field(shape, old, name), reading.field(shape, now, name), shape.of(name), reading),
      );
  } else {
    const old = itemsOf(shape, before);
    const now = itemsOf(shape, after);
    const oldRepeated = repeatedIn(shape, before, old);
    const nowRepeated = repeatedIn(shape, after, now);
    const items: Shape = shape.kind === 'keyed' ? shape.items : { kind: 'leaf' };
    for (const element of new Set([...old.keys(), ...now.keys()])) {
      const [were, are] = [oldRepeated.get(element), nowRepeated.get(element)];
      const [was, is] = [were ? undefined : old.get(element), are ? undefined : now.get(element)];
      const changes = were && are ? unchanged : compareFields(was, is, items, reading);
      note(element, were || are ? withRepeated(changes, were, are) : changes);
    }
  }
  return { written: fieldSet(before === undefined, written), removed: fieldSet(after === undefined, removed) };
}

type Items = readonly JsonValue[] | undefined;

/** Together with what becomes of an item that is, or was, there more than once. */
function withRepeated({ written, removed }: FieldChanges, were: Items, are: Items): FieldChanges {
  if (were && are) return equal(were, are) ? unchanged : { written: leaf, removed };
  return were ? { written, removed: { ...removed, member: true } } : { written: { ...written, member: true }, removed };
}

/** Whether something of which nothing is known became something else altogether. */
function isChanged(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  return before !== undefined && after !== undefined && isObject(before) !== isObject(after);
}

/** Fields of the one go, those of the other come. */
function compareKinds(
  before: JsonValue = null,
  after: JsonValue = null,
  shape: Shape = { kind: 'leaf' },
): FieldChanges {
  const written = { ...fieldsOf(after, shape), member: true };
  return { written, removed: { ...fieldsOf(before, shape), member: false } };
}

function compareWhole(before: JsonValue | undefined, after: JsonValue | undefined, { same }: Reading): FieldChanges {
  if (before === after || (before !== undefined && after !== undefined && same(before, after))) return unchanged;
  return after === undefined ? { written: noFields, removed: leaf } : { written: leaf, removed: noFields };
}

/** Structs are compared field by field, without those that are empty; the lists in them to the last detail. */
function sameStructs(a: JsonValue, b: JsonValue): boolean {
  if (!isObject(a) || !isObject(b)) return equal(a, b);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => {
    const [one, other] = [own(a, key), own(b, key)];
    if (one === undefined || other === undefined) return isNone(one) && isNone(other);
    return sameStructs(one, other);
  });
}

function isBlank(value: JsonValue | undefined, shape: Shape): boolean {
  if (value === undefined || value === null) return true;
  if (isList(value)) return value.length === 0;
  if (shape.kind === 'fields' && shape.always.length > 0) return false;
  return isObject(value) && Object.keys(value).length === 0;
}
