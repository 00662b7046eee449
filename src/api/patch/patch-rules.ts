// How strategic merge treats a field: what the schema says of it, and the directives that patches may hold.

import { goText } from '../../base/go/format.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonValue } from '../../base/json.ts';
import { isList, isObject, own } from '../../base/json.ts';
import { definition, type SchemaType } from '../schema/schema.ts';
import { PatchError } from './patch-error.ts';

/** The key that makes an object a directive: `$patch: delete`, `replace` or `merge`. */
export const directive = '$patch';
/** Names the only fields that stay. */
export const retainKeysDirective = '$retainKeys';
/** With a list's name: scalars to remove from it. */
export const deletePrefix = '$deleteFromPrimitiveList/';
/** With a list's name: the order of its items. */
export const orderPrefix = '$setElementOrder/';

/** How the patch of one field is applied. */
export interface PatchRules {
  /** The type of the field, or of the items when it is a list. */
  readonly type: SchemaType;
  readonly merge: boolean;
  readonly mergeKey: string | undefined;
  readonly retainKeys: boolean;
  readonly replace: boolean;
}

const anything: SchemaType = { kind: 'any' };

/** The rules of a field of an object of that type. Throws {@link PatchError} for a field that the type lacks. */
export function rulesOf(type: SchemaType, name: string): PatchRules {
  if (type.kind === 'object') {
    const field = definition(type.definition)?.fields.get(name);
    if (!field) {
      const struct = type.definition.slice(type.definition.lastIndexOf('.') + 1);
      throw new PatchError(`unable to find api field in struct ${struct} for the json field ${quote(name)}`);
    }
    return {
      type: field.type.kind === 'list' ? field.type.items : field.type,
      merge: field.patchMerge ?? false,
      mergeKey: field.patchMergeKey,
      retainKeys: field.retainKeys ?? false,
      replace: field.patchReplace ?? false,
    };
  }
  const inner = type.kind === 'map' ? type.values : anything;
  const unwrapped = inner.kind === 'list' ? inner.items : inner;
  return { type: unwrapped, merge: false, mergeKey: undefined, retainKeys: false, replace: false };
}

/** What tells an item of a list from the others. */
export function mergeKeyOf(item: JsonValue, mergeKey: string): JsonValue {
  const key = isObject(item) ? own(item, mergeKey) : undefined;
  if (key === undefined) throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
  return key;
}

/** What the items of lists are; lists of lists and mixed lists cannot be merged. */
export function elementKind(...lists: readonly (readonly JsonValue[])[]): 'object' | 'scalar' {
  let first: string | undefined;
  for (const list of lists)
    for (const item of list) {
      if (isList(item)) throw new PatchError('lists of lists are not supported', 422);
      const kind = item === null ? 'null' : typeof item;
      first ??= kind;
      if (kind !== first) throw new PatchError(`list element types are not identical: ${goText(lists)}`);
    }
  if (first === undefined) throw new PatchError('no elements in any of the given slices');
  return first === 'object' ? 'object' : 'scalar';
}
