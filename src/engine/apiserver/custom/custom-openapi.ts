// OpenAPI documents of custom resources: their schemas with what every resource has.
import { type Descriptions, noDescriptions } from '../../../api/schema/descriptions.ts';
import { openApiDocument } from '../../../api/schema/openapi.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { builtInResource, type CatalogResource } from '../../../kinds/catalog.ts';
import { isEmbedded, type Schema } from '../../../kinds/custom/schema-node.ts';
import type { ServedResource } from '../served-resource.ts';
import { schemaForVersion2 } from './schema-for-version-2.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
/** What the API's documentation says of the fields that every resource has. */
const metadataText = `Standard object's metadata. More info: ${conventions}#metadata`;
const apiVersionText = `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`;
const kindText = `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`;

/** The document of a group version (version 3). `resources` are its custom resources. */
export function customOpenApi(
  version: { readonly group: string; readonly version: string },
  {
    resources,
    catalog,
  }: { readonly resources: readonly ServedResource[]; readonly catalog: readonly CatalogResource[] },
  descriptions: Descriptions = noDescriptions,
): JsonObject {
  const document = openApiDocument(version, catalog, descriptions);
  // ObjectMeta and ListMeta come with any built-in kind's document.
  const model = builtInResource('', 'v1', 'configmaps');
  const shared = model ? schemasOf(openApiDocument({ group: '', version: 'v1' }, [model], descriptions)) : {};
  const metas = Object.entries(shared).filter(([name]) => name.startsWith(meta));
  const components = isObject(document.components) ? document.components : {};
  const schemas = Object.fromEntries([
    ...Object.entries(schemasOf(document)),
    ...metas,
    ...resources.flatMap((resource) => schemaEntries(resource, '#/components/schemas/')),
  ]);
  return { ...document, components: { ...components, schemas } };
}

/** The definitions that custom resources add to the document of version 2. */
export function customDefinitions(resources: readonly ServedResource[]): JsonObject {
  return Object.fromEntries(resources.flatMap((one) => schemaEntries(one, '#/definitions/')));
}

function schemasOf(document: JsonObject): JsonObject {
  const { components } = document;
  return isObject(components) && isObject(components.schemas) ? components.schemas : {};
}

/** `stable.example.com` v1 CronTab is `com.example.stable.v1.CronTab`. */
function schemaName({ group, version, kind }: ServedResource): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

function schemaEntries(resource: ServedResource, place: string): readonly (readonly [string, JsonObject])[] {
  const { custom, group, version, kind } = resource;
  if (!custom) return [];
  const name = schemaName(resource);
  const texts = {
    apiVersion: { description: apiVersionText, type: 'string' },
    kind: { description: kindText, type: 'string' },
  };
  const reference = (to: string): JsonObject =>
    place.startsWith('#/components') ? { allOf: [{ $ref: place + to }] } : { $ref: place + to };
  const gvk = (of: string): JsonValue => [{ group, version, kind: of }];
  const second = place === '#/definitions/';
  const shown = second ? schemaForVersion2(schemaJson(custom.schema)) : schemaJson(custom.schema);
  const own = isObject(shown.properties) ? shown.properties : {};
  const metadata = { description: metadataText, ...reference(`${meta}.ObjectMeta`) };
  // In version 2 anything else would make kubectl complain of every field that the schema leaves open.
  const open = second && custom.schema['x-kubernetes-preserve-unknown-fields'] === true;
  const whole: JsonObject = {
    ...(!open && { ...shown, properties: { ...own, ...texts, metadata } }),
    type: 'object',
    'x-kubernetes-group-version-kind': gvk(kind),
  };
  const items = { description: `List of ${resource.resource}.`, type: 'array', items: reference(name) };
  const list: JsonObject = {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: { ...texts, items, metadata: { description: metadataText, ...reference(`${meta}.ListMeta`) } },
    'x-kubernetes-group-version-kind': gvk(`${kind}List`),
  };
  return [
    [name, whole],
    [`${name}List`, list],
  ];
}

/** The schema as it is; embedded resources show what every resource has. */
function schemaJson(schema: Schema): JsonObject {
  const json = schema as unknown as JsonObject; // edge: schemas are JSON
  if (!isEmbedded(schema)) return json;
  const entries = Object.entries(json).filter(
    ([, value]) => value !== undefined && !(isList(value) && value.length === 0),
  );
  return Object.fromEntries(entries);
}
