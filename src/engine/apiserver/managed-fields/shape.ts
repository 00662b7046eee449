// How the fields of a value are owned: as a whole, field by field, or item by item. Read off the schema.
import { isEmpty, zero } from '../../../api/schema/decode.ts';
import { definition, type Field, type SchemaType } from '../../../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';

export type Shape =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'set' }
  /**
   * `isFixed`: the schema declares the field; other entries come and go, as a map's. `unset` is what Go writes for a
   * field that was not given, if anything; `always` names those for which it does.
   */
  | {
      readonly kind: 'fields';
      isFixed(name: string): boolean;
      of(name: string): Shape;
      unset(name: string): JsonValue | undefined;
      readonly always: readonly string[];
      /** Whether Go leaves a field out as empty. */
      omits?(name: string, value: JsonValue): boolean;
    }
  | {
      readonly kind: 'keyed';
      readonly items: Shape;
      readonly keys: readonly (readonly [string, JsonValue | undefined])[];
    }
  /** No schema says: objects by field, everything else whole. */
  | { readonly kind: 'deduced' };

const noEntries: JsonValue = {};
export const whole: Shape = { kind: 'leaf' };
export const deduced: Shape = { kind: 'deduced' };
const structs = new Map<string, Shape>();

/** What a value of that shape really is, once it is known. */
export function resolved(shape: Shape, value: JsonValue | undefined): Exclude<Shape, { kind: 'deduced' }> {
  if (shape.kind !== 'deduced') return shape;
  return isObject(value) ? deducedFields : { kind: 'leaf' };
}

const deducedFields = {
  kind: 'fields',
  isFixed: () => false,
  of: () => deduced,
  unset: () => undefined,
  always: [],
} as const;

/** The path elements of a list's items. */
export function elementOf(shape: Shape, item: JsonValue): string {
  if (shape.kind !== 'keyed') return `v:${JSON.stringify(item)}`;
  const keys = new Map<string, JsonValue>();
  for (const [key, standard] of shape.keys) {
    const value = isObject(item) ? (item[key] ?? standard) : undefined;
    if (value !== undefined) keys.set(key, value);
  }
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

/** A list's items by their path elements. */
export function itemsOf(shape: Shape, value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  const items = new Map<string, JsonValue>();
  if (isList(value)) for (const item of value) items.set(elementOf(shape, item), item);
  return items;
}

/** Of the items whose path elements other items have as well, all of each: they are owned together, as one. */
export function repeatedIn(
  shape: Shape,
  value: JsonValue | undefined,
  items: ReadonlyMap<string, JsonValue>,
): ReadonlyMap<string, readonly JsonValue[]> {
  if (!isList(value) || value.length === items.size) return noneRepeated;
  const lists = new Map<string, JsonValue[]>();
  for (const item of value) {
    const element = elementOf(shape, item);
    lists.set(element, [...(lists.get(element) ?? []), item]);
  }
  for (const [element, list] of lists) if (list.length === 1) lists.delete(element);
  return lists;
}

const noneRepeated: ReadonlyMap<string, readonly JsonValue[]> = new Map();

/** An object's field, or what Go writes in its place. */
export function fieldIn(
  shape: Shape & { kind: 'fields' },
  object: JsonObject | undefined,
  name: string,
): JsonValue | undefined {
  const value = object && Object.hasOwn(object, name) ? object[name] : undefined;
  return value === undefined && object ? shape.unset(name) : value;
}

/** As {@link fieldIn}, of an object that is one of Go's structs: empty fields may not be written at all. */
export function typedFieldIn(
  shape: Shape & { kind: 'fields' },
  object: JsonObject | undefined,
  name: string,
): JsonValue | undefined {
  const value = fieldIn(shape, object, name);
  return value !== undefined && shape.omits?.(name, value) ? undefined : value;
}

/** The shape of a definition's objects. */
export function structOf(name: string): Shape {
  const known = structs.get(name);
  if (known) return known;
  const of = definition(name);
  const shapes = new Map<string, Shape>();
  const made: Shape = {
    kind: 'fields',
    isFixed: () => true,
    always: [...(of?.fields.values() ?? [])].filter(({ always }) => always).map(({ name }) => name),
    of(field) {
      const shape = shapes.get(field);
      if (shape) return shape;
      const rules = of?.fields.get(field);
      const read = rules ? shapeOfType(rules.type, rules) : deduced;
      shapes.set(field, read);
      return read;
    },
    unset(field) {
      const rules = of?.fields.get(field);
      if (!rules) return undefined;
      if (rules.type.kind === 'object' && !rules.pointer) return noEntries;
      if (!rules.always) return undefined;
      return rules.pointer ? null : zero(rules.type);
    },
    omits(field, value) {
      const rules = of?.fields.get(field);
      return rules !== undefined && !rules.always && !rules.pointer && isEmpty(value, rules.type);
    },
  };
  structs.set(name, made);
  return made;
}

export function shapeOfType(type: SchemaType, rules?: Field): Shape {
  switch (type.kind) {
    case 'list': {
      if (rules?.listType === 'set') return { kind: 'set' };
      if (rules?.listType !== 'map') return whole;
      const { items } = type;
      const fields = items.kind === 'object' ? definition(items.definition)?.fields : undefined;
      const keys = [...(rules.mapKeys ?? [])].sort().map((key) => [key, fields?.get(key)?.defaultValue] as const);
      return { kind: 'keyed', items: shapeOfType(items), keys };
    }
    case 'map': {
      if (rules?.atomic) return whole;
      const values = shapeOfType(type.values);
      return { kind: 'fields', isFixed: () => false, of: () => values, unset: () => undefined, always: [] };
    }
    case 'object':
      if (!rules?.granular && (rules?.atomic || definition(type.definition)?.atomic)) return whole;
      return structOf(type.definition);
    default:
      return whole;
  }
}
