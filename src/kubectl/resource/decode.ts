// Manifests: the JSON and YAML documents of a file, with kubectl's words for what does not parse.
import { jsonProblem } from '../../api/json-problem.ts';
import { explainDecode } from '../../api/schema/decode-problems.ts';
import type { Definition } from '../../api/schema/schema.ts';
import { parseYaml } from '../../api/yaml.ts';
import { jsonKind } from '../../base/go/json-kind.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { withSortedKeys } from '../../base/sorted-keys.ts';
import { CommandError } from '../errors.ts';
import { formatJson } from '../print/json.ts';

const documentsMax = 10_000;

export interface DecodeOptions {
  /** Says first, as client-side validation does, that kind or apiVersion is missing. */
  readonly validate?: boolean;
}

/** One document: its object, or what is wrong with it. After an error of syntax or validation nothing more comes. */
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
    const invalid = options.validate ? validationProblem(value, source) : undefined;
    if (invalid !== undefined) {
      yield { error: new CommandError(invalid) };
      return;
    }
    const sorted = withSortedKeys(value);
    const wrong = decodeProblem(sorted);
    if (wrong !== undefined) yield { error: new CommandError(`unable to decode ${JSON.stringify(source)}: ${wrong}`) };
    else if (isObject(sorted)) yield { object: sorted };
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

/** What client-side validation says first; it ends the file. */
function validationProblem(value: JsonValue, source: string): string | undefined {
  const problems = isObject(value) ? kindProblems(value) : ['invalid object to validate'];
  if (problems.length === 0) return undefined;
  const text = problems.length > 1 ? `[${problems.join(', ')}]` : problems[0];
  return `error validating ${JSON.stringify(source)}: error validating data: ${text}; if you choose to ignore these errors, turn validation off with --validate=false`;
}

function kindProblems(value: JsonObject): readonly string[] {
  return ['apiVersion', 'kind'].flatMap((key) => {
    const given = value[key] ?? undefined;
    if (given === undefined) return `${key} not set`;
    if (typeof given !== 'string') return `${key} isn't string type`;
    return key === 'apiVersion' && given.split('/').length > 2 ? `unexpected GroupVersion string: ${given}` : [];
  });
}

function decodeProblem(value: JsonValue): string | undefined {
  if (!isObject(value)) return `json: cannot unmarshal ${jsonKind(value)} into Go value of type unstructured.detector`;
  if (typeof value.kind !== 'string' || value.kind === '')
    return `Object 'Kind' is missing in '${formatJson(value, { indent: '', sorted: true })}'`;
  if (typeof (value.apiVersion ?? '') !== 'string')
    return `json: cannot unmarshal ${jsonKind(value.apiVersion)} into Go struct field metadataOnlyObject.TypeMeta.apiVersion of type string`;
  return explainDecode(metadataOnly, { metadata: value.metadata ?? null }).error;
}

/** The part of an object that kubectl decodes itself. */
const metadataOnly: Definition = {
  name: 'metadataOnlyObject',
  atomic: false,
  fields: new Map([
    [
      'metadata',
      {
        name: 'metadata',
        type: { kind: 'object', definition: 'meta.v1.ObjectMeta' },
        goType: 'v1.ObjectMeta',
        required: false,
        always: true,
        pointer: false,
      },
    ],
  ]),
};
