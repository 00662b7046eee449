// A request's body: from bytes, YAML or JSON to a value that fits the schema.

import { goJson } from '../../api/go-format.ts';
import { isTooDeep, jsonProblem } from '../../api/json-problem.ts';
import { yaml } from '../../api/late-yaml.ts';
import { unknownPatchFields } from '../../api/patch/json-patch.ts';
import type { KubeRequest } from '../../api/ports.ts';
import { decodeProtobuf, isProtobuf } from '../../api/protobuf.ts';
import { ProtobufError } from '../../api/protobuf-wire.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { cannotHandle, DecodeError, decode, strictDecodingText } from '../../api/schema/decode.ts';
import { duplicateFields } from '../../api/schema/decode-problems.ts';
import { apiError, badRequest, unsupportedMediaType } from '../../api/status.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { DecodeWords } from './operation.ts';
import type { CustomPart, ServedResource } from './served-resource.ts';

const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** The body as a value; undefined when there is none. Throws ApiError. */
export function bodyOf(request: KubeRequest, wantedKind: string): JsonValue | undefined {
  const { body } = request;
  if (!body || (body.kind === 'text' && body.text === '') || (body.kind === 'bytes' && body.bytes.length === 0))
    return undefined;
  if (body.kind === 'json') return body.value;
  if (body.kind === 'bytes' && isProtobuf(body.bytes)) return protobufValue(body.bytes, wantedKind);
  const type = (request.headers?.['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  const text = body.kind === 'text' ? body.text : decodeUtf8(body.bytes);
  if (type.endsWith('yaml')) {
    const { value, problem } = yaml().parseYaml(text);
    if (problem === undefined) return value;
    throw badRequest(
      request.method === 'PATCH'
        ? `error decoding YAML: error converting YAML to JSON: ${problem}`
        : `the object provided is unrecognized (must be of type ${wantedKind}): error converting YAML to JSON: ${problem}`,
    );
  }
  if (!type.endsWith('json') && type !== '') throw unsupportedMediaType(accepted);
  try {
    if (isTooDeep(text)) throw new SyntaxError('exceeded max depth');
    const value: JsonValue = JSON.parse(text);
    if (request.method !== 'PATCH' && value !== null && !isObject(value)) throw new TypeError(notTyped(value));
    return value;
  } catch (error) {
    const problem =
      error instanceof TypeError ? error.message : (jsonProblem(text)?.message ?? 'unexpected end of JSON input');
    if (request.method === 'PATCH') throw badRequest(patchProblem(type, problem));
    if (request.method === 'DELETE')
      throw badRequest(`couldn't get version/kind; json parse error: ${atOnce(problem)}`);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${wantedKind}): couldn't get version/kind; json parse error: ${atOnce(problem)} (${summary(text)})`,
    );
  }
}

/** How a body that cannot be read begins: as it is where it looks like JSON, else its bytes. */
function summary(text: string): string {
  const bytes = encodeUtf8(text);
  const shown = bytes.slice(0, summaryBytesMax);
  const start = text.startsWith('{')
    ? decodeUtf8(shown)
    : [...shown].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > summaryBytesMax ? `${start} ...` : start;
}

const summaryBytesMax = 30;

/** An object was expected, and not a byte came. */
export function emptyBody(wantedKind: string): Error {
  const problem = "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)";
  return badRequest(`the object provided is unrecognized (must be of type ${wantedKind}): ${problem}`);
}

/** What a patch without a single byte is: YAML's null, and no JSON. */
export function emptyPatch(type: string): JsonValue {
  if (type.endsWith('yaml')) return null;
  throw badRequest(patchProblem(type, 'unexpected EOF'));
}

/** A patch is decoded at once, not as a stream: what ends too early ends unexpectedly. */
function patchProblem(type: string, problem: string): string {
  const text = atOnce(problem);
  return type === 'application/strategic-merge-patch+json' ? text : `error decoding patch: ${text}`;
}

function atOnce(problem: string): string {
  return problem === 'unexpected EOF' ? 'unexpected end of JSON input' : problem;
}

/** What Go says where it looks for apiVersion and kind in something that is no object. */
function notTyped(value: JsonValue): string {
  const type = isList(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const fields = 'APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\""';
  return `json: cannot unmarshal ${type} into Go value of type struct { ${fields} }`;
}

function protobufValue(bytes: Uint8Array, wantedKind: string): JsonValue {
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw badRequest(`the object provided is unrecognized (must be of type ${wantedKind}): ${error.message}`);
  }
}

