// Resources of a text: its documents, with the items of lists one by one.
import { parseYaml } from '../../api/yaml.ts';
import { objectAt, textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { splitDocuments } from '../resource/decode.ts';
import { KustomizeError } from './kustomize-error.ts';
import { scalarText } from './resource.ts';

/** Throws what is wrong: no YAML, no kind, no name. */
export function readResources(text: string): readonly JsonObject[] {
  const nodes = splitDocuments(text.replace(/^\ufeff/, ''))
    .map(readNode)
    .flatMap(itemsOfList)
    .filter(isUsable);
  const found: JsonObject[] = [];
  const queue: JsonObject[] = [...nodes];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { items } = next;
    if (!textAt(next, 'kind').endsWith('List') || items === undefined) found.push(next);
    else if (isList(items)) queue.push(...items.filter(isObject).filter(isUsable));
    else if (items !== null)
      throw new KustomizeError(`expected array in ${textAt(next, 'kind')}/items, but found ${goType(items)}`);
  }
  return found;
}

/** A document as kustomize's own YAML reader takes it. */
export function readNode(text: string): JsonValue {
  const { value, problem } = parseYaml(text, { v3: true });
  if (problem === undefined) return value ?? null;
  const error = new KustomizeError(`MalformedYAMLError: ${problem}`);
  error.malformed = true;
  throw error;
}

function itemsOfList(node: JsonValue): readonly JsonObject[] {
  if (node === null) return [];
  if (!isObject(node)) throw new KustomizeError(withoutMetadata);
  const isPlainList = textAt(node, 'kind') === 'List' || textAt(node, 'kind') === 'ResourceList';
  return isPlainList && isList(node.items) ? node.items.filter(isObject) : [node];
}

const withoutMetadata = 'missing Resource metadata';

function isUsable(object: JsonObject): boolean {
  if (Object.keys(object).length === 0) return false;
  const kind = textAt(object, 'kind');
  const { apiVersion, metadata } = object;
  if (kind === '' && apiVersion === undefined && metadata === undefined) throw new KustomizeError(withoutMetadata);
  const name = scalarText(objectAt(object, 'metadata')?.name ?? '');
  const shown = `{{${textAt(object, 'apiVersion')} ${kind}} {{${name} ${textAt(object, 'metadata.namespace')}} ${goMap(object, 'labels')} ${goMap(object, 'annotations')}}}`;
  if (kind === '') throw new KustomizeError(`missing kind in object ${shown}`);
  if (!kind.endsWith('List') && name === '') throw new KustomizeError(`missing metadata.name in object ${shown}`);
  return true;
}

/** Go's way to print a map of texts. */
function goMap(object: JsonObject, field: string): string {
  const held = isObject(object.metadata) ? object.metadata[field] : undefined;
  const entries = isObject(held) ? Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
  return `map[${entries.map(([key, value]) => `${key}:${value}`).join(' ')}]`;
}

function goType(value: JsonValue): string {
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'int' : 'string';
}
