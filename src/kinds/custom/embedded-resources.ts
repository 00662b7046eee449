// Resources inside of custom resources: they have a kind, a version and metadata, for which the usual rules hold.
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import type { ObjectMeta } from '../../api/generated/types.ts';
import { dns1035Label, pathSegmentName } from '../../api/names.ts';
import { DecodeError, decode } from '../../api/schema/decode.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { validateMetadata } from '../validation/metadata.ts';
import { isEmbedded, itemsOf, propertyOf, type Schema, valuesOf } from './schema-node.ts';

/** What is wrong with the resources that a custom resource holds; `path` is where the value stands. */
export function embeddedErrors(schema: Schema | undefined, value: JsonValue, path = ''): readonly FieldError[] {
  return walk(schema, value, { path, check: (resource, at) => (at === '' ? [] : resourceErrors(resource, at)) });
}

/** As {@link embeddedErrors}, of a default's value: it may be a resource itself. */
export function embeddedDefaultErrors(schema: Schema, value: JsonValue, path: string): readonly FieldError[] {
  const malformed = malformedErrors(schema, value, path);
  return malformed.length > 0 ? malformed.slice(0, 1) : walk(schema, value, { path, check: resourceErrors });
}

/** Resources that do not even decode. */
export function malformedErrors(schema: Schema, value: JsonValue, path = ''): readonly FieldError[] {
  return walk(schema, value, { path, check: malformedParts });
}

interface Walk {
  readonly path: string;
  check(resource: JsonObject, at: string): readonly FieldError[];
}

function walk(schema: Schema | undefined, value: JsonValue, { path, check }: Walk): readonly FieldError[] {
  if (!schema) return [];
  if (isList(value)) return value.flatMap((item, i) => walk(itemsOf(schema), item, { path: `${path}[${i}]`, check }));
  if (!isObject(value)) return [];
  const own = isEmbedded(schema) ? check(value, path) : [];
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const property = propertyOf(schema, key);
    if (property) return walk(property, item, { path: join(path, key), check });
    return walk(valuesOf(schema), item, { path: `${path}[${key}]`, check });
  });
  return [...own, ...inner];
}

function resourceErrors(value: JsonObject, path: string): readonly FieldError[] {
  const missing = ['apiVersion', 'kind'].filter((field) => !Object.hasOwn(value, field));
  const errors = missing.map((field) => required(join(path, field)));
  for (const [key, item] of Object.entries(value)) {
    const problem = key === 'apiVersion' ? versionProblem(item) : key === 'kind' ? kindProblem(item) : undefined;
    if (problem !== undefined) errors.push(invalid(join(path, key), item, problem));
    if (key === 'metadata') errors.push(...metadataErrors(item, path));
  }
  return errors;
}

function versionProblem(value: JsonValue): string | undefined {
  if (typeof value !== 'string') return 'must be a string';
  if (value === '') return 'must not be empty';
  return value.split('/').length > 2 ? `unexpected GroupVersion string: ${value}` : undefined;
}

function kindProblem(value: JsonValue): string | undefined {
  if (typeof value !== 'string') return 'must be a string';
  if (value === '') return 'must not be empty';
  const complaints = dns1035Label(value.toLowerCase());
  return complaints.length > 0 ? `may have mixed case, but should otherwise match: ${complaints.join(',')}` : undefined;
}

/** A type is a text, metadata is such. */
function malformedParts(resource: JsonObject, path: string): readonly FieldError[] {
  for (const key of ['apiVersion', 'kind'] as const) {
    const type = resource[key];
    if (type !== undefined && typeof type !== 'string') return [invalid(join(path, key), type, 'must be a string')];
  }
  const { metadata } = resource;
  const made = metadata === undefined || metadata === null ? undefined : metadataOf(metadata);
  return typeof made === 'string' ? [invalid(join(path, 'metadata'), metadata, made)] : [];
}

function metadataErrors(value: JsonValue, path: string): readonly FieldError[] {
  const found: FieldError[] = [];
  const metadata = value === null ? {} : metadataOf(value);
  if (typeof metadata === 'string') return [invalid(join(path, 'metadata'), value, metadata)];
  const namespaced = (metadata.namespace ?? '') !== '';
  const named = metadata.name ? metadata : { ...metadata, name: 'unnamed' };
  validateMetadata(named, { namespaced, validName: pathSegmentName, qualifiedFinalizers: false }, found);
  return found.map((error) => ({ ...error, field: join(path, error.field) }));
}

/** The metadata, or why it is none. */
function metadataOf(value: JsonValue): ObjectMeta | string {
  try {
    return decode('meta.v1.ObjectMeta', value).value as ObjectMeta; // edge: decoded as what it becomes
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return error.message;
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
