// Structural schemas: every value has one place that gives its type; what stands in allOf, anyOf, oneOf and not only
// narrows values down.
import { type FieldError, fieldErrorText, forbidden, invalid, required } from '../../api/field-error.ts';
import { compareText } from '../../api/go-format.ts';
import { GoRegexpError, goRegexp } from '../../base/go-regexp.ts';
import { equal, isList } from '../../base/json.ts';
import {
  isEmbedded,
  isPreserving,
  itemsOf,
  propertiesOf,
  propertyOf,
  type Schema,
  valuesOf,
} from '../custom/schema-node.ts';

/** What upstream cannot make a structural schema of at all; undefined: it can. */
export function structuralProblem(schema: Schema): string | undefined {
  for (const [key, name] of unsupported) {
    const value = schema[key];
    if (value === undefined || value === '' || (key !== 'additionalItems' && isEmpty(value))) continue;
    return `OpenAPIV3Schema '${name}' is not supported`;
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (isList(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  const { not, allOf = [], anyOf = [], oneOf = [], properties = {} } = schema;
  const inner = [not, ...allOf, ...anyOf, ...oneOf, itemsOf(schema), ...Object.values(properties), valuesOf(schema)];
  for (const one of inner) {
    const problem = one && structuralProblem(one);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const unsupported = [
  ['id', 'id'],
  ['$schema', 'schema'],
  ['$ref', '$ref'],
  ['patternProperties', 'patternProperties'],
  ['dependencies', 'dependencies'],
  ['additionalItems', 'additionalItems'],
  ['definitions', 'definitions'],
] as const;

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

type Level = 'root' | 'item' | 'field';

/** What keeps a schema from being structural, sorted as upstream sorts it. */
export function structuralErrors(schema: Schema, at: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  invariants(schema, 'root', at, errors);
  complete(schema, { schema, at }, at, errors);
  return errors.sort((a, b) => compareText(fieldErrorText(a), fieldErrorText(b)));
}

const emptyType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function invariants(schema: Schema, level: Level, at: string, errors: FieldError[]): void {
  const items = itemsOf(schema);
  if (schema.type === 'array' && !items) errors.push(required(`${at}.items`, 'must be specified'));
  if (items) invariants(items, 'item', `${at}.items`, errors);
  for (const [name, property] of propertiesOf(schema))
    invariants(property, 'field', `${at}.properties[${name}]`, errors);
  if (schema.additionalProperties !== undefined && level === 'root')
    errors.push(forbidden(`${at}.additionalProperties`, 'must not be used at the root'));
  const values = valuesOf(schema);
  if (values) invariants(values, 'field', `${at}.additionalProperties`, errors);
  extensions(schema, at, errors);
  const skipAnyOf = isIntOrString(schema.anyOf);
  const skipFirst = isIntOrString(schema.allOf?.[0]?.anyOf);
  narrowing(schema, { skipAnyOf, skipFirst }, at, errors);
  typeErrors(schema, level, at, errors);
  metadataErrors(schema, level, at, errors);
  const embedded = isEmbedded(schema);
  if (embedded && !isPreserving(schema) && Object.keys(schema.properties ?? {}).length === 0) {
    const text =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(`${at}.properties`, text));
  }
}

function extensions(schema: Schema, at: string, errors: FieldError[]): void {
  if (!schema['x-kubernetes-int-or-string']) return;
  for (const name of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    if (schema[name])
      errors.push(invalid(`${at}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'));
}

function typeErrors(schema: Schema, level: Level, at: string, errors: FieldError[]): void {
  const { type = '' } = schema;
  const embedded = isEmbedded(schema);
  const field = `${at}.type`;
  if (embedded && type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(field, text) : invalid(field, type, text));
  } else if (type === '' && !schema['x-kubernetes-int-or-string'] && !isPreserving(schema))
    errors.push(required(field, emptyType[level]));
  if (embedded && schema.additionalProperties !== undefined)
    errors.push(forbidden(`${at}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'));
  if (level === 'root' && type !== '' && type !== 'object')
    errors.push(invalid(field, type, 'must be object at the root'));
}

function metadataErrors(schema: Schema, level: Level, at: string, errors: FieldError[]): void {
  const check = level === 'root' || isEmbedded(schema);
  if (check)
    for (const name of ['kind', 'apiVersion']) {
      const property = propertyOf(schema, name);
      if (property && property.type !== 'string')
        errors.push(invalid(`${at}.properties[${name}].type`, property.type ?? '', 'must be string'));
    }
  const metadata = propertyOf(schema, 'metadata');
  if (!metadata) return;
  const field = `${at}.properties[metadata]`;
  if (check && metadata.type !== 'object') errors.push(invalid(`${field}.type`, metadata.type ?? '', 'must be object'));
  if (level !== 'root') return;
  const { type: _, default: __, properties = {}, ...rest } = metadata;
  const names = Object.keys(properties);
  if (names.every((name) => name === 'name' || name === 'generateName') && Object.keys(rest).length === 0) return;
  const text = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
  errors.push(forbidden(field, text));
}

function isIntOrString(anyOf: readonly Schema[] | undefined): boolean {
  const plain = anyOf?.map(({ additionalProperties, ...rest }) => (additionalProperties ? undefined : rest));
  return equal(plain, [{ type: 'integer' }, { type: 'string' }]);
}

/** What narrows values down: the schemas in allOf and its kin, and patterns. */
function narrowing(
  schema: Schema,
  { skipAnyOf = false, skipFirst = false }: { readonly skipAnyOf?: boolean; readonly skipFirst?: boolean },
  at: string,
  errors: FieldError[],
): void {
  if (!skipAnyOf) for (const [i, one] of (schema.anyOf ?? []).entries()) nested(one, `${at}.anyOf[${i}]`, errors);
  for (const [i, one] of (schema.allOf ?? []).entries())
    nested(one, `${at}.allOf[${i}]`, errors, { skipAnyOf: skipFirst && i === 0 });
  for (const [i, one] of (schema.oneOf ?? []).entries()) nested(one, `${at}.oneOf[${i}]`, errors);
  if (schema.not) nested(schema.not, `${at}.not`, errors);
  if (!schema.pattern) return;
  try {
    goRegexp(schema.pattern);
  } catch (error) {
    if (!(error instanceof GoRegexpError)) throw error;
    const text = `must be a valid regular expression, but isn't: ${error.message}`;
    errors.push(invalid(`${at}.pattern`, schema.pattern, text));
  }
}

const forbiddenInside = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
] as const;

function nested(schema: Schema, at: string, errors: FieldError[], { skipAnyOf = false } = {}): void {
  narrowing(schema, { skipAnyOf }, at, errors);
  const items = itemsOf(schema);
  if (items) nested(items, `${at}.items`, errors);
  for (const [name, property] of propertiesOf(schema)) nested(property, `${at}.properties[${name}]`, errors);
  for (const [key, text] of forbiddenInside) if (isSet(schema[key], key)) errors.push(forbidden(`${at}.${key}`, text));
  if (propertyOf(schema, 'metadata'))
    errors.push(forbidden(`${at}.properties[metadata]`, 'must not be specified in a nested context'));
}

/** Whether a field counts as set: a pointer does with whatever is behind it. */
function isSet(value: unknown, key: string): boolean {
  if (value === undefined || value === null) return false;
  return key === 'default' || key.endsWith('-type') || (value !== false && value !== '');
}

interface Spine {
  readonly schema: Schema | undefined;
  readonly at: string;
}

/** What allOf and its kin look at must be there outside of them, too. */
function complete(schema: Schema, spine: Spine, at: string, errors: FieldError[]): void {
  const visit = (one: Schema, place: string): void => completeNested(one, spine, place, errors);
  if (schema.not) visit(schema.not, `${at}.not`);
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const)
    for (const [i, one] of (schema[key] ?? []).entries()) visit(one, `${at}.${key}[${i}]`);
}

function completeNested(schema: Schema, spine: Spine, at: string, errors: FieldError[]): void {
  if (!spine.schema) {
    errors.push(required(spine.at, `because it is defined in ${at}`));
    return;
  }
  complete(schema, spine, at, errors);
  const items = itemsOf(schema);
  if (items) completeNested(items, { schema: itemsOf(spine.schema), at: `${spine.at}.items` }, `${at}.items`, errors);
  for (const [name, property] of propertiesOf(schema)) {
    const inner = { schema: propertyOf(spine.schema, name), at: `${spine.at}.properties[${name}]` };
    completeNested(property, inner, `${at}.properties[${name}]`, errors);
  }
}
