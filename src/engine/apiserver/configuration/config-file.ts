// Reads the configuration files that a component's flags name: YAML of one kind, its fields' types checked as Go does.
import { goJson } from '../../../api/go-format.ts';
import { parseYaml } from '../../../api/yaml.ts';
import { jsonKind } from '../../../base/go/json-kind.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';

/** What a component's flags or files say makes no sense; the message is upstream's. It ends with it. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/** What a value may be: a Go type's name, a list, a map of texts, or fields. */
export type Shape = 'string' | 'bool' | 'int' | 'any' | 'map' | readonly [Shape] | { readonly [field: string]: Shape };

export interface ConfigKind {
  readonly kind: string;
  readonly apiVersions: readonly string[];
  /** Where upstream registers it, for its errors. */
  readonly scheme: string;
  readonly fields: { readonly [field: string]: Shape };
}

export interface ConfigFile {
  readonly value: JsonObject;
  readonly apiVersion: string;
  /** Fields that there are not, in upstream's words. */
  readonly unknown: readonly string[];
}

/** The object that a text holds. Throws ConfigurationError. */
export function readConfig(text: string, wanted: ConfigKind): ConfigFile {
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) throw new ConfigurationError(`error converting YAML to JSON: ${problem}`);
  if (!isObject(value)) {
    const why = `json: cannot unmarshal ${jsonKind(value ?? null)} into Go value of type struct`;
    throw new ConfigurationError(`couldn't get version/kind; json parse error: ${why}`);
  }
  const { kind, apiVersion } = value;
  if (!kind) throw new ConfigurationError(`Object 'Kind' is missing in '${goJson(value)}'`);
  if (!apiVersion) throw new ConfigurationError(`Object 'apiVersion' is missing in '${goJson(value)}'`);
  if (kind !== wanted.kind || !wanted.apiVersions.includes(String(apiVersion))) {
    const found = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`;
    throw new ConfigurationError(`${found} in scheme ${JSON.stringify(wanted.scheme)}`);
  }
  const unknown: string[] = [];
  const fields = { kind: 'string', apiVersion: 'string', metadata: 'any', ...wanted.fields } as const;
  check(value, fields, { path: '', go: wanted.kind, unknown });
  return { value, apiVersion: String(apiVersion), unknown };
}

interface Place {
  /** As strict decoding names it: `rules[0].level`. */
  readonly path: string;
  /** As Go's decoder names it: `Policy.rules.level`. */
  readonly go: string;
  readonly unknown: string[];
}

function check(value: JsonValue, shape: Shape, place: Place): void {
  if (value === null || shape === 'any') return;
  if (typeof shape === 'string') {
    if (!isScalar(value, shape)) throw mistyped(value, shape === 'map' ? 'map[string]string' : shape, place);
  } else if (isItems(shape)) {
    if (!isList(value)) throw mistyped(value, '[]struct', place);
    value.forEach((item, i) => {
      check(item, shape[0], { ...place, path: `${place.path}[${i}]` });
    });
  } else if (!isObject(value)) throw mistyped(value, 'struct', place);
  else
    for (const [name, field] of Object.entries(value)) {
      const path = place.path === '' ? name : `${place.path}.${name}`;
      const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (known === undefined) place.unknown.push(`unknown field ${JSON.stringify(path)}`);
      else check(field, known, { ...place, path, go: `${place.go}.${name}` });
    }
}

function isItems(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isScalar(value: JsonValue, shape: string): boolean {
  if (shape === 'bool') return typeof value === 'boolean';
  if (shape === 'int') return Number.isInteger(value);
  if (shape === 'map') return isObject(value);
  return typeof value === 'string';
}

function mistyped(value: JsonValue, type: string, { go }: Place): Error {
  return new ConfigurationError(`json: cannot unmarshal ${jsonKind(value)} into Go struct field ${go} of type ${type}`);
}
