// The schema that completion, hover and errors come from: the cluster's own OpenAPI, custom resources included.
import type { KubePort, KubeRequest } from '../../api/ports.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One schema for every kind that can be applied: `apiVersion` and `kind` choose the rest. */
export async function clusterSchema(kube: KubePort): Promise<JsonObject> {
  const index = await get(kube, '/openapi/v3');
  const paths = isObject(index) && isObject(index.paths) ? Object.values(index.paths) : [];
  const documents = await Promise.all(
    paths.map((entry) => get(kube, isObject(entry) ? String(entry.serverRelativeURL) : '')),
  );
  const definitions: Record<string, JsonValue> = {};
  const kinds: { readonly name: string; readonly kind: Kind }[] = [];
  for (const document of documents) {
    const components = isObject(document) && isObject(document.components) ? document.components.schemas : undefined;
    for (const [name, schema] of Object.entries(isObject(components) ? components : {})) {
      if (Object.hasOwn(definitions, name)) continue;
      definitions[name] = schema;
      const kind = kindOf(schema);
      if (kind) kinds.push({ name, kind });
    }
  }
  return rootSchema(definitions, kinds);
}

function rootSchema(
  definitions: Readonly<Record<string, JsonValue>>,
  kinds: readonly { readonly name: string; readonly kind: Kind }[],
): JsonObject {
  const versions = [...new Set(kinds.map(({ kind }) => versionOf(kind)))].sort();
  return {
    type: 'object',
    required: ['apiVersion', 'kind'],
    properties: {
      apiVersion: { type: 'string', enum: versions },
      kind: { type: 'string', enum: [...new Set(kinds.map(({ kind }) => kind.kind))].sort() },
    },
    additionalProperties: true, // the kind's own schema says which
    allOf: kinds.map(({ name, kind }) => {
      const properties = { apiVersion: { const: versionOf(kind) }, kind: { const: kind.kind } };
      return Object.fromEntries([
        ['if', { required: ['apiVersion', 'kind'], properties }],
        ['then', { $ref: `#/components/schemas/${name}` }],
      ]);
    }),
    components: { schemas: definitions },
  };
}

function versionOf({ group, version }: Kind): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The kind that a schema is of, if it is one that a learner writes: lists and options are not. */
function kindOf(schema: JsonValue): Kind | undefined {
  const given = isObject(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
  const [only, ...more] = isList(given) ? given : [];
  if (!isObject(only) || more.length > 0) return undefined;
  const { group, version, kind } = only;
  if (typeof group !== 'string' || typeof version !== 'string' || typeof kind !== 'string') return undefined;
  const written = isObject(schema) && isObject(schema.properties) && Object.hasOwn(schema.properties, 'metadata');
  return written && !kind.endsWith('List') ? { group, version, kind } : undefined;
}

async function get(kube: KubePort, path: string): Promise<JsonValue> {
  const request: KubeRequest = { method: 'GET', path, headers: { 'user-agent': 'page', accept: 'application/json' } };
  const { body } = await kube.request(request);
  return body.kind === 'json' ? body.value : null;
}
