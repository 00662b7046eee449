// ValueAddTransformer: one text written into fields of objects, or into a part of the path that a field holds.
import { numberAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { readNode } from './documents.ts';
import { editField } from './field-spec.ts';
import { KustomizeError } from './kustomize-error.ts';
import { scalarText } from './resource.ts';
import { inNamespace, type Transform } from './transformers.ts';

export function valueTransformer(
  object: JsonObject,
  { root, read }: { readonly root: string; readonly read: (path: string) => string },
): Transform {
  const value = textAt(object, 'value').trim() || (root.split('/').at(-1) ?? '');
  const file = textAt(object, 'targetFilePath');
  const inFile = file === '' ? null : readNode(read(file));
  const targets = [...objectsAt(object, 'targets'), ...objectsAt(inFile, 'targets')];
  if (targets.length === 0) throw new KustomizeError('must specify at least one target');
  for (const target of targets) {
    if (textAt(target, 'fieldPath') === '') throw new KustomizeError('fieldPath cannot be empty');
    const position = numberAt(target, 'filePathPosition') ?? 0;
    if (position < 0) throw new KustomizeError(`value of FilePathPosition (${position}) cannot be negative`);
  }
  return (resources) => {
    for (const target of targets) {
      const selector = objectAt(target, 'selector');
      for (const resource of selector ? resources.select(selector) : resources.resources)
        resource.object = withValue(resource.object, target, value);
    }
  };
}

function withValue(object: JsonObject, target: JsonObject, value: string): JsonObject {
  const path = textAt(target, 'fieldPath');
  if (path === 'metadata/namespace') return inNamespace(object, { ns: value, specs: [] });
  const position = numberAt(target, 'filePathPosition') ?? 0;
  const spec = { group: '', version: '', kind: '', path, create: true };
  return editField(object, spec, {
    initial: '',
    set: (held): JsonValue => (position > 0 && !isObject(held) ? inPath(scalarText(held), value, position) : value),
  });
}

/** A further part put into a path, counted from 1. */
function inPath(path: string, value: string, position: number): string {
  const parts = path.split('/').filter(Boolean);
  const at = Math.min(position - 1, parts.length);
  return `${path.startsWith('/') ? '/' : ''}${[...parts.slice(0, at), value, ...parts.slice(at)].join('/')}`;
}
