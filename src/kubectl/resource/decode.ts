// Manifests: the JSON and YAML documents of a file, with kubectl's words for what does not parse.
import { parseYaml } from '../../api/yaml.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { CommandError } from '../errors.ts';

const documentsMax = 10_000;

/** The objects of a text in order; empty documents are passed over. `source` is the file's name, or STDIN. */
export function decodeManifests(text: string, source: string): readonly JsonObject[] {
  const objects: JsonObject[] = [];
  for (const value of documents(text, source)) {
    if (value === null || value === undefined) continue;
    objects.push(checkObject(value, source));
  }
  return objects;
}

function documents(text: string, source: string): readonly (JsonValue | undefined)[] {
  const trimmed = text.replace(/^\ufeff/, '').trimStart();
  if (trimmed.startsWith('{')) {
    const values = jsonStream(trimmed);
    if (values) return values;
  }
  const parts = splitDocuments(text.replace(/^\ufeff/, ''));
  if (parts.length > documentsMax) throw new CommandError(`error parsing ${source}: too many documents`);
  return parts.map((part) => {
    const { value, problem } = parseYaml(part);
    if (problem) throw new CommandError(`error parsing ${source}: error converting YAML to JSON: ${problem}`);
    return value;
  });
}

/** Lines of three dashes part documents. */
export function splitDocuments(text: string): readonly string[] {
  const lines = text.split('\n');
  const parts: string[] = [];
  let part: string[] = [];
  for (const line of lines) {
    if (/^---(\s|$)/.test(line)) {
      if (part.some((held) => held.trim() !== '')) parts.push(part.join('\n'));
      part = /^---\s*(#.*)?$/.test(line) ? [] : [line.slice(3)];
    } else part.push(line);
  }
  if (part.some((held) => held.trim() !== '')) parts.push(part.join('\n'));
  return parts;
}

/** Several JSON values one after another, or undefined where the text is none (YAML may begin with { too). */
function jsonStream(text: string): readonly JsonValue[] | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return [value];
  } catch {
    const values: JsonValue[] = [];
    for (let rest = text; rest !== ''; ) {
      const end = endOfObject(rest);
      if (end < 0) return undefined;
      try {
        values.push(JSON.parse(rest.slice(0, end)));
      } catch {
        return undefined;
      }
      rest = rest.slice(end).trimStart();
    }
    return values;
  }
}

function endOfObject(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const here = text[i];
    if (here === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (here === '{' || here === '[') depth++;
    else if ((here === '}' || here === ']') && --depth === 0) return i + 1;
    if (depth === 0) return -1;
  }
  return -1;
}

function checkObject(value: JsonValue, source: string): JsonObject {
  if (!isObject(value)) {
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw new CommandError(
      `unable to decode ${JSON.stringify(source)}: json: cannot unmarshal ${type} into Go value of type unstructured.detector`,
    );
  }
  if (typeof value.kind !== 'string' || value.kind === '')
    throw new CommandError(
      `error validating ${JSON.stringify(source)}: error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  if (typeof value.apiVersion !== 'string' || value.apiVersion === '')
    throw new CommandError(
      `error validating ${JSON.stringify(source)}: error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  return value;
}
