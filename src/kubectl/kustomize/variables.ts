// Variables (`vars`): `$(NAME)` in many fields stands for the value of a field of some object.
import { objectAt, textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { lookup, partsOf } from './field-path.ts';
import { editFields, type FieldSpec } from './field-spec.ts';
import { KustomizeError } from './kustomize-error.ts';
import {
  effectiveNamespace,
  groupVersion,
  gvkFrom,
  gvkText,
  isClusterScoped,
  isSameGvk,
  type ResourceId,
} from './resource-id.ts';
import type { ResourceMap } from './resource-map.ts';

export type Variables = ReadonlyMap<string, JsonObject>;

/** Notes which objects the variables read, and joins them with those known so far. */
export function mergeVariables(known: Variables, more: readonly JsonObject[], resources: ResourceMap): Variables {
  for (const variable of more) {
    const wanted = objectOf(variable);
    const exact = wanted.ns !== '' || isClusterScoped(wanted);
    const found = resources.withAnyId(
      (id) =>
        id.name === wanted.name &&
        isSameGvk(id, wanted) &&
        (!exact || effectiveNamespace(id) === effectiveNamespace(wanted)),
    );
    const [only] = found;
    if (found.length > 1)
      throw new KustomizeError(
        `found ${found.length} resId matches for var ${variableText(variable)} (unable to disambiguate)`,
      );
    if (only) only.variables = [...only.variables, textAt(variable, 'name')];
  }
  return joinVariables(known, new Map(more.map((variable) => [textAt(variable, 'name'), variable])), more.length);
}

export function joinVariables(known: Variables, more: Variables, count = more.size): Variables {
  const joined = new Map(known);
  for (const [name, variable] of more) {
    if (joined.has(name) || more.size !== count) throw new KustomizeError(`var '${name}' already encountered`);
    joined.set(name, variable);
  }
  return joined;
}

/** Replaces them everywhere. Says which of them nothing used. */
export function resolveVariables(
  resources: ResourceMap,
  variables: Variables,
  specs: readonly FieldSpec[],
): readonly string[] {
  const names = [...variables.keys()].sort();
  const values = new Map(names.map((name) => [name, valueFrom(resources, variables.get(name) ?? {})]));
  if (values.size === 0) return [];
  const used = new Set<string>();
  const replace = (text: string): JsonValue => expanded(text, values, used);
  resources.edit((object) => editFields(object, specs, { set: (value) => replaced(value, replace) }));
  return names.filter((name) => !used.has(name));
}

function objectOf(variable: JsonObject): ResourceId {
  const reference = objectAt(variable, 'objref') ?? {};
  const apiVersion = textAt(reference, 'apiVersion');
  const { group, version, kind } = gvkFrom(reference);
  const given = groupVersion(apiVersion);
  return {
    group: apiVersion.includes('/') ? given.group : group,
    version: apiVersion === '' ? version : given.version,
    kind,
    name: textAt(reference, 'name'),
    ns: textAt(reference, 'namespace'),
  };
}

function valueFrom(resources: ResourceMap, variable: JsonObject): JsonValue {
  const name = textAt(variable, 'name');
  const resource = resources.resources.find((one) => one.variables.includes(name));
  if (!resource)
    throw new KustomizeError(
      `var '${variableText(variable)}' cannot be mapped to a field in the set of known resources`,
    );
  const value = lookup(resource.object, partsOf(fieldOf(variable).replace(/\[(\d+)\]/g, '.$1')));
  if (value !== undefined) return value;
  throw new KustomizeError(`field specified in var '${variableText(variable)}' not found in corresponding resource`);
}

function fieldOf(variable: JsonObject): string {
  return textAt(variable, 'fieldref.fieldPath') || 'metadata.name';
}

/** Go's way to print the struct. */
function variableText(variable: JsonObject): string {
  const id = objectOf(variable);
  return `{${textAt(variable, 'name')} ${gvkText(id)} {${fieldOf(variable)}}}`;
}

function replaced(value: JsonValue, replace: (text: string) => JsonValue): JsonValue {
  if (typeof value === 'string') return replace(value);
  if (isList(value))
    return value.map((item) => {
      if (typeof item === 'string') return replace(item);
      throw new KustomizeError('invalid value type expect a string');
    });
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? replace(item) : item]),
  );
}

/** `$(NAME)` by its value, `$$` by `$`. A text that is nothing but a variable gets the value's type. */
function expanded(text: string, values: ReadonlyMap<string, JsonValue>, used: Set<string>): JsonValue {
  const valueFor = (name: string): JsonValue => {
    const value = values.get(name);
    if (value === undefined || value === null || isObject(value) || isList(value)) return `$(${name})`;
    used.add(name);
    return value;
  };
  const whole = /^\$\(([^)]*)\)$/.exec(text);
  if (whole) return valueFor(whole[1] ?? '');
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (_, name: string | undefined) =>
    name === undefined ? '$' : `${valueFor(name)}`,
  );
}
