// What the API server does with the objects of one version of a custom resource.
import { type FieldError, invalid } from '../../../api/field-error.ts';
import type { CustomResourceDefinitionVersion, CustomResourceSubresourceScale } from '../../../api/generated/types.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { checkRules, hasRules } from '../../../kinds/custom/check-rules.ts';
import { checkSchema } from '../../../kinds/custom/check-schema.ts';
import { embeddedErrors } from '../../../kinds/custom/embedded-resources.ts';
import { checkListTypes } from '../../../kinds/custom/list-types.ts';
import { propertyOf, type Schema } from '../../../kinds/custom/schema-node.ts';
import { simplePath } from '../../../kinds/custom/simple-path.ts';
import type { Kind, StoredObject } from '../../../kinds/kind.ts';
import { asJson } from '../json-edge.ts';
import { printerColumns } from './printer-columns.ts';
import { scaleErrors, scaleMapping } from './scale-paths.ts';

/** The rules of a version. */
export function customRules(
  { group, kind }: { readonly group: string; readonly kind: string },
  version: CustomResourceDefinitionVersion,
  schema: Schema,
): Kind {
  const { status, scale } = version.subresources ?? {};
  const withStatus = status !== undefined;
  const fields = (version.selectableFields ?? []).map(({ jsonPath }) => [
    jsonPath.replace(/^\./, ''),
    textAt(jsonPath),
  ]);
  return {
    group,
    kind,
    unconditionalUpdate: false,
    generationPart: withoutMetadata,
    prepareForCreate: (object) => (withStatus ? withoutStatus(object) : object),
    prepareForUpdate: (object, old) => (withStatus ? withStatusOf(object, old) : object),
    prepareForStatusUpdate(object, old) {
      const { managedFields } = object.metadata ?? {};
      const metadata = managedFields ? { ...old.metadata, managedFields } : old.metadata;
      return withStatusOf({ ...old, ...(metadata && { metadata }) }, object);
    },
    validate: (object, errors) => validate({ schema, scale }, object, undefined, errors),
    validateUpdate: (object, old, errors) => validate({ schema, scale }, object, old, errors),
    validateStatusUpdate: (object, old, errors) => validateStatus({ schema, scale }, object, old, errors),
    warnings: (object, old) => finalizerWarnings(object, old),
    columns: printerColumns(version.additionalPrinterColumns ?? []),
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
    ...(scale && { scale: scaleMapping(scale) }),
  };
}

interface Checks {
  readonly schema: Schema;
  readonly scale: CustomResourceSubresourceScale | undefined;
}

function validate(
  { schema, scale }: Checks,
  object: StoredObject,
  old: StoredObject | undefined,
  errors: FieldError[],
): void {
  const value = asJson(object);
  const before = old && { value: asJson(old) };
  errors.push(...checkSchema(schema, value, { before }));
  if (scale) errors.push(...scaleErrors(value, scale, ['spec', 'status']));
  errors.push(...embeddedErrors(schema, value));
  if (!old || checkListTypes(schema, asJson(old)).length === 0) errors.push(...checkListTypes(schema, value));
  checkOrSkipRules(schema, value, before, errors);
}

function validateStatus(
  { schema, scale }: Checks,
  object: StoredObject,
  old: StoredObject,
  errors: FieldError[],
): void {
  const value = asJson(object);
  const before = asJson(old);
  const status = propertyOf(schema, 'status');
  if (status && value.status !== undefined) {
    const known = before.status === undefined ? undefined : { value: before.status };
    errors.push(...checkSchema(status, value.status, { below: 'status', before: known }));
  }
  if (scale) errors.push(...scaleErrors(value, scale, ['status']));
  if (checkListTypes(schema, before).length === 0) errors.push(...checkListTypes(schema, value));
  checkOrSkipRules(schema, value, { value: before }, errors);
}

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** Rules only make sense of objects that fit the schema. */
function checkOrSkipRules(
  schema: Schema,
  value: JsonObject,
  before: { readonly value: JsonValue } | undefined,
  errors: FieldError[],
): void {
  if (errors.some(({ type }) => blocking.has(type))) {
    if (!hasRules(schema)) return;
    const text =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    errors.push(invalid('<nil>', null, text));
  } else errors.push(...checkRules(schema, { value, before }, { root: true }));
}

function withoutMetadata(object: StoredObject): unknown {
  const { metadata: _, ...rest } = object;
  return rest;
}

function withoutStatus(object: StoredObject): StoredObject {
  if (object.status === undefined) return object;
  const { status: _, ...rest } = object;
  return rest;
}

function withStatusOf(object: StoredObject, other: StoredObject): StoredObject {
  return other.status === undefined ? withoutStatus(object) : { ...object, status: other.status };
}

function textAt(jsonPath: string): (object: StoredObject) => string {
  const find = simplePath(jsonPath);
  return (object) => {
    const value = find?.(asJson(object))[0];
    return value === undefined || value === null || isObject(value) ? '' : String(value);
  };
}

const ownFinalizers = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** Finalizers should name who removes them. */
function finalizerWarnings(object: StoredObject, old: StoredObject | undefined): readonly string[] {
  const added = (object.metadata?.finalizers ?? []).filter((name) => !old?.metadata?.finalizers?.includes(name));
  return added
    .filter((name) => !name.includes('/') && !ownFinalizers.has(name))
    .sort()
    .map((name) => {
      const path = name.includes('.') ? ' including a path (/)' : '';
      return `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    });
}
