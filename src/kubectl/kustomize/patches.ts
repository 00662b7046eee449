// Patches of a build: strategic ones and lists of JSON patch operations, for the objects that they name.
import { applyJsonPatch } from '../../api/patch/json-patch.ts';
import { PatchError } from '../../api/patch/patch-error.ts';
import { parseYaml } from '../../api/yaml.ts';
import { flagAt, objectAt, textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { formatYaml } from '../print/yaml.ts';
import { readResources } from './documents.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import { Resource, withMetadata } from './resource.ts';
import { idText } from './resource-id.ts';
import type { ResourceMap } from './resource-map.ts';
import { mergeObject } from './strategic-merge.ts';

type Read = (path: string) => string;
type Transform = (resources: ResourceMap) => void;

/** An entry of `patches`: either kind. `shown` is what errors show of it. */
export function patchTransformer(entry: JsonObject, read: Read, shown = entry): Transform {
  const [given, path] = [textAt(entry, 'patch').trim(), textAt(entry, 'path')];
  if (given === '' && path === '')
    throw new KustomizeError(`must specify one of patch and path in\n${formatYaml(shown)}`);
  if (given !== '' && path !== '')
    throw new KustomizeError(`patch and path can't be set at the same time\n${formatYaml(shown)}`);
  const text = given || during(`failed to get the patch file from path(${path})`, () => read(path));
  const source = given === '' ? `[path: ${JSON.stringify(path)}]` : `[patch: ${JSON.stringify(given)}]`;
  const target = objectAt(entry, 'target');
  const strategic = attempt(() => readResources(text));
  const operations = attempt(() => jsonOperations(text));
  if (strategic?.length && operations?.length)
    throw new KustomizeError(`illegally qualifies as both an SM and JSON patch: ${source}`);
  if (!strategic && !operations) throw new KustomizeError(`unable to parse SM or JSON patch from ${source}`);
  if (!strategic) return (resources) => applyOperations(resources, operations ?? [], { target, source });
  const patches = strategic.map((object) => strategicPatch(object, objectAt(entry, 'options')));
  return (resources) => applyStrategic(resources, patches, { target, source });
}

/** The list of `patchesStrategicMerge`: each a text or a file. */
export function strategicTransformer(paths: readonly string[], inline: string, read: Read): Transform {
  if (paths.length === 0 && inline === '') throw new KustomizeError('empty file path and empty patch content');
  const objects = paths.flatMap((path) => attempt(() => readResources(path)) ?? readResources(read(path)));
  const patches = [...objects, ...(inline === '' ? [] : readResources(inline))].map((object) => strategicPatch(object));
  if (patches.length === 0)
    throw new KustomizeError(`patch appears to be empty; files=[${paths.join(' ')}], Patch=${inline}`);
  return (resources) => {
    for (const patch of patches) patchAll(resources, [resources.byId(patch.originalId)], patch);
  };
}

/** An entry of `patchesJson6902`. */
export function operationsTransformer(
  entry: { readonly target: JsonObject | undefined; readonly path: string; readonly text: string },
  read: Read,
): Transform {
  const { target, path } = entry;
  if (textAt(target, 'name') === '') throw new KustomizeError('must specify the target name');
  if (path === '' && entry.text === '') throw new KustomizeError('empty file path and empty jsonOp');
  if (path !== '' && entry.text !== '') throw new KustomizeError('must specify a file path or jsonOp, not both');
  const text = path === '' ? entry.text : read(path);
  if (text === '') throw new KustomizeError(`patch file '${path}' empty seems to be empty`);
  const operations = during(`decoding ${jsonText(text)}`, () => jsonOperations(text));
  if (operations.length === 0)
    throw new KustomizeError(`patch appears to be empty; file=${path}, JsonOp=${jsonText(text)}`);
  return (resources) => {
    for (const resource of resources.select(target ?? {})) resource.object = operated(resource.object, operations);
  };
}

function strategicPatch(object: JsonObject, options?: JsonObject): Resource {
  const patch = new Resource(object);
  patch.allowsNameChange = flagAt(options, 'allowNameChange');
  patch.allowsKindChange = flagAt(options, 'allowKindChange');
  return patch;
}

interface Target {
  readonly target: JsonObject | undefined;
  readonly source: string;
}

function applyStrategic(resources: ResourceMap, patches: readonly Resource[], { target, source }: Target): void {
  const [first] = patches;
  if (target) {
    if (patches.length > 1)
      throw new KustomizeError(
        `Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`,
      );
    if (first) patchAll(resources, resources.select(target), first);
    return;
  }
  for (const patch of patches) {
    const found = during(`no resource matches strategic merge patch ${JSON.stringify(idText(patch.originalId))}`, () =>
      resources.byId(patch.originalId),
    );
    patchOne(found, patch);
  }
}

/** With a target the patch's own names do not matter, and its kind counts only where it may be changed. */
function patchAll(resources: ResourceMap, targets: readonly Resource[], patch: Resource): void {
  for (const target of targets) {
    const { apiVersion } = target.object;
    const named = { ...patch.object, ...(apiVersion === undefined ? {} : { apiVersion }) };
    const aimed = new Resource(named);
    aimed.allowsNameChange = patch.allowsNameChange;
    aimed.allowsKindChange = patch.allowsKindChange;
    patchOne(target, aimed);
  }
  const left = resources.resources.filter(({ object }) => Object.keys(object).length > 0);
  resources.replaceAll(left);
}

function patchOne(resource: Resource, patch: Resource): void {
  const { name, ns, kind } = resource.id;
  if (patch.allowsNameChange || patch.allowsKindChange) resource.rememberId();
  const merged = mergeObject(resource.object, patch.object);
  if (!merged) {
    resource.object = {};
    return;
  }
  const kept = patch.allowsKindChange ? merged : { ...merged, kind };
  resource.object = withMetadata(kept, { ...(patch.allowsNameChange ? {} : { name }), namespace: ns });
}

function applyOperations(resources: ResourceMap, operations: readonly JsonValue[], { target, source }: Target): void {
  if (!target) throw new KustomizeError(`must specify a target for JSON patch ${source}`);
  for (const resource of resources.select(target)) {
    resource.rememberId();
    resource.object = operated(withAnnotations(resource.object), operations);
  }
}

/** Upstream keeps its notes as annotations, so that a patch always finds some. */
function withAnnotations(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata') ?? {};
  return objectAt(metadata, 'annotations') ? object : { ...object, metadata: { ...metadata, annotations: {} } };
}

function operated(object: JsonObject, operations: readonly JsonValue[]): JsonObject {
  try {
    const patched = applyJsonPatch(object, operations);
    return isObject(patched) ? patched : object;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new KustomizeError(error.message);
  }
}

/** The operations of a text, JSON or YAML. Throws when it is no list of objects. */
function jsonOperations(text: string): readonly JsonValue[] {
  if (text === '') throw new KustomizeError('empty json patch operations');
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) throw new KustomizeError(problem);
  if (value === null || value === undefined) return [];
  if (!isList(value) || !value.every(isObject))
    throw new KustomizeError(
      `json: cannot unmarshal ${isObject(value) ? 'object' : typeof value} into Go value of type jsonpatch.Patch`,
    );
  return value;
}

function jsonText(text: string): string {
  return text.startsWith('[') ? text : JSON.stringify(parseYaml(text).value ?? null);
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof KustomizeError) return undefined;
    throw error;
  }
}
