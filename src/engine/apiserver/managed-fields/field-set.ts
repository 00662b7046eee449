// A set of fields of an object, as a tree. Its JSON is FieldsV1.
//
//   { "f:metadata": { "f:labels": { ".": {}, "f:app": {} } } }     labels itself and the label app
//
// Path elements: `f:NAME`, `k:{"name":"main"}` (an item by its keys), `v:"x"` (an item by its value).
import { compareText } from '../../../api/go-format.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';

export interface FieldSet {
  /** Whether the field at this place belongs to the set, not only fields below it. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

const noChildren: ReadonlyMap<string, FieldSet> = new Map();
export const noFields: FieldSet = { member: false, children: noChildren };
export const leaf: FieldSet = { member: true, children: noChildren };

export function isEmpty({ member, children }: FieldSet): boolean {
  return !member && children.size === 0;
}

export function fieldSet(member: boolean, children: ReadonlyMap<string, FieldSet>): FieldSet {
  if (children.size === 0) return member ? leaf : noFields;
  return { member, children };
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || a === b) return b;
  if (isEmpty(b)) return a;
  const children = new Map(a.children);
  for (const [element, of] of b.children) {
    const known = children.get(element);
    children.set(element, known ? union(known, of) : of);
  }
  return fieldSet(a.member || b.member, children);
}

/** What is in a and not in b. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a;
  const children = new Map<string, FieldSet>();
  for (const [element, of] of a.children) {
    const other = b.children.get(element);
    const rest = other ? difference(of, other) : of;
    if (!isEmpty(rest)) children.set(element, rest);
  }
  return fieldSet(a.member && !b.member, children);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, of] of a.children) {
    const other = b.children.get(element);
    const both = other ? intersection(of, other) : noFields;
    if (!isEmpty(both)) children.set(element, both);
  }
  return fieldSet(a.member && b.member, children);
}

export function fieldsToJson(fields: FieldSet): JsonObject {
  return withElements({}, fields);
}

/** No element is called like something that every object has: each begins with `f:`, `k:` or `v:`. */
function withElements(made: Record<string, JsonObject>, { children }: FieldSet): JsonObject {
  const elements = [...children.keys()];
  if (elements.length > 1) elements.sort(compareText);
  for (const element of elements) {
    const of = children.get(element) ?? noFields;
    made[element] = of.children.size === 0 ? nothing : withElements(of.member ? { '.': nothing } : {}, of);
  }
  return made;
}

const nothing: JsonObject = {};

export function fieldsFromJson(json: JsonValue | undefined): FieldSet {
  if (!isObject(json)) return noFields;
  const children = new Map<string, FieldSet>();
  for (const [element, of] of Object.entries(json)) {
    if (element === '.') continue;
    const below = fieldsFromJson(of);
    children.set(
      element,
      isEmpty(below) || (isObject(of) && Object.hasOwn(of, '.')) ? { ...below, member: true } : below,
    );
  }
  return fieldSet(false, children);
}

/** The members' paths as conflicts show them: `.spec.template.spec.containers[name="main"].image`. */
export function pathsOf({ children }: FieldSet, prefix = ''): readonly string[] {
  const sorted = [...children].sort(([a], [b]) => compareText(a, b));
  return [
    ...sorted.filter(([, of]) => of.member).map(([element]) => prefix + elementText(element)),
    ...sorted.flatMap(([element, of]) => pathsOf(of, prefix + elementText(element))),
  ];
}

export function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (!element.startsWith('k:')) return `[${rest}]`;
  const keys: JsonObject = JSON.parse(rest);
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',')}]`;
}
