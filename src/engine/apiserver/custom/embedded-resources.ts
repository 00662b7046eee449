// Resources inside of custom resources: they have a kind, a version and metadata, for which the usual rules hold.
import { type FieldError, invalid, required } from '../../../api/field-error.ts';
import type { ObjectMeta } from '../../../api/generated/types.ts';
import { dns1035Label, pathSegmentName } from '../../../api/names.ts';
import { DecodeError, decode } from '../../../api/schema/decode.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { isEmbedded, itemsOf, propertyOf, type Schema, valuesOf } from '../../../kinds/custom/schema-node.ts';
import { validateMetadata } from '../metadata-validation.ts';

/** What is wrong with the resources that a custom resource holds. */
export function embeddedErrors(schema: Schema | undefined, value: JsonValue, path = ''): readonly FieldError[] {
  if (!schema) return [];
  if (isList(value)) return value.flatMap((item, i) => embeddedErrors(itemsOf(schema), item, `${path}[${i}]`));
  if (!isObject(value)) return [];
  const own = isEmbedded(schema) && path !== '' ? resourceErrors(value, path) : [];
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const property = propertyOf(schema, key);
    if (property) return embeddedErrors(property, item, path === '' ? key : `${path}.${key}`);
    return embeddedErrors(valuesOf(schema), item, `${path}[${key}]`);
  });
  return [...own, ...inner];
}

function resourceErrors(value: JsonObject, path: string): readonly FieldError[] {
  const missing = ['apiVersion', 'kind'].filter((field) => !Object.hasOwn(value, field));
  const errors = missing.map((field) => required(`${path}.${field}`));
  for (const [key, item] of Object.entries(value)) {
    const problem = key === 'apiVersion' ? versionProblem(item) : key === 'kind' ? kindProblem(item) : undefined;
    if (problem !== undefined) errors.push(invalid(`${path}.${key}`, item, problem));
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

function metadataErrors(value: JsonValue, path: string): readonly FieldError[] {
  const found: FieldError[] = [];
  try {
    const metadata = decode('meta.v1.ObjectMeta', value).value as ObjectMeta; // edge: decoded as what it becomes
    const namespaced = (metadata.namespace ?? '') !== '';
    const named = metadata.name ? metadata : { ...metadata, name: 'unnamed' };
    validateMetadata(named, { namespaced, validName: pathSegmentName, qualifiedFinalizers: false }, found);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [invalid(`${path}.metadata`, value, error.message)];
  }
  return found.map((error) => ({ ...error, field: `${path}.${error.field}` }));
}
