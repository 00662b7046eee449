// Lists whose items are told apart by keys: finding, setting and joining as kustomize does.
import { isObject } from '../../base/json.ts';
import { KustomizeError } from './kustomize-error.ts';

/** Copies of what is merged, changed in place as upstream's nodes are. */
export type Node = null | boolean | number | string | Node[] | MapNode;
export type MapNode = { [key: string]: Node };

export function isMap(node: Node | undefined): node is MapNode {
  return isObject(node);
}

export interface ItemKeys {
  readonly keys: readonly string[];
  readonly texts: readonly string[];
}

/** The values of the keys in every item of the lists, each once; what only some items leave open is filled in. */
export function keyTexts(lists: readonly Node[][], keys: readonly string[]): readonly (readonly string[])[] {
  const all: (readonly string[])[] = [];
  for (const item of lists.flat()) {
    const texts = keys.map((key) => (isMap(item) && Object.hasOwn(item, key) ? text(item[key]) : ''));
    if (!all.some((known) => known.every((one, i) => one === texts[i]))) all.push(texts);
  }
  if (keys.length < 2) return all;
  for (let i = 0; i < all.length; i++)
    for (let j = 0; j < all.length; j++) {
      const joined = join(all[i] ?? [], all[j] ?? []);
      if (joined) all[i] = all[j] = joined;
    }
  return all;
}

function join(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  if (a.some((one, i) => one !== b[i] && one !== '' && b[i] !== '')) return undefined;
  if (!a.some((one, i) => one === b[i])) return undefined;
  return a.map((one, i) => one || (b[i] ?? ''));
}

/** The first item with these values. */
export function findItem(list: readonly Node[], keys: readonly string[], texts: readonly string[]): Node | undefined {
  return list.find((item) => isMap(item) && keys.every((key, i) => fieldIs(item, key, texts[i] ?? '')));
}

/** The list with the item of these keys replaced, added, or, without an item, taken away. */
export function setItem(list: readonly Node[], item: Node | undefined, { keys, texts }: ItemKeys): Node[] {
  const result: Node[] = [];
  let found = false;
  const ofMaps = (keys[0] ?? '') !== '' && (texts[0] ?? '') !== '';
  for (const held of list) {
    if (held === null || (isMap(held) && Object.keys(held).length === 0)) continue;
    if (!isMap(held) && ofMaps) {
      result.push(held);
      continue;
    }
    if (!texts.length || !keys.every((key, i) => i >= texts.length || fieldIs(held, key, texts[i] ?? ''))) {
      if (texts.length > 0) result.push(held);
      continue;
    }
    found = true;
    if (item !== undefined) result.push(item);
  }
  if (!found && item !== undefined) result.push(item);
  return result;
}

/** The items of the second list set in the first. */
export function appendItems(list: readonly Node[], more: readonly Node[], keys: readonly string[]): Node[] {
  let result = [...list];
  for (const item of more) {
    if (keys[0] === '') {
      result = setItem(result, item, { keys: [''], texts: [text(item)] });
      continue;
    }
    if (!isMap(item))
      throw new KustomizeError(
        `wrong node kind: expected MappingNode but got ScalarNode: node contents:\n${text(item)}\n`,
      );
    const texts: string[] = [];
    for (const key of keys) {
      if (Object.hasOwn(item, key)) texts.push(text(item[key]));
      else result.push(item);
    }
    if (keys.length > 1) result = setItem(result, undefined, { keys, texts });
    result = setItem(result, item, { keys, texts });
  }
  return result;
}

/** Whether a field has this value; any value will do for ''. */
function fieldIs(item: Node, key: string, wanted: string): boolean {
  if (key === '') return text(item) === wanted;
  if (!isMap(item) || !Object.hasOwn(item, key)) return false;
  return wanted === '' || text(item[key]) === wanted;
}

function text(node: Node | undefined): string {
  return node === null || node === undefined || typeof node === 'object' ? '' : `${node}`;
}
