// What a schema may say about how its lists and maps merge.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import { itemsOf, propertyOf, type Schema } from '../custom/schema-node.ts';
import { internalForm } from '../internal-form.ts';
import { type Errors, shown } from './checks.ts';

/** Which of the younger rules hold. */
export interface ListRules {
  readonly atomicSets: boolean;
  readonly listKeys: boolean;
}

/** Adds what is wrong with the list and map types of one node. */
export function listRuleErrors(schema: Schema, at: string, { atomicSets, listKeys }: ListRules, errors: Errors): void {
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalid(`${at}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  mapTypeErrors(schema, at, errors);
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (listType !== undefined && schema.type !== 'array')
    typeMissing(schema, at, 'must be array if x-kubernetes-list-type is specified', errors);
  else if (atomicSets && listType === 'set') errors.push(...setItemErrors(schema, at));
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType))
    errors.push(notSupported(`${at}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']));
  if (keys.length > 0 && listType !== 'map') {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
    const field = `${at}.x-kubernetes-list-type`;
    errors.push(listType === undefined ? required(field, text) : invalid(field, listType, text));
  }
  if (listType === 'map') mapErrors(schema, at, errors);
  if (listKeys) errors.push(...listKeyErrors(schema, at));
}

function mapTypeErrors(schema: Schema, at: string, errors: Errors): void {
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType === undefined) return;
  if (schema.type !== 'object') typeMissing(schema, at, 'must be object if x-kubernetes-map-type is specified', errors);
  if (mapType !== 'atomic' && mapType !== 'granular')
    errors.push(notSupported(`${at}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
}

function typeMissing({ type }: Schema, at: string, text: string, errors: Errors): void {
  errors.push(type ? invalid(`${at}.type`, type, text) : required(`${at}.type`, text));
}

/** The items of a set are told apart as wholes. */
export function setItemErrors(schema: Schema, at: string): readonly FieldError[] {
  const items = itemsOf(schema);
  const errors: FieldError[] = [];
  if (!items) return errors;
  const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const listType = items['x-kubernetes-list-type'] ?? 'atomic';
  if (items.type === 'array' && listType !== 'atomic')
    errors.push(invalid(`${at}.items.x-kubernetes-list-type`, listType, text));
  if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    errors.push(invalid(`${at}.items.x-kubernetes-map-type`, items['x-kubernetes-list-type'] ?? null, text));
  return errors;
}

function mapErrors(schema: Schema, at: string, errors: Errors): void {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const items = itemsOf(schema);
  const field = `${at}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) errors.push(required(field, 'must not be empty if x-kubernetes-list-type is map'));
  if (schema.items === undefined)
    errors.push(required(`${at}.items`, 'must have a schema if x-kubernetes-list-type is map'));
  else if (!items) {
    const shownItems = internalForm('JSONSchemaPropsOrArray', { jsonSchemas: schema.items });
    errors.push(invalid(`${at}.items`, shownItems, 'must only have a single schema if x-kubernetes-list-type is map'));
  } else if (items.type !== 'object') {
    const text = "must be object if parent array's x-kubernetes-list-type is map";
    errors.push(invalid(`${at}.items.type`, items.type ?? '', text));
  } else
    for (const [i, key] of keys.entries()) {
      const property = propertyOf(items, key);
      if (!property) errors.push(invalid(field, shown(keys), 'entries must all be names of item properties'));
      else if (property.type === 'array' || property.type === 'object') {
        const text = "must be a scalar type if parent array's x-kubernetes-list-type is map";
        errors.push(invalid(`${at}.items.properties[${key}].type`, items.type, text));
      }
      if (keys.indexOf(key) < i) errors.push(invalid(field, shown(keys), 'must not contain duplicate entries'));
    }
}

/** Items and their keys must be there to be told apart. */
export function listKeyErrors(schema: Schema, at: string): readonly FieldError[] {
  const listType = schema['x-kubernetes-list-type'] ?? '';
  const items = itemsOf(schema);
  const errors: FieldError[] = [];
  if (!items || (listType !== 'set' && listType !== 'map')) return errors;
  if (items.nullable)
    errors.push(forbidden(`${at}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType !== 'map') return errors;
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = propertyOf(items, key);
    if (!property) continue;
    const field = `${at}.items.properties[${key}]`;
    const what = 'this property is in x-kubernetes-list-map-keys, so it';
    if (!items.required?.includes(key) && property.default === undefined)
      errors.push(required(`${field}.default`, `${what} must have a default or be a required property`));
    if (property.nullable) errors.push(forbidden(`${field}.nullable`, `${what} cannot be nullable`));
  }
  return errors;
}
