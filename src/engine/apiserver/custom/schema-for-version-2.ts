// A custom resource's schema without what OpenAPI 2, or kubectl's reading of it, has no way to say.
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';

/** Choices between schemas and defaults go; what may be null or may hold anything loses its type and its parts. */
export function schemaForVersion2(schema: JsonObject): JsonObject {
  const { allOf, oneOf, anyOf, not, nullable, default: _, ...kept } = schema;
  const open = kept['x-kubernetes-preserve-unknown-fields'] === true;
  if (nullable === true || open) {
    const { items, properties, type, ...rest } = kept;
    return nullable !== true && type !== undefined && type !== 'object' && type !== 'array' ? { ...rest, type } : rest;
  }
  const { properties, items, additionalProperties, required, ...rest } = kept;
  return {
    ...rest,
    ...(isList(required) && { required: required.filter((name) => !isNullable(properties, String(name))) }),
    ...(isObject(properties) && { properties: eachForVersion2(properties) }),
    ...(items !== undefined && { items: isObject(items) ? schemaForVersion2(items) : items }),
    ...(additionalProperties !== undefined && {
      additionalProperties: isObject(additionalProperties)
        ? schemaForVersion2(additionalProperties)
        : additionalProperties,
    }),
  };
}

function eachForVersion2(properties: JsonObject): JsonObject {
  const entries = Object.entries(properties);
  return Object.fromEntries(
    entries.map(([name, schema]) => [name, isObject(schema) ? schemaForVersion2(schema) : schema]),
  );
}

function isNullable(properties: JsonValue | undefined, name: string): boolean {
  const schema = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isObject(schema) && schema.nullable === true;
}
