// The parts of a JSON schema of a custom resource, as its readers want them.
import type { JSONSchemaProps } from '../../api/generated/types.ts';
import { compareText } from '../../api/go-format.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';

/** One node of an OpenAPI v3 schema. */
export type Schema = JSONSchemaProps;

/** The schema of a list's items. */
export function itemsOf(schema: Schema | undefined): Schema | undefined {
  return asSchema(schema?.items);
}

/** The schema of a map's values, where `additionalProperties` is one. */
export function valuesOf(schema: Schema | undefined): Schema | undefined {
  return asSchema(schema?.additionalProperties);
}

/** Whether other keys than `properties` may be there: `additionalProperties` is a schema or true. */
export function isOpen(schema: Schema): boolean {
  return schema.additionalProperties !== undefined && schema.additionalProperties !== false;
}

/** The schema of one property. */
export function propertyOf(schema: Schema | undefined, name: string): Schema | undefined {
  const properties = schema?.properties;
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** All properties, sorted by name: upstream's order is random. */
export function propertiesOf(schema: Schema): readonly (readonly [string, Schema])[] {
  return Object.entries(schema.properties ?? {}).sort(([a], [b]) => compareText(a, b));
}

/** The schema of what is under a key: a property's, else that of a map's values. */
export function schemaAt(schema: Schema | undefined, key: string): Schema | undefined {
  return propertyOf(schema, key) ?? valuesOf(schema);
}

/** Whether unknown fields stay. */
export function isPreserving(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

/** Whether the value is a resource of its own, with metadata. */
export function isEmbedded(schema: Schema): boolean {
  return schema['x-kubernetes-embedded-resource'] === true;
}

/** The schema of a whole resource: it embeds itself. */
export function asRoot(schema: Schema): Schema {
  return isEmbedded(schema) ? schema : { ...schema, 'x-kubernetes-embedded-resource': true };
}

/** Fields that every resource has, whatever its schema says. */
export const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Whether a predicate holds anywhere in a schema. */
export function someSchema(schema: Schema | undefined, holds: (node: Schema) => boolean): boolean {
  if (!schema) return false;
  if (holds(schema)) return true;
  const { allOf = [], anyOf = [], oneOf = [], not, properties = {}, patternProperties = {}, definitions = {} } = schema;
  const { items, additionalItems, dependencies = {} } = schema;
  const lone = [itemsOf(schema), valuesOf(schema), not, asSchema(additionalItems)];
  const named = [properties, patternProperties, definitions].flatMap((schemas) => Object.values(schemas));
  const listed = isList(items) ? items.map(asSchema) : [];
  const inner = [
    ...lone,
    ...allOf,
    ...anyOf,
    ...oneOf,
    ...named,
    ...listed,
    ...Object.values(dependencies).map(asSchema),
  ];
  return inner.some((node) => someSchema(node, holds));
}

/** Whether a predicate holds everywhere in a schema. */
export function everySchema(schema: Schema, holds: (node: Schema) => boolean): boolean {
  return !someSchema(schema, (node) => !holds(node));
}

/** The schema in a place where something else may stand, too. */
export function asSchema(value: JsonValue | undefined): Schema | undefined {
  return isObject(value) ? (value as Schema) : undefined; // edge: items and additionalProperties hold schemas
}
