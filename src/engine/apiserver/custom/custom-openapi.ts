// OpenAPI schemas of custom resources: their own with what every resource has.
import type { OpenApiResource } from '../../../api/schema/openapi-routes.ts';
import { type OpenApiVersion, openApiReference } from '../../../api/schema/openapi-schemas.ts';
import { objectAt, textsAt } from '../../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { byBytes } from '../../../base/text-order.ts';
import type { ServedResource } from '../served-resource.ts';
import { schemaForVersion2 } from './schema-for-version-2.ts';

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
/** What the API's documentation says of the fields that every resource has. */
const metadataText = `Standard object's metadata. More info: ${conventions}#metadata`;
const listMetadataText = `Standard list metadata. More info: ${conventions}#types-kinds`;
const apiVersionText = `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`;
const kindText = `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`;

const embeddedVersionText = `apiVersion defines the versioned schema of this representation of an object. More info: ${conventions}#resources`;
const embeddedKindText = `kind is a string value representing the type of this object. In CamelCase. More info: ${conventions}#types-kinds`;

/** Custom resources as documents describe their routes. */
export function customRoutes(resources: readonly ServedResource[]): readonly OpenApiResource[] {
  return resources.map((resource) => ({ ...resource, schema: schemaName(resource), custom: true }));
}

/** The schemas that custom resources add to a document. */
export function customDefinitions(resources: readonly ServedResource[], version: OpenApiVersion): JsonObject {
  return Object.fromEntries(resources.flatMap((one) => schemaEntries(one, version)));
}

/** `stable.example.com` v1 CronTab is `com.example.stable.v1.CronTab`. */
function schemaName({ group, version, kind }: ServedResource): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

function schemaEntries(resource: ServedResource, document: OpenApiVersion): readonly (readonly [string, JsonObject])[] {
  const { custom, group, version, kind } = resource;
  if (!custom) return [];
  const name = schemaName(resource);
  const texts = {
    apiVersion: { description: apiVersionText, type: 'string' },
    kind: { description: kindText, type: 'string' },
  };
  const metadata = (description: string, of: string): JsonObject => describedReference(description, of, document);
  const mark = (of: string): JsonObject => ({ 'x-kubernetes-group-version-kind': [{ group, kind: of, version }] });
  const json = custom.schema as unknown as JsonObject; // edge: schemas are JSON
  const shown = withEmbedded(document === 2 ? schemaForVersion2(json) : json, document);
  // In version 2 anything else would make kubectl complain of every field that the schema leaves open.
  const open = document === 2 && custom.schema['x-kubernetes-preserve-unknown-fields'] === true;
  const fields = { ...objectAt(shown, 'properties'), ...texts, metadata: metadata(metadataText, 'ObjectMeta') };
  const whole = inOrder({ ...(!open && { ...shown, properties: fields }), type: 'object', ...mark(kind) });
  const text = `List of ${resource.resource}. More info: ${conventions}`;
  const items = { description: text, type: 'array', items: openApiReference(name, document) };
  const list: JsonObject = {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: sorted({ ...texts, items, metadata: metadata(listMetadataText, 'ListMeta') }),
    ...mark(`${kind}List`),
  };
  return [
    [name, whole],
    [`${name}List`, list],
  ];
}

function describedReference(description: string, of: string, document: OpenApiVersion): JsonObject {
  const reference = openApiReference(`meta.v1.${of}`, document);
  return { description, ...(document === 3 ? { allOf: [reference] } : reference) };
}

/** The schema with what embedded resources have as every resource has it. */
function withEmbedded(schema: JsonObject, document: OpenApiVersion): JsonObject {
  const inner = eachSchema(schema, (each) => withEmbedded(each, document));
  const open = document === 2 && inner['x-kubernetes-preserve-unknown-fields'] === true;
  if (open || inner['x-kubernetes-embedded-resource'] !== true) return inner;
  const required = textsAt(inner, 'required');
  return {
    ...inner,
    required: [...required, ...['kind', 'apiVersion'].filter((name) => !required.includes(name))],
    properties: {
      ...objectAt(inner, 'properties'),
      apiVersion: { description: embeddedVersionText, type: 'string' },
      kind: { description: embeddedKindText, type: 'string' },
      metadata: describedReference(metadataText, 'ObjectMeta', document),
    },
  };
}

/** The schema with its keys in the order in which the server writes them. */
function inOrder(schema: JsonObject): JsonObject {
  const entries = Object.entries(eachSchema(schema, inOrder)).filter(([, value]) => value !== undefined);
  const place = (key: string) => (keyOrder.includes(key) ? keyOrder.indexOf(key) : keyOrder.length);
  return Object.fromEntries(entries.sort(([a], [b]) => place(a) - place(b) || byBytes(a, b)));
}

/** Extensions follow, sorted. */
const keyOrder =
  `description type nullable format title default maximum exclusiveMaximum minimum exclusiveMinimum maxLength
minLength pattern maxItems minItems uniqueItems multipleOf enum maxProperties minProperties required items allOf oneOf
anyOf not properties additionalProperties`.split(/\s/);

/** A schema with its parts changed; its properties sorted. */
function eachSchema(schema: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([key, value]): [string, JsonValue] => {
    if (isObject(value) && (key === 'items' || key === 'not' || key === 'additionalProperties'))
      return [key, change(value)];
    if (isObject(value) && key === 'properties') return [key, eachProperty(value, change)];
    if (isList(value) && /^(?:all|any|one)Of$/.test(key))
      return [key, value.map((one) => (isObject(one) ? change(one) : one))];
    return [key, value];
  });
  return Object.fromEntries(entries);
}

function eachProperty(properties: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  const entries = Object.entries(properties).map(([name, each]) => [name, isObject(each) ? change(each) : each]);
  return sorted(Object.fromEntries(entries));
}

function sorted(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => byBytes(a, b)));
}
