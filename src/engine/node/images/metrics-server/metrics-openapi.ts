// What metrics-server tells of its API in OpenAPI, in versions 2 and 3: kubectl explain and others read it.
import { openApiDocument, openApiIndex } from '../../../../api/schema/openapi.ts';
import { openApiPaths } from '../../../../api/schema/openapi-paths.ts';
import { openApiPath, resourceRoutes } from '../../../../api/schema/openapi-routes.ts';
import { objectAt } from '../../../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../../base/json.ts';
import { builtInResource } from '../../../../kinds/catalog.ts';

const version = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;
const verbs = ['get', 'list'];
const own = 'io.k8s.metrics.pkg.apis.metrics.v1beta1';
const resources = [
  { ...resource('NodeMetrics'), resource: 'nodes', namespaced: false },
  { ...resource('PodMetrics'), resource: 'pods', namespaced: true },
];
const path = openApiPath(version);

/** Undefined: the path leads to no document. */
export function openApiOfMetrics(asked: string): JsonObject | undefined {
  if (asked === '/openapi/v3') return openApiIndex([{ path, hash: '8C7A2F0B64D915E3'.repeat(8) }]);
  const document = openApiDocument(version, resources);
  const schemas = { ...sharedSchemas(), ...ownSchemas };
  if (asked === `/openapi/v3/${path}`) return { ...document, components: { schemas } };
  if (asked !== '/openapi/v2') return undefined;
  const info = { title: 'Kubernetes metrics-server', version: 'v0.8.0' };
  return {
    swagger: '2.0',
    info,
    paths: openApiPaths(resources.flatMap(resourceRoutes), 2),
    definitions: asVersion2(schemas),
  };
}

function resource(kind: string) {
  return { ...version, kind, verbs, subresources: [], schema: `${own}.${kind}` };
}

/** Version 2 has its definitions elsewhere, and a reference alone where version 3 has a list of one. */
function asVersion2(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(asVersion2);
  if (typeof value === 'string') return value.replace(schemasAt, '#/definitions/');
  if (!isObject(value)) return value;
  const { allOf, default: _, schema, ...rest } = value;
  const only = isList(allOf) && isObject(allOf[0]) ? allOf[0] : {};
  const type = isObject(schema) && !('$ref' in schema) ? schema : {};
  const kept = schema !== undefined && type !== schema ? { schema } : {};
  const entries = Object.entries({ ...rest, ...only, ...type, ...kept });
  return Object.fromEntries(entries.map(([key, item]) => [key, asVersion2(item)]));
}

const schemasAt = '#/components/schemas/';
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

function refTo(kind: string): JsonObject {
  return { $ref: `${schemasAt}${own}.${kind}` };
}

/** Those of metadata that come with any built-in kind. */
function sharedSchemas(): JsonObject {
  const model = builtInResource('', 'v1', 'configmaps');
  const document = model ? openApiDocument({ group: '', version: 'v1' }, [model]) : {};
  const all = Object.entries(objectAt(document, 'components.schemas') ?? {});
  return Object.fromEntries(all.filter(([name]) => name.startsWith(`${meta}.`)));
}

const texts = {
  apiVersion: { description: 'The version of the schema that the object follows, with its group.', type: 'string' },
  kind: { description: 'The kind of thing that the object represents.', type: 'string' },
};
const usage = {
  description: 'How much of each resource was used, averaged over the window.',
  type: 'object',
  additionalProperties: { allOf: [{ $ref: schemasAt + quantity }], default: {} },
};
const metadata = {
  description: "Standard object's metadata.",
  allOf: [{ $ref: `${schemasAt}${meta}.ObjectMeta` }],
  default: {},
};
const time = {
  timestamp: { description: 'When the window ended.', allOf: [{ $ref: `${schemasAt}${meta}.Time` }] },
  window: { description: 'The time over which was measured.', allOf: [{ $ref: `${schemasAt}${meta}.Duration` }] },
};

function kindSchema(
  kind: string,
  description: string,
  properties: JsonObject,
  required: readonly string[],
): JsonObject {
  return {
    description,
    type: 'object',
    required,
    properties: { ...texts, ...properties },
    'x-kubernetes-group-version-kind': [{ ...version, kind }],
  };
}

function listSchema(kind: string): JsonObject {
  const items = { description: `List of ${kind}.`, type: 'array', items: { allOf: [refTo(kind)], default: {} } };
  const listMeta = { ...metadata, allOf: [{ $ref: `${schemasAt}${meta}.ListMeta` }] };
  return kindSchema(`${kind}List`, `${kind}List is a list of ${kind}.`, { metadata: listMeta, items }, ['items']);
}

const ownSchemas: JsonObject = {
  [quantity]: {
    description: 'A number with a unit, such as 250m or 64Mi.',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  [`${meta}.Duration`]: { description: 'A time span as Go writes it, such as 15s.', type: 'string' },
  [`${own}.ContainerMetrics`]: {
    description: 'What one container used.',
    type: 'object',
    required: ['name', 'usage'],
    properties: { name: { description: 'The name of the container.', type: 'string', default: '' }, usage },
  },
  [`${own}.NodeMetrics`]: kindSchema('NodeMetrics', 'What a node used.', { metadata, ...time, usage }, [
    'timestamp',
    'window',
    'usage',
  ]),
  [`${own}.NodeMetricsList`]: listSchema('NodeMetrics'),
  [`${own}.PodMetrics`]: kindSchema(
    'PodMetrics',
    'What the containers of a pod used.',
    {
      metadata,
      ...time,
      containers: {
        description: 'Each container of the pod, measured over the same time.',
        type: 'array',
        items: { allOf: [refTo('ContainerMetrics')], default: {} },
      },
    },
    ['timestamp', 'window', 'containers'],
  ),
  [`${own}.PodMetricsList`]: listSchema('PodMetrics'),
};
