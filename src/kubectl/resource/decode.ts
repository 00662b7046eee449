// Manifests: the JSON and YAML documents of a file, with kubectl's words for what does not parse.
import { jsonProblem } from '../../api/json-problem.ts';
import { parseYaml } from '../../api/yaml.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { formatJson } from '../print/json.ts';

const documentsMax = 10_000;

export interface DecodeOptions {
  /** Says first, as client-side validation does, that kind or apiVersion is missing. */
  readonly validate?: boolean;
}

/** One document: its object, or what is wrong with it. After an error of syntax nothing more comes. */
export type Decoded = { readonly object: JsonObject } | { readonly error: CommandError };

/** The objects of a text in order; empty documents are passed over. `source` is the file's name, or STDIN. */
export function* decodeManifests(text: string, source: string, options: DecodeOptions = {}): Generator<Decoded> {
  let count = 0;
  for (const { value, problem } of documents(text.replace(/^\ufeff/, ''))) {
    if (problem !== undefined || ++count > documentsMax) {
      yield { error: new CommandError(`error parsing ${source}: ${problem ?? 'too many documents'}`) };
      return;
    }
    if (value === null || value === undefined) continue;
    const wrong = objectProblem(value, source, options);
    if (wrong !== undefined) yield { error: new CommandError(wrong) };
    else if (isObject(value)) yield { object: value };
  }
}

interface Parsed {
  readonly value?: JsonValue | undefined;
  readonly problem?: string;
}

function* documents(text: string): Generator<Parsed> {
  let rest = text;
  let jsonError: string | undefined;
  for (let count = 0; rest.trimStart().startsWith('{'); count++) {
    const trimmed = rest.trimStart();
    const problem = jsonProblem(trimmed);
    if (!problem) {
      const end = endOfObject(trimmed);
      const value: JsonValue = JSON.parse(trimmed.slice(0, end));
      yield { value };
      rest = trimmed.slice(end);
      if (rest.trim() === '') return;
      continue;
    }
    const offset = rest.length - trimmed.length + (problem.offset ?? 0);
    jsonError = problem.offset === undefined ? problem.message : `json: offset ${offset}: ${problem.message}`;
    if (count > 1) {
      yield { problem: jsonError };
      return;
    }
    break;
  }
  for (const part of splitDocuments(rest)) {
    const separator = /^---[ \t]+([^#\s].*)/.exec(part);
    if (separator) {
      yield { problem: `invalid Yaml document separator: ${separator[1]?.trim()}` };
      return;
    }
    const { value, problem } = parseYaml(part);
    yield problem === undefined ? { value } : { problem: jsonError ?? `error converting YAML to JSON: ${problem}` };
    if (problem !== undefined) return;
    jsonError = undefined;
  }
}

/** Lines of three dashes part documents. A separator with something behind it stands at its part's start. */
export function splitDocuments(text: string): readonly string[] {
  const parts: string[] = [];
  let part: string[] = [];
  const close = () => {
    if (part.some((held) => held.trim() !== '')) parts.push(part.join('\n'));
  };
  for (const line of text.split('\n')) {
    if (/^---(\s|$)/.test(line)) {
      close();
      part = /^---\s*(#.*)?$/.test(line) ? [] : [line];
    } else part.push(line);
  }
  close();
  return parts;
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

function objectProblem(value: JsonValue, source: string, { validate }: DecodeOptions): string | undefined {
  const file = JSON.stringify(source);
  if (!isObject(value)) {
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return validate
      ? `error validating ${file}: error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`
      : `unable to decode ${file}: json: cannot unmarshal ${type} into Go value of type unstructured.detector`;
  }
  const missing = ['apiVersion', 'kind'].filter((key) => typeof value[key] !== 'string' || value[key] === '');
  if (missing.length === 0) return undefined;
  if (validate) {
    const all = missing.map((key) => `${key} not set`);
    const text = all.length > 1 ? `[${all.join(', ')}]` : all[0];
    return `error validating ${file}: error validating data: ${text}; if you choose to ignore these errors, turn validation off with --validate=false`;
  }
  if (!missing.includes('kind')) return undefined;
  return `unable to decode ${file}: Object 'Kind' is missing in '${formatJson(value, { indent: '', sorted: true })}'`;
}
