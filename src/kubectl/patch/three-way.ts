// The patch that brings a live object to what a manifest says, removing what the manifest before had and this one has not.
//
//   last applied   {a: 1, b: 2}
//   manifest       {a: 5}           patch: {a: 5, b: null}; c is left alone: nobody who applies has ever named it
//   live           {a: 1, b: 2, c: 3}
import { equal, isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { isPrimitiveSet, keepsOnlyNamedKeys, mergeKeyOf } from './merge-keys.ts';

export interface Versions {
  readonly original: JsonObject | undefined;
  readonly modified: JsonObject;
  readonly current: JsonObject;
}

/** How lists are patched: item by item with merge keys, or as a whole. */
export type PatchStyle = 'strategic' | 'merge';

/** A strategic merge patch or a JSON merge patch; `{}` when nothing is to be done. */
export function threeWayPatch({ original, modified, current }: Versions, style: PatchStyle): JsonObject {
  return objectPatch({ original, modified, current }, style, []);
}

/** The patch from one state of an object to another. */
export function twoWayPatch(before: JsonObject, after: JsonObject, style: PatchStyle): JsonObject {
  return threeWayPatch({ original: before, modified: after, current: before }, style);
}

function objectPatch(
  { original, modified, current }: Versions,
  style: PatchStyle,
  path: readonly string[],
): JsonObject {
  const patch: Record<string, JsonValue> = {};
  for (const key of Object.keys(modified)) {
    const [wanted, live] = [own(modified, key), own(current, key)];
    if (wanted === undefined) continue;
    const before = original ? own(original, key) : undefined;
    const here = [...path, key];
    if (isObject(wanted) && isObject(live)) {
      const versions = { original: isObject(before) ? before : undefined, modified: wanted, current: live };
      const inner = objectPatch(versions, style, here);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (style === 'strategic' && isList(wanted) && (isList(live) || isList(before))) {
      Object.assign(patch, listPatch({ key, before, wanted, live: isList(live) ? live : [] }, here));
    } else if (!equal(wanted, live)) patch[key] = wanted;
  }
  for (const key of Object.keys(original ?? {})) {
    if (own(modified, key) === undefined) patch[key] = null;
  }
  const changed = Object.keys(patch).length > 0;
  if (changed && style === 'strategic' && keepsOnlyNamedKeys(path)) patch.$retainKeys = Object.keys(modified).sort();
  return patch;
}

interface ListVersions {
  readonly key: string;
  readonly before: JsonValue | undefined;
  readonly wanted: readonly JsonValue[];
  readonly live: readonly JsonValue[];
}

/** The entries that a list adds to the patch of the object it is in. */
function listPatch({ key, before, wanted, live }: ListVersions, path: readonly string[]): JsonObject {
  const earlier = isList(before) ? before : [];
  if (isPrimitiveSet(path)) return primitivePatch({ key, before: earlier, wanted, live });
  const mergeKey = mergeKeyOf(path);
  if (mergeKey === undefined) return equal(wanted, live) ? {} : { [key]: wanted };
  const identity = (item: JsonObject) => JSON.stringify(own(item, mergeKey));
  // Of items with the same key the first counts.
  const index = (items: readonly JsonValue[]) => {
    const found = new Map<string, JsonObject>();
    for (const item of items) if (isObject(item) && !found.has(identity(item))) found.set(identity(item), item);
    return found;
  };
  const [old, present, next] = [index(earlier), index(live), index(wanted)];
  const items: JsonObject[] = [];
  for (const [id, item] of next) {
    const known = present.get(id);
    if (!known) {
      items.push(item);
      continue;
    }
    const inner = objectPatch({ original: old.get(id), modified: item, current: known }, 'strategic', [...path, '*']);
    if (Object.keys(inner).length > 0) items.push({ ...inner, [mergeKey]: own(item, mergeKey) ?? null });
  }
  for (const [id, item] of old) {
    if (!next.has(id)) items.push({ $patch: 'delete', [mergeKey]: own(item, mergeKey) ?? null });
  }
  if (items.length === 0) return {};
  const order = [...next.values()].map((item) => ({ [mergeKey]: own(item, mergeKey) ?? null }));
  return { [`$setElementOrder/${key}`]: order, [key]: items };
}

/** Lists of texts that many may add to (finalizers). */
function primitivePatch({ key, before, wanted, live }: ListVersions): JsonObject {
  const added = wanted.filter((item) => !live.includes(item));
  const removed = (isList(before) ? before : []).filter((item) => !wanted.includes(item));
  if (added.length === 0 && removed.length === 0) return {};
  return {
    [`$setElementOrder/${key}`]: wanted,
    ...(added.length > 0 ? { [key]: added } : {}),
    ...(removed.length > 0 ? { [`$deleteFromPrimitiveList/${key}`]: removed } : {}),
  };
}
