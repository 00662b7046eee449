// The OpenAPI documents of the API, made from the one schema: an index and a document for each group version
// (version 3), and one document of everything (version 2).
//
//   /openapi/v3 ─▶ openApiIndex      /openapi/v3/apis/apps/v1 ─▶ openApiDocument      /openapi/v2 ─▶ openApiV2Document
import { isObject, type JsonObject, own } from '../../base/json.ts';
import { apiVersionText, type GroupVersionKind } from '../resource.ts';
import { type Descriptions, noDescriptions } from './descriptions.ts';
import { type OpenApiVersion, openApiName, openApiSchemas } from './openapi-schemas.ts';
import { definitionName, definitionNames } from './schema.ts';

/** What a document needs to know of a resource. */
export interface OpenApiResource extends GroupVersionKind {
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly (GroupVersionKind & { readonly name: string; readonly verbs: readonly string[] })[];
}

/** `apis/apps/v1`, or `api/v1` in the core group: the key in the index. */
export function openApiPath(version: { readonly group: string; readonly version: string }): string {
  return version.group === '' ? `api/${version.version}` : `apis/${apiVersionText(version)}`;
}

/** What `GET /openapi/v3` answers. `hash` changes when a document does. */
export function openApiIndex(paths: readonly { readonly path: string; readonly hash: string }[]): JsonObject {
  const entries = paths.map(({ path, hash }) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]);
  return { paths: Object.fromEntries(entries) };
}

/** The document of one group version. */
export function openApiDocument(
  version: { readonly group: string; readonly version: string },
  resources: readonly OpenApiResource[],
  descriptions: Descriptions = noDescriptions,
): JsonObject {
  const roots = new Set<string>();
  for (const resource of resources)
    for (const gvk of [resource, { ...resource, kind: `${resource.kind}List` }, ...resource.subresources]) {
      const name = definitionName(gvk);
      if (name !== undefined) roots.add(name);
    }
  for (const shared of ['APIResourceList', 'DeleteOptions', 'Patch', 'Status', 'WatchEvent'])
    roots.add(`meta.v1.${shared}`);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.2' },
    paths: Object.fromEntries(resources.flatMap((resource) => resourcePaths(resource, 3))),
    components: {
      schemas: withKinds(openApiSchemas([...roots], 3, descriptions), [version]),
      securitySchemes: {
        BearerToken: {
          description: 'Bearer Token authentication',
          in: 'header',
          name: 'authorization',
          type: 'apiKey',
        },
      },
    },
  };
}

/** One document of all definitions, as clients of version 2 read it; its paths are those of the resources. */
export function openApiV2Document(
  resources: readonly OpenApiResource[],
  descriptions: Descriptions = noDescriptions,
): JsonObject {
  const versions = [...new Map(resources.map((one) => [apiVersionText(one), one])).values()];
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.36.2' },
    paths: Object.fromEntries(resources.flatMap((resource) => resourcePaths(resource, 2))),
    definitions: withKinds(openApiSchemas([...definitionNames(), 'meta.v1.Patch'], 2, descriptions), versions),
  };
}

/** Marks the schemas that are kinds; shared ones belong to every group version. */
function withKinds(
  schemas: Readonly<Record<string, JsonObject>>,
  versions: readonly { readonly group: string; readonly version: string }[],
): JsonObject {
  const marks = new Map<string, JsonObject[]>();
  for (const { group, version } of versions) {
    for (const [name, schema] of Object.entries(schemas)) {
      const kind = name.slice(name.lastIndexOf('.') + 1);
      const properties = own(schema, 'properties');
      const isKind =
        isObject(properties) && Object.hasOwn(properties, 'kind') && Object.hasOwn(properties, 'apiVersion');
      const known = isKind ? definitionName({ group, version, kind }) : undefined;
      if (known === undefined || openApiName(known) !== name) continue;
      marks.set(name, [...(marks.get(name) ?? []), { group, kind, version }]);
    }
  }
  const marked = Object.entries(schemas).map(([name, schema]): [string, JsonObject] => {
    const mark = marks.get(name);
    return [name, mark ? { ...schema, 'x-kubernetes-group-version-kind': mark } : schema];
  });
  return Object.fromEntries(marked);
}

const collectionMethods = [
  { verb: 'list', method: 'get', action: 'list' },
  { verb: 'create', method: 'post', action: 'post' },
  { verb: 'deletecollection', method: 'delete', action: 'deletecollection' },
] as const;
const objectMethods = [
  { verb: 'get', method: 'get', action: 'get' },
  { verb: 'update', method: 'put', action: 'put' },
  { verb: 'patch', method: 'patch', action: 'patch' },
  { verb: 'delete', method: 'delete', action: 'delete' },
] as const;

