// API objects as upstream's messages show them: its internal structures with Go's field names and all zero values.
//
//   {type: 'RollingUpdate'}  ─▶  {"Type":"RollingUpdate","RollingUpdate":null}
import { isNone } from '../api/alike.ts';
import { Verbatim } from '../api/field-error.ts';
import { compareText } from '../api/go-format.ts';
import { isList, isObject, type JsonObject, type JsonValue, own } from '../base/json.ts';
import { internalFields } from './internal-types.ts';
import { lineDiff } from './line-diff.ts';

/** The value as compact JSON, for an error's bad value. `j` for a type: as the API has it, its fields in order. */
export function internalForm(type: string, value: object): Verbatim {
  const text = JSON.stringify(type === 'j' ? withoutEmpties(value as JsonObject) : structure(type, asJson(value))); // edge: API objects are JSON
  return new Verbatim(text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`));
}

/** What changed, as a unified diff of the two in pretty JSON. Lists are of structures of that type. */
export function internalDiff(type: string, change: { readonly from: object; readonly to: object }): string {
  const shown = (value: object) => structure(type, asJson(value));
  const pretty = (value: object) =>
    JSON.stringify(Array.isArray(value) ? value.map(shown) : shown(value), null, 1).split('\n');
  return lineDiff(pretty(change.from), pretty(change.to));
}

type Loose = Readonly<Record<string, JsonValue | undefined>>;

function structure(type: string, given: Loose): Record<string, JsonValue> {
  const value = type === 'PodSpec' ? withHostFields(given) : given;
  const shown: Record<string, JsonValue> = {};
  for (const { name, as, form } of internalFields(type)) {
    if (name !== '+') shown[name] = formed(form, find(value, as));
    else if (form === 'm') Object.assign(shown, metadata(value.metadata));
    else Object.assign(shown, structure(form, value));
  }
  return shown;
}

/** Upstream keeps what a pod shares with its host in the security context. */
function withHostFields(spec: Loose): Loose {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext } = spec;
  if (!isObject(securityContext)) return spec;
  const host = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers };
  return { ...spec, securityContext: asJson({ ...securityContext, ...host }) as JsonObject }; // edge: undefined is absent
}

function formed(form: string, value: JsonValue | undefined): JsonValue {
  const inner = form.slice(1);
  if (form === 'o') return sortedJson(value ?? null);
  const missing = value === undefined || value === null;
  if (form.startsWith('*')) return missing ? null : formed(inner, value);
  if (form.startsWith('[')) return isList(value) ? value.map((item) => formed(inner, item)) : null;
  if (form.startsWith('{')) {
    if (!isObject(value)) return null;
    const keys = Object.keys(value).sort(compareText);
    return Object.fromEntries(keys.map((key) => [key, formed(inner, own(value, key))]));
  }
  if (Object.hasOwn(zeros, form)) return missing ? (zeros[form] ?? null) : value;
  if (form === 'j') return withoutEmpties(value ?? null);
  if (form === 't') return value ?? null;
  return structure(
    form,
    form.startsWith(alternatives) ? alternative(form, value ?? null) : isObject(value) ? value : {},
  );
}

/** A schema or something else: the API has one of them, a structure both. */
const alternatives = 'JSONSchemaPropsOr';

function alternative(form: string, value: JsonValue): Loose {
  if (isObject(value)) return { schema: value, allows: true };
  if (form === `${alternatives}Array`) return { jsonSchemas: value };
  return form === `${alternatives}Bool` ? { allows: value } : { property: value };
}

/** The API leaves empty lists and maps out of all that is shown as it has it. */
function withoutEmpties(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(withoutEmpties);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, each]) => !isNone(each) && !isEmptyObject(each));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutEmpties(each)]));
}

function isEmptyObject(value: JsonValue): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function sortedJson(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(sortedJson);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort(compareText);
  return Object.fromEntries(keys.map((key) => [key, sortedJson(own(value, key) ?? null)]));
}

const zeros: Readonly<Record<string, JsonValue>> = { s: '', i: 0, b: false, q: '0', v: 0, m: {} };

/** Go matches names without regard to case: `HostIP` is `hostIP`. */
function find(value: Loose, name: string): JsonValue | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(value).find((one) => one.toLowerCase() === wanted);
  return key === undefined ? undefined : value[key];
}

function metadata(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function asJson(value: object): Loose {
  return value as Loose; // edge: API objects are JSON
}
