// Patches of a kustomization: strategic ones and lists of JSON patch operations, for the objects that they name.
import { applyJsonPatch } from '../../api/patch/json-patch.ts';
import { PatchError } from '../../api/patch/patch-error.ts';
import { parseSelector } from '../../api/selectors.ts';
import { parseYaml } from '../../api/yaml.ts';
import { entriesAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { strategicMerge } from '../patch/strategic.ts';
import { namesOf } from '../resource/info.ts';

export function applyPatches(
  objects: readonly JsonObject[],
  settings: JsonObject,
  read: (path: string) => string,
): readonly JsonObject[] {
  const entries = [
    ...objectsAt(settings, 'patches'),
    ...objectsAt(settings, 'patchesJson6902'),
    ...textsAt(settings, 'patchesStrategicMerge').map((text) =>
      text.includes('\n') ? { patch: text } : { path: text },
    ),
  ];
  return entries.reduce((all, entry) => applyPatch(all, entry, read), objects);
}

function applyPatch(
  objects: readonly JsonObject[],
  entry: JsonObject,
  read: (path: string) => string,
): readonly JsonObject[] {
  const text = textAt(entry, 'patch') || read(textAt(entry, 'path'));
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) throw new CommandError(`unable to parse SM or JSON patch from [${text}]`);
  const target = objectAt(entry, 'target');
  if (isList(value)) {
    if (!target) throw new CommandError('must specify a target for JSON patch');
    return objects.map((one) => (selects(target, one) ? jsonPatched(one, value) : one));
  }
  if (!isObject(value)) throw new CommandError(`unable to parse SM or JSON patch from [${text}]`);
  const patch = value;
  const wanted = target ?? { kind: textAt(patch, 'kind'), name: textAt(patch, 'metadata.name') };
  if (!objects.some((one) => selects(wanted, one))) {
    if (target) return objects;
    throw new CommandError(`no resource matches strategic merge patch "${namesOf(patch).kind}.${namesOf(patch).name}"`);
  }
  return objects.flatMap((one) => {
    if (!selects(wanted, one)) return [one];
    if (patch.$patch === 'delete') return [];
    const { name, ns } = namesOf(one);
    const merged = strategicMerge(one, patch);
    return [
      { ...merged, metadata: { ...objectAt(merged, 'metadata'), name, ...(ns === '' ? {} : { namespace: ns }) } },
    ];
  });
}

/** Kinds and names are regular expressions for the whole word. */
function selects(target: JsonObject, object: JsonObject): boolean {
  const { kind, name, ns } = namesOf(object);
  const fits = (field: string, value: string) => {
    const pattern = textAt(target, field);
    return pattern === '' || new RegExp(`^(?:${pattern})$`).test(value);
  };
  const labels = parseSelector(textAt(target, 'labelSelector'));
  const held = Object.fromEntries(entriesAt(object, 'metadata.labels'));
  return fits('kind', kind) && fits('name', name) && fits('namespace', ns) && labels.matches(held);
}

function jsonPatched(object: JsonObject, patch: Parameters<typeof applyJsonPatch>[1]): JsonObject {
  try {
    const patched = applyJsonPatch(object, patch);
    return isObject(patched) ? patched : object;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new CommandError(error.message);
  }
}
