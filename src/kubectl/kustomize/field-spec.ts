// Fields by path in many objects at once: lists on the way are walked item by item.
//
//   spec/template/spec/containers[]/image    `[]`: only a list will do; never created
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import { type Gvk, gvkFrom, gvkOf, idOf, idText, isSelected } from './resource-id.ts';

export interface FieldSpec extends Gvk {
  readonly path: string;
  /** Made where it is absent. */
  readonly create: boolean;
}

export interface FieldEdit {
  /** What a created field starts as. Without it none is created. */
  readonly initial?: JsonValue;
  /** The field's new value. */
  readonly set: (value: JsonValue) => JsonValue;
}

/** Changes the field in an object of the kind that the field is of. */
export function editField(object: JsonObject, spec: FieldSpec, edit: FieldEdit): JsonObject {
  if (!isSelected(gvkOf(object), spec)) return object;
  const creates = spec.create && edit.initial !== undefined;
  const edited = during(`considering field '${spec.path}' of object ${idText(idOf(object))}`, () =>
    editAt(object, splitPath(spec.path, '/'), { ...edit, creates }),
  );
  return isObject(edited) ? edited : object;
}

export function editFields(object: JsonObject, specs: readonly FieldSpec[], edit: FieldEdit): JsonObject {
  return specs.reduce((held, spec) => editField(held, spec, edit), object);
}

/** Parts of a path; `\/` stands for a slash in a name. */
export function splitPath(path: string, delimiter: string): readonly string[] {
  const parts: string[] = [];
  const pieces = path.split(delimiter);
  if (pieces.length > 1 && pieces[0] === '') pieces.shift();
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (last?.endsWith('\\')) parts[parts.length - 1] = `${last.slice(0, -1)}${delimiter}${piece}`;
    else parts.push(piece);
  }
  return parts;
}

/** A field spec as configurations write it. */
export function fieldSpecFrom(fields: JsonObject): FieldSpec {
  const { path } = fields;
  return { ...gvkFrom(fields), path: typeof path === 'string' ? path : '', create: fields.create === true };
}

/** Adds those that are not there yet. */
export function mergeSpecs(specs: readonly FieldSpec[], more: readonly FieldSpec[]): readonly FieldSpec[] {
  const merged = [...specs];
  for (const one of more) {
    const known = merged.find((held) => isSelected(held, one) && held.path === one.path);
    if (!known) merged.push(one);
    else if (known.create !== one.create) throw new KustomizeError('conflicting fieldspecs');
  }
  return merged;
}

type Edit = FieldEdit & { readonly creates: boolean };

function editAt(value: JsonValue, path: readonly string[], edit: Edit): JsonValue {
  if (path.length === 0) return edit.set(value);
  if (value === null) return value;
  if (isList(value))
    return during(`visit traversal on path: [${path.join(' ')}]`, () => value.map((item) => editAt(item, path, edit)));
  if (!isObject(value)) throw new KustomizeError('expected sequence or mapping node');
  const [written = '', ...rest] = path;
  const inList = written.endsWith('[]');
  const name = inList ? written.slice(0, -2) : written;
  if (name === '') throw new KustomizeError('cannot set or create an empty field name');
  const held = own(value, name);
  const created = edit.creates && !inList ? (rest.length === 0 ? edit.initial : {}) : undefined;
  const inner = held ?? created ?? held;
  if (inner === undefined) return value;
  if (inner === null && inList) return { ...value, [name]: [] };
  const changed = editAt(inner, rest, edit);
  return changed === held ? value : { ...value, [name]: changed };
}
