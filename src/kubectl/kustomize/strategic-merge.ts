// Strategic merge as kustomize does it, which differs from the API server's: lists with a merge key are merged with
// the patch's items first, by all keys that the list has.
//
//   [{name: a, x: 1}, {name: b}]  +  [{name: c}, {name: a, y: 2}]  ─▶  [{name: c}, {name: a, x: 1, y: 2}, {name: b}]
import { definition, definitionName, type Field, type SchemaType } from '../../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { appendItems, findItem, isMap, keyTexts, type MapNode, type Node, setItem } from './keyed-list.ts';
import { KustomizeError } from './kustomize-error.ts';
import { gvkOf } from './resource-id.ts';

/** The patched object; undefined when the patch deletes it. */
export function mergeObject(object: JsonObject, patch: JsonObject): JsonObject | undefined {
  const name = definitionName(gvkOf(object)) ?? definitionName(gvkOf(patch));
  const type: SchemaType | undefined = name === undefined ? undefined : { kind: 'object', definition: name };
  const merged = merge(copy(object), copy(patch), { type, field: undefined, path: [] });
  return isMap(merged) ? merged : undefined;
}

interface Place {
  readonly type: SchemaType | undefined;
  /** The field that holds the value; undefined for items and what the schema does not know. */
  readonly field: Field | undefined;
  readonly path: readonly string[];
}

/** Lists that the schema which kustomize brings along (v1.21) does not merge, or does not know. */
const notMerged = new Set(['resourceClaims', 'schedulingGates']);

function merge(dest: Node | undefined, patch: Node | undefined, place: Place): Node | undefined {
  const leading = dest ?? patch;
  if (leading === null || leading === undefined) return patch === undefined && dest === null ? null : undefined;
  const kind = kindOf(leading);
  for (const one of [dest, patch])
    if (one !== null && one !== undefined && kindOf(one) !== kind)
      throw new KustomizeError(
        `wrong node kind: expected ${kind} but got ${kindOf(one)}: node contents:\n${contents(one)}`,
      );
  if (isMap(leading)) return mergeMap(isMap(dest) ? dest : undefined, patch, place);
  if (!Array.isArray(leading)) return patch === undefined ? dest : (patch ?? undefined);
  const list = Array.isArray(dest) ? dest : undefined;
  const { field } = place;
  if (!field?.patchMerge || notMerged.has(field.name)) return patch === undefined ? dest : (patch ?? undefined);
  return mergeList(list, patch, place, field.mapKeys ?? (field.patchMergeKey ? [field.patchMergeKey] : []));
}

function mergeMap(dest: MapNode | undefined, patch: Node | undefined, place: Place): MapNode | undefined {
  if (patch === null) return undefined;
  const given = isMap(patch) ? patch : undefined;
  const directive = given && takeDirective(given);
  if (directive === 'delete') return undefined;
  const result = dest === undefined || directive === 'replace' ? given : dest;
  if (!result) return undefined;
  const keys = new Set([...Object.keys(result), ...Object.keys(given ?? {})]);
  for (const key of [...keys].sort()) {
    const held = Object.hasOwn(result, key) ? result[key] : undefined;
    const laid = given && Object.hasOwn(given, key) ? given[key] : undefined;
    const value = merge(held, laid, inner(place, key));
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}

function inner({ type, path }: Place, key: string): Place {
  const field = type?.kind === 'object' ? definition(type.definition)?.fields.get(key) : undefined;
  const inMap = type?.kind === 'map' ? type.values : undefined;
  return { field, type: field?.type ?? inMap, path: [...path, key] };
}

function mergeList(
  dest: Node[] | undefined,
  patch: Node | undefined,
  place: Place,
  keys: readonly string[],
): Node[] | undefined {
  if (patch === null) return undefined;
  const given = Array.isArray(patch) ? patch : undefined;
  const directive = given && takeListDirective(given);
  if (directive === 'delete') return undefined;
  const result = dest === undefined || directive === 'replace' ? given : dest;
  if (!result) return undefined;
  return keys.length === 0 ? joinTexts(result, given) : mergeItems(result, given, { place, keys });
}

/** Lists of scalars that are merged: the patch's first, each once. */
function joinTexts(dest: Node[], patch: Node[] = []): Node[] {
  const added: Node[] = [];
  for (const value of [...patch, ...dest]) if (!added.includes(value)) added.push(value);
  return appendItems(added, dest, ['']);
}

function mergeItems(
  list: Node[],
  patch: Node[] | undefined,
  { place, keys }: { readonly place: Place; readonly keys: readonly string[] },
): Node[] {
  let dest = list;
  let added: Node[] = [];
  const all = keyTexts([patch ?? [], list], keys);
  let used: readonly string[] = keys;
  const items = place.field?.type.kind === 'list' ? place.field.type.items : undefined;
  for (const texts of all) {
    const valid = usedKeys(all, texts, keys);
    used = valid.keys;
    const exact = usedKeys([valid.texts], valid.texts, valid.keys);
    const [held, laid] = [dest, patch].map((source) => source && findItem(source, exact.keys, exact.texts));
    const value = merge(held, laid, { type: items, field: undefined, path: place.path });
    if (value === undefined || value === null || (isMap(value) && Object.keys(value).length === 0)) {
      dest = setItem(dest, undefined, valid);
      continue;
    }
    valid.keys.forEach((key, i) => {
      const text = valid.texts[i] ?? '';
      if (isMap(value) && !Object.hasOwn(value, key) && text !== '') value[key] = text;
    });
    added = setItem(added, value, valid);
  }
  return all.length > 0 ? appendItems(added, dest, used) : dest;
}

/** The keys that any item has a value for, and this item's values for them. */
function usedKeys(all: readonly (readonly string[])[], texts: readonly string[], keys: readonly string[]) {
  const used = new Set(all.flatMap((one) => keys.filter((_, i) => (one[i] ?? '') !== '')));
  if (used.size === 0) return { keys, texts };
  return {
    keys: keys.filter((key) => used.has(key)),
    texts: texts.filter((text, i) => text !== '' || used.has(keys[i] ?? '')),
  };
}

type Directive = 'delete' | 'replace' | 'merge';

function takeDirective(patch: MapNode): Directive {
  if (!Object.hasOwn(patch, '$patch')) return 'merge';
  const directive = directiveOf(patch.$patch);
  delete patch.$patch;
  return directive;
}

function takeListDirective(patch: Node[]): Directive {
  const holder = patch.find((item) => isMap(item) && Object.hasOwn(item, '$patch'));
  if (!isMap(holder) || Object.keys(holder).length > 1) return 'merge';
  const directive = directiveOf(holder.$patch);
  patch.splice(0, patch.length, ...patch.filter((item) => !(isMap(item) && item.$patch === directive)));
  return directive;
}

function directiveOf(value: Node | undefined): Directive {
  if (value === 'delete' || value === 'replace' || value === 'merge') return value;
  throw new KustomizeError(`unknown patch strategy '${value}'`);
}

function kindOf(node: Node): string {
  return isMap(node) ? 'MappingNode' : Array.isArray(node) ? 'SequenceNode' : 'ScalarNode';
}

function contents(node: Node): string {
  return isMap(node) || Array.isArray(node) ? `${JSON.stringify(node)}\n` : `${node}\n`;
}

function copy(value: JsonValue): Node {
  if (isList(value)) return value.map(copy);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, copy(held)]));
}
