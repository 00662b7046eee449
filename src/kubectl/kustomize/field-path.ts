// Dotted paths of replacements: names, `[key=value]`, positions in lists and `*`; what is absent can be made.
//
//   spec.template.spec.containers.[name=web].env.0.value      data.example\.com
import { goRegexp } from '../../base/go-regexp.ts';
import { isList, isObject, type JsonValue, own } from '../../base/json.ts';
import { splitPath } from './field-spec.ts';
import type { KustomizeError } from './kustomize-error.ts';
import { scalarText } from './resource.ts';

type Kind = 'map' | 'list' | 'scalar';

export interface PathEdit {
  /** Fields that are absent are made, the last one of this kind. */
  readonly create?: Kind;
  readonly set: (value: JsonValue, created: boolean) => JsonValue;
  readonly failed: (why: string) => KustomizeError;
}

/** Parts of a path; dots in brackets belong to the part. */
export function partsOf(path: string): readonly string[] {
  const split = splitPath(path, '.');
  const parts: string[] = [];
  for (let i = 0; i < split.length; i++) {
    let part = split[i] ?? '';
    if (!part.startsWith('[') || part.endsWith(']')) {
      parts.push(part);
      continue;
    }
    while (i < split.length - 1 && !part.endsWith(']')) part += `.${split[++i]}`;
    parts.push(part.includes('=') ? part : part.replace(/^[[\]]+|[[\]]+$/g, ''));
  }
  return parts;
}

/** The value at a path; `[name=x]` finds an item, a number or `-` counts. */
export function lookup(value: JsonValue, parts: readonly string[]): JsonValue | undefined {
  let here: JsonValue | undefined = value;
  for (const part of parts) {
    if (isList(here)) here = here[itemAt(here, part)];
    else if (isObject(here)) here = own(here, part);
    else return undefined;
    if (here === undefined || here === null) return here;
  }
  return here;
}

/** Changes the values at a path, all that it fits. */
export function editPath(value: JsonValue, parts: readonly string[], edit: PathEdit, created = false): JsonValue {
  const [part, ...rest] = parts;
  if (part === undefined) return edit.set(value, created);
  if (/^\d+$/.test(part)) return editPosition(value, Number(part), rest, edit);
  if (isItemTest(part)) return editItems(value, part, rest, edit);
  if (part === '*') {
    if (!isList(value)) throw edit.failed(wrongKind('SequenceNode', value));
    return value.map((item) => editPath(item, rest, edit));
  }
  if (value === null) return value;
  if (!isObject(value)) throw edit.failed(wrongKind('MappingNode', value));
  const held = own(value, part);
  if (held === undefined && !edit.create) return value;
  const inner = held ?? (held === null ? null : made(rest[0], edit.create ?? 'map'));
  return { ...value, [part]: editPath(inner, rest, edit, held === undefined) };
}

function editPosition(value: JsonValue, index: number, rest: readonly string[], edit: PathEdit): JsonValue {
  if (!isList(value)) throw edit.failed(wrongKind('SequenceNode', value));
  const isNew = value.length === index && edit.create !== undefined;
  const list = isNew ? [...value, made(rest[0], edit.create ?? 'map')] : value;
  if (list.length <= index) throw edit.failed(`index ${index} specified but only ${value.length} elements found`);
  return list.map((item, i) => (i === index ? editPath(item, rest, edit, isNew) : item));
}

/** `[name=pattern]`, or `[=pattern]` for lists of scalars. */
function editItems(value: JsonValue, part: string, rest: readonly string[], edit: PathEdit): JsonValue {
  if (!isList(value)) throw edit.failed(wrongKind('SequenceNode', value));
  const [, field = '', pattern = ''] = /^\[(.*?)=(.*)\]$/s.exec(part) ?? [];
  const regexp = goRegexp(pattern);
  const fits = (item: JsonValue) => {
    if (field === '') return regexp.test(scalarText(item));
    const held = isObject(item) ? own(item, field) : undefined;
    return held !== undefined && regexp.test(scalarText(held));
  };
  const isNew = edit.create !== undefined && !value.some(fits);
  const list = isNew ? [...value, field === '' ? pattern : { [field]: pattern }] : value;
  return list.map((item) => (fits(item) ? editPath(item, rest, edit) : item));
}

/** What a new field starts as: what the next part needs. */
function made(next: string | undefined, last: Kind): JsonValue {
  if (next === undefined) return last === 'map' ? {} : last === 'list' ? [] : '';
  return isItemTest(next) || /^\d+$/.test(next) || next === '*' ? [] : {};
}

function isItemTest(part: string): boolean {
  return part.startsWith('[') && part.endsWith(']') && part.includes('=');
}

function wrongKind(wanted: string, value: JsonValue): string {
  const kind = isObject(value) ? 'MappingNode' : isList(value) ? 'SequenceNode' : 'ScalarNode';
  const contents = isObject(value) || isList(value) ? JSON.stringify(value) : scalarText(value);
  return `wrong node kind: expected ${wanted} but got ${kind}: node contents:\n${contents}\n`;
}

function itemAt(list: readonly JsonValue[], part: string): number {
  if (part === '-') return list.length - 1;
  if (/^\d+$/.test(part)) return Number(part);
  const [, field = '', wanted = ''] = /^\[(.*?)=(.*)\]$/s.exec(part) ?? [];
  return list.findIndex((item) =>
    field === '' ? scalarText(item) === wanted : isObject(item) && scalarText(own(item, field) ?? null) === wanted,
  );
}
