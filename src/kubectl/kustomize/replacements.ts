// Replacements: a field of one object copied into fields of others.
import { parseYaml } from '../../api/yaml.ts';
import { numberAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { formatJson } from '../print/json.ts';
import { formatYaml } from '../print/yaml.ts';
import { readNode } from './documents.ts';
import { editPath, lookup, partsOf } from './field-path.ts';
import { KustomizeError } from './kustomize-error.ts';
import type { Resource } from './resource.ts';
import { scalarText } from './resource.ts';
import { effectiveNamespace, gvkFrom, idText, isSelected, type ResourceId } from './resource-id.ts';
import { matcher, type ResourceMap } from './resource-map.ts';

/** The replacements of a list, those in files read. */
export function readReplacements(list: readonly JsonObject[], read: (path: string) => string): readonly JsonObject[] {
  return list.flatMap((entry) => {
    const path = textAt(entry, 'path');
    if (path === '') return [entry];
    if (entry.source !== undefined || entry.targets !== undefined)
      throw new KustomizeError('cannot specify both path and inline replacement');
    const { value, problem } = parseYaml(read(path));
    if (problem !== undefined) throw new KustomizeError(problem);
    if (isList(value)) return value.filter(isObject);
    if (isObject(value)) return [value];
    const kind = value === null || value === undefined ? 'invalid' : typeof value;
    throw new KustomizeError(`unsupported replacement type encountered within replacement path: ${kind}`);
  });
}

export function replacementTransformer(replacements: readonly JsonObject[]): (resources: ResourceMap) => void {
  return ({ resources }) => {
    for (const replacement of replacements) {
      const { source, sourceValue, targets } = replacement;
      if ((source === undefined && sourceValue === undefined) || targets === undefined)
        throw new KustomizeError('replacements must specify a source and at least one target');
      if (source !== undefined && sourceValue !== undefined)
        throw new KustomizeError('value and resource selectors are mutually exclusive');
      const value = isObject(source) ? sourceValueOf(resources, source) : readScalar(scalarText(sourceValue ?? ''));
      for (const target of objectsAt(replacement, 'targets')) applyTo(resources, target, value);
    }
  };
}

/** A text as YAML would read it without quotes. */
function readScalar(text: string): JsonValue {
  const value = readNode(text);
  return isObject(value) || isList(value) ? text : value;
}

function sourceValueOf(resources: readonly Resource[], source: JsonObject): JsonValue {
  const wanted = { ...gvkFrom(source), name: textAt(source, 'name'), ns: textAt(source, 'namespace') };
  const matches = resources.filter((resource) => resource.ids.some((id) => fits(id, wanted)));
  const [only] = matches;
  if (!only) throw new KustomizeError(`nothing selected by ${sourceText(source, wanted)}`);
  if (matches.length > 1) throw new KustomizeError(`multiple matches for selector ${sourceText(source, wanted)}`);
  const path = textAt(source, 'fieldPath') || 'metadata.name';
  const value = lookup(only.object, partsOf(path));
  if (value === undefined || isEmpty(value))
    throw new KustomizeError(`fieldPath \`${path}\` is missing for replacement source ${idText(wanted)}`);
  return refined(value, objectAt(source, 'options'));
}

function fits(id: ResourceId, wanted: ResourceId): boolean {
  return (
    (wanted.name === '' || wanted.name === id.name) &&
    (wanted.ns === '' || effectiveNamespace(wanted) === effectiveNamespace(id)) &&
    isSelected(id, wanted)
  );
}

function sourceText(source: JsonObject, id: ResourceId): string {
  const options = objectAt(source, 'options');
  const [delimiter, create] = [textAt(options, 'delimiter'), options?.create === true];
  const shown = delimiter === '' && !create ? '' : `${delimiter}(${numberAt(options, 'index') ?? 0}), create=${create}`;
  return [idText(id), textAt(source, 'fieldPath'), shown].filter(Boolean).join(':');
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '') return true;
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function refined(value: JsonValue, options: JsonObject | undefined): JsonValue {
  const delimiter = textAt(options, 'delimiter');
  if (delimiter === '') return value;
  if (isObject(value) || isList(value)) throw new KustomizeError(scalarsOnly);
  const parts = scalarText(value).split(delimiter);
  const index = numberAt(options, 'index') ?? 0;
  const part = parts[index];
  if (index < 0 || part === undefined)
    throw new KustomizeError(`options.index ${index} is out of bounds for value ${scalarText(value)}`);
  return typeof value === 'string' ? part : readScalar(part);
}

const scalarsOnly = 'delimiter option can only be used with scalar nodes';

function applyTo(resources: readonly Resource[], target: JsonObject, value: JsonValue): void {
  const select = objectAt(target, 'select');
  if (!select) throw new KustomizeError('target must specify resources to select');
  const wanted = matcher(select);
  const rejected = objectsAt(target, 'reject').map((one) => ({ fits: matcher(one), ...rejects(one) }));
  const paths = textsAt(target, 'fieldPaths');
  for (const resource of resources) {
    const { object, ids } = resource;
    if (!wanted.marks(object) || rejected.some(({ fits, byMarks }) => byMarks && fits.marks(object))) continue;
    const matches = (fits: ReturnType<typeof matcher>) =>
      ids.some((id) => fits.gvk(id) && fits.name(id.name) && fits.ns(id.ns));
    if (rejected.some(({ fits, byId }) => byId && matches(fits)) || !matches(wanted)) continue;
    for (const path of paths.length > 0 ? paths : ['metadata.name'])
      resource.object = copied(resource.object, path, { value, options: objectAt(target, 'options') });
  }
}

function rejects(selector: JsonObject) {
  const has = (...fields: readonly string[]) => fields.some((field) => textAt(selector, field) !== '');
  return {
    byMarks: has('labelSelector', 'annotationSelector'),
    byId: has('group', 'version', 'kind', 'name', 'namespace'),
  };
}

interface Copy {
  readonly value: JsonValue;
  readonly options: JsonObject | undefined;
}

function copied(object: JsonObject, path: string, copy: Copy): JsonObject {
  const parts = partsOf(path);
  const inText = copiedIntoText(object, parts, copy);
  if (inText) return inText;
  const create = copy.options?.create === true;
  const words = `unable to find ${create ? 'or create ' : ''}field ${JSON.stringify(path)} in replacement target`;
  const edited = edit(object, parts, copy, words);
  return isObject(edited) ? edited : object;
}

function edit(value: JsonValue, parts: readonly string[], { value: given, options }: Copy, words: string): JsonValue {
  let found = 0;
  const result = editPath(value, parts, {
    ...(options?.create === true ? { create: kindOf(given) } : {}),
    set: (held, created) => {
      found++;
      return joined(held, given, { options, created });
    },
    failed: (why) => new KustomizeError(`${words}: ${why}`),
  });
  if (found === 0) throw new KustomizeError(words);
  return result;
}

function kindOf(value: JsonValue): 'map' | 'list' | 'scalar' {
  return isObject(value) ? 'map' : isList(value) ? 'list' : 'scalar';
}

/** The target's new value: a scalar keeps its type where that is possible. */
function joined(
  held: JsonValue,
  given: JsonValue,
  { options, created }: { readonly options: JsonObject | undefined; readonly created: boolean },
): JsonValue {
  const delimiter = textAt(options, 'delimiter');
  const isHeldScalar = !isObject(held) && !isList(held);
  let value = given;
  if (delimiter !== '') {
    if (!isHeldScalar) throw new KustomizeError(scalarsOnly);
    const parts = scalarText(held).split(delimiter);
    const index = numberAt(options, 'index') ?? 0;
    const text = scalarText(given);
    if (index < 0) parts.unshift(text);
    else if (index >= parts.length) parts.push(text);
    else parts[index] = text;
    value = parts.join(delimiter);
  }
  if (!isHeldScalar) return value;
  if (isObject(value) || isList(value)) return '';
  const text = scalarText(value);
  return created || typeof held !== 'string' ? readScalar(text) : text;
}

/** A path that goes on inside of a text which is itself YAML or JSON. Undefined where it does not. */
function copiedIntoText(object: JsonObject, parts: readonly string[], copy: Copy): JsonObject | undefined {
  // Of the options, upstream heeds here only whether to create.
  const plain = { value: copy.value, options: copy.options?.create === true ? { create: true } : undefined };
  for (let length = 1; length < parts.length; length++) {
    const text = lookup(object, parts.slice(0, length));
    if (text === undefined || isObject(text) || isList(text)) continue;
    const written = scalarText(text);
    try {
      const inner = edit(readNode(written), parts.slice(length), plain, 'unable to find field in structured data');
      const changed = serialized(inner, written);
      const edited = editPath(object, parts.slice(0, length), {
        set: () => changed,
        failed: (why) => new KustomizeError(why),
      });
      return isObject(edited) ? edited : undefined;
    } catch (error) {
      if (error instanceof KustomizeError) return undefined;
      throw error;
    }
  }
  return undefined;
}

function serialized(value: JsonValue, before: string): string {
  if (!/^\s*[{[]/.test(before)) return formatYaml(value).trim();
  const pretty = before.includes('\n') && before.includes('  ');
  return formatJson(value, { indent: pretty ? '  ' : '', sorted: true });
}
