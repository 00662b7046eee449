// The patches that kubectl sends: by the schema of the object's kind where lists are merged item by item.
//
//   last applied   {a: 1, b: 2}
//   manifest       {a: 5}           patch: {a: 5, b: null}; c is left alone: nobody who applies has ever named it
//   live           {a: 1, b: 2, c: 3}
import { createMergePatch, createThreeWayMergePatch } from '../../api/patch/merge-patch.ts';
import { PatchError } from '../../api/patch/patch-error.ts';
import { createStrategicPatch, createThreeWayStrategicPatch } from '../../api/patch/strategic-diff.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { CommandError } from '../errors.ts';

export interface Versions {
  readonly original: JsonObject | undefined;
  readonly modified: JsonObject;
  readonly current: JsonObject;
}

/** How lists are patched: item by item with merge keys, or as a whole. */
export type PatchStyle = 'strategic' | 'merge';

/** A strategic merge patch or a JSON merge patch; `{}` when nothing is to be done. */
export function threeWayPatch(
  versions: Versions,
  style: PatchStyle,
  options: { readonly overwrite: boolean } = { overwrite: true },
): JsonObject {
  const definition = definitionOf(versions.modified, style);
  return told(() =>
    definition === undefined
      ? createThreeWayMergePatch(versions.original, versions.modified, versions.current)
      : createThreeWayStrategicPatch(versions, definition, options),
  );
}

/** The patch from one state of an object to another. */
export function twoWayPatch(before: JsonObject, after: JsonObject, style: PatchStyle): JsonObject {
  const definition = definitionOf(after, style);
  return told(() =>
    definition === undefined ? createMergePatch(before, after) : createStrategicPatch(before, after, definition),
  );
}

function definitionOf(object: JsonObject, style: PatchStyle): string | undefined {
  if (style === 'merge') return undefined;
  const [group, version] = `/${textAt(object, 'apiVersion')}`.split('/').slice(-2);
  return definitionName({ group: group ?? '', version: version ?? '', kind: textAt(object, 'kind') });
}

function told(make: () => JsonObject): JsonObject {
  try {
    return make();
  } catch (error) {
    if (error instanceof PatchError) throw new CommandError(error.message);
    throw error;
  }
}