/** What is said of keys that a body gives twice, which was read as `value`. */
export function duplicatesIn({ body, headers }: KubeRequest, value: JsonValue): readonly string[] {
  if (body?.kind !== 'text' && body?.kind !== 'bytes') return [];
  if (body.kind === 'bytes' && isProtobuf(body.bytes)) return [];
  const type = headers?.['content-type'] ?? 'application/json';
  const text = body.kind === 'text' ? body.text : decodeUtf8(body.bytes);
  if (type.includes('json')) return duplicateFields(text, value);
  const found = yaml().yamlDuplicates(text);
  return found.length > 0 ? [['yaml: unmarshal errors:', ...found].join('\n  ')] : [];
}

/** How a body is decoded. */
export interface BodyOptions {
  readonly fieldValidation?: string | undefined;
  /** What is said of keys that were given twice. */
  readonly duplicates?: readonly string[] | undefined;
  /** How problems are told; otherwise as those of an object that was sent. */
  readonly words?: DecodeWords | undefined;
  readonly gvk: { readonly version: string; readonly kind: string };
  /** The body as it was sent, where that was JSON. */
  readonly text?: () => string | undefined;
  warn(text: string): void;
}

/** A body in JSON as it was sent. */
export function jsonTextOf({ body, headers }: KubeRequest): string | undefined {
  if (body?.kind !== 'text' && body?.kind !== 'bytes') return undefined;
  if (headers?.['content-type']?.includes('yaml')) return undefined;
  return body.kind === 'text' ? body.text : decodeUtf8(body.bytes);
}

/** Decodes an object as its schema says; problems are refused, warned of or ignored, as `fieldValidation` wants it. */
export function decodeBody(
  { definition, custom }: Pick<ServedResource, 'definition' | 'custom'>,
  value: JsonValue,
  options: BodyOptions,
): JsonObject {
  if (definition === undefined && !custom) return isObject(value) ? value : {};
  const sent = isObject(value) ? value : {};
  const { apiVersion = options.gvk.version, kind = options.gvk.kind } = sent;
  const version = (typeof apiVersion === 'string' && parseApiVersion(apiVersion)?.version) || options.gvk.version;
  if (custom && !options.words) checkType(custom, sent, options);
  const about = { version, kind: typeof kind === 'string' ? kind : options.gvk.kind };
  const words: DecodeWords = options.words ?? {
    unfit: (problem) => cannotHandle(about, problem),
    strict: (problems) => cannotHandle(about, strictDecodingText(problems)),
  };
  try {
    const { value: decoded, problems: unfit } = custom ? custom.decode(value) : decode(definition ?? '', value);
    const twice = options.duplicates ?? [];
    const twiceFirst = options.words || custom || twice[0]?.startsWith('yaml:');
    const problems = twiceFirst ? [...twice, ...unfit] : [...unfit, ...twice];
    if (problems.length > 0 && options.fieldValidation === 'Strict') throw words.strict(problems);
    if (options.fieldValidation !== 'Ignore')
      for (const problem of problems) {
        if (!problem.includes('\n')) options.warn(problem);
        else if (custom) for (const line of problem.split('\n').slice(1)) options.warn(line.trim());
      }
    return decoded;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw words.unfit(error.message);
  }
}

/** Custom resources say what they are. */
function checkType(
  { apiVersion }: CustomPart,
  sent: JsonObject,
  { fieldValidation, gvk, text }: Pick<BodyOptions, 'fieldValidation' | 'gvk' | 'text'>,
): void {
  if (!sent.kind) {
    const shown = text?.() ?? goJson(sent);
    const problem = `Object 'Kind' is missing in '${shown}'`;
    if (fieldValidation === 'Ignore') throw cannotHandle(gvk, problem);
    const what = `the object provided is unrecognized (must be of type ${gvk.kind})`;
    throw badRequest(`${what}: ${problem} (${summary(shown)})`);
  }
  if (!sent.apiVersion && typeof sent.kind === 'string')
    throw badRequest(`the API version in the data () does not match the expected API version (${apiVersion})`);
}

/** Options that came as a body. Throws ApiError in the words of Go's decoder alone. */
export function decodeOptionsBody(definition: string, value: JsonValue): JsonObject {
  try {
    return decode(definition, value).value;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(error.message);
  }
}

/** What strict validation finds in a patch itself: keys given twice, and what no operation of a JSON patch has. */
export function patchProblems(request: KubeRequest, patch: JsonValue | undefined): readonly string[] {
  const twice = duplicatesIn(request, patch ?? null);
  if (!request.headers?.['content-type']?.startsWith('application/json-patch+json')) return twice;
  const unknown = unknownPatchFields(patch ?? null).map((field) => `unknown field ${JSON.stringify(field)}`);
  return [...twice, ...unknown].map((problem) => `json patch ${problem}`);
}

export function patchTypeUnsupported(): Error {
  const message = '415: Unsupported Media Type';
  return apiError({ code: 415, reason: 'UnsupportedMediaType', message, details: {} });
}