type Methods = typeof collectionMethods | typeof objectMethods;

function resourcePaths(resource: OpenApiResource, document: OpenApiVersion): [string, JsonObject][] {
  const root = `/${openApiPath(resource)}/`;
  const scope = resource.namespaced ? 'namespaces/{namespace}/' : '';
  const collection = `${root}${scope}${resource.resource}`;
  const write = (methods: Methods, verbs: readonly string[], gvk: GroupVersionKind) =>
    operations(methods, verbs, gvk, document);
  const paths: [string, JsonObject][] = [[collection, write(collectionMethods, resource.verbs, resource)]];
  const object = write(objectMethods, resource.verbs, resource);
  if (Object.keys(object).length > 0) paths.push([`${collection}/{name}`, object]);
  for (const { name, verbs, ...gvk } of resource.subresources) {
    const methods = { ...write(objectMethods, verbs, gvk), ...write(collectionMethods, onlyCreate(verbs), gvk) };
    paths.push([`${collection}/{name}/${name}`, methods]);
  }
  return paths;
}

function onlyCreate(verbs: readonly string[]): readonly string[] {
  return verbs.filter((verb) => verb === 'create');
}

function operations(
  methods: Methods,
  verbs: readonly string[],
  { group, version, kind }: GroupVersionKind,
  document: OpenApiVersion,
): JsonObject {
  const name = definitionName({ group, version, kind });
  const entries: [string, JsonObject][] = [];
  for (const { verb, method, action } of methods) {
    if (!verbs.includes(verb)) continue;
    const operation = {
      parameters: parameters(action, document),
      responses: { 200: { description: 'OK', ...(name !== undefined && content(name, document)) } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, kind, version },
    };
    entries.push([method, operation]);
  }
  return Object.fromEntries(entries);
}

function content(name: string, document: OpenApiVersion): JsonObject {
  const place = document === 3 ? 'components/schemas' : 'definitions';
  const schema = { $ref: `#/${place}/${openApiName(name)}` };
  return document === 3 ? { content: { 'application/json': { schema } } } : { schema };
}

const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'];
const actionParameters: Readonly<Record<string, readonly string[]>> = {
  list: ['allowWatchBookmarks', 'continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'watch'],
  post: writeParameters,
  put: writeParameters,
  patch: [...writeParameters, 'force'],
  delete: ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'],
  deletecollection: ['dryRun', 'fieldSelector', 'gracePeriodSeconds', 'labelSelector', 'propagationPolicy'],
};
const parameterTypes: Readonly<Record<string, string>> = {
  allowWatchBookmarks: 'boolean',
  watch: 'boolean',
  force: 'boolean',
  orphanDependents: 'boolean',
  limit: 'integer',
  gracePeriodSeconds: 'integer',
};

const parameterTexts: Readonly<Record<string, string>> = {
  allowWatchBookmarks: 'Asks for BOOKMARK events in a watch. Servers that have none ignore it.',
  continue: 'What an earlier list call answered with, to get the next part of the list.',
  dryRun: 'With `All`, every step is carried out except for storing the result.',
  fieldManager: 'The name under which the changes are noted in managedFields, up to 128 printable characters.',
  fieldSelector: 'A selector to restrict the list of returned objects by their fields. Defaults to everything.',
  fieldValidation: 'What becomes of unknown and duplicate fields: Ignore, Warn or Strict.',
  force: 'Whether an apply takes over fields that other managers own.',
  gracePeriodSeconds: 'Seconds before the object is deleted; 0 is at once. Default: what the type says.',
  labelSelector: 'A selector to restrict the list of returned objects by their labels. Defaults to everything.',
  limit: 'The most objects that one list call answers with; the answer says how to go on.',
  orphanDependents: 'Deprecated: use propagationPolicy.',
  propagationPolicy: 'What becomes of dependents: Orphan, Background or Foreground.',
  resourceVersion: 'How recent what is answered must be.',
  watch: 'Watch for changes to the described resources and return them as a stream of notifications.',
};

function parameters(action: string, document: OpenApiVersion): readonly JsonObject[] {
  return (actionParameters[action] ?? []).map((name) => {
    const type = { type: parameterTypes[name] ?? 'string', uniqueItems: true };
    const description = parameterTexts[name];
    return { name, in: 'query', ...(description && { description }), ...(document === 3 ? { schema: type } : type) };
  });
}
