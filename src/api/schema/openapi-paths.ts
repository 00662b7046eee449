// Routes as the paths of an OpenAPI document: what all operations of a path share stands at the path.
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
import { type ParameterName, pathParameter, queryParameter } from './openapi-parameters.ts';
import { methods, type Operation, type Route } from './openapi-routes.ts';
import { type OpenApiVersion, openApiReference } from './openapi-schemas.ts';

/** The paths by their text, sorted. */
export function openApiPaths(routes: readonly Route[], version: OpenApiVersion): Readonly<Record<string, JsonObject>> {
  const sorted = [...routes].sort((a, b) => byBytes(a.path, b.path));
  return Object.fromEntries(sorted.map((route) => [route.path, pathItem(route, version)]));
}

/** The names of all schemas that routes refer to. */
export function schemasOf(routes: readonly Route[]): ReadonlySet<string> {
  const operations = routes.flatMap((route) => route.operations);
  const names = operations.flatMap(({ schema, body }) => [schema, body?.schema ?? '']);
  return new Set(names.filter((name) => name !== ''));
}

function pathItem({ path, kind, operations }: Route, version: OpenApiVersion): JsonObject {
  const [first, ...others] = operations.map(({ parameters }) => parameters);
  const common = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name = '']) => {
    const text = pathTexts[name] ?? (name === 'name' ? `name of the ${kind}` : undefined);
    return text === undefined ? [] : [pathParameter(name, text, version)];
  });
  const parameters = ordered([...inPath, ...common.map((name) => queryParameter(name, version))]);
  const byMethod = new Map(operations.map((each) => [each.method, each]));
  const entries = methods.flatMap((method): readonly [string, JsonObject][] => {
    const operation = byMethod.get(method);
    return operation ? [[method, operationJson(operation, common, version)]] : [];
  });
  return { ...Object.fromEntries(entries), ...(parameters.length > 0 && { parameters }) };
}

/** Of the other parts of paths; `{path}` comes with the operations. */
const pathTexts: Readonly<Record<string, string>> = { namespace: 'the namespace of the objects' };

function operationJson(operation: Operation, common: readonly ParameterName[], version: OpenApiVersion): JsonObject {
  const { id, tag, text, action, gvk, body, consumes, produces } = operation;
  const own = operation.parameters.filter((name) => !common.includes(name));
  const inBody: readonly JsonObject[] = body && version === 2 ? [bodyParameter(body)] : [];
  const parameters = ordered([...inBody, ...own.map((name) => queryParameter(name, version))]);
  const taken = { ...(parameters.length > 0 && { parameters }) };
  const what: JsonObject = {
    ...(action !== undefined && { 'x-kubernetes-action': action }),
    ...(gvk && { 'x-kubernetes-group-version-kind': gvkJson(gvk, version) }),
  };
  const responses = responsesJson(operation, version);
  if (version === 3)
    return {
      tags: [tag],
      description: text,
      operationId: id,
      ...taken,
      ...(body && { requestBody: requestBody(body) }),
      responses,
      ...what,
    };
  return {
    description: text,
    ...(consumes.length > 0 && { consumes }),
    produces,
    schemes: ['https'],
    tags: [tag],
    operationId: id,
    ...taken,
    responses,
    ...what,
  };
}

function gvkJson({ group, version, kind }: NonNullable<Operation['gvk']>, document: OpenApiVersion): JsonObject {
  return document === 3 ? { group, version, kind } : { group, kind, version };
}

type Body = NonNullable<Operation['body']>;

function bodyParameter({ schema, required }: Body): JsonObject {
  return { name: 'body', in: 'body', ...(required && { required }), schema: openApiReference(schema, 2) };
}

function requestBody({ schema, required, types }: Body): JsonObject {
  return { content: contentOf(types, openApiReference(schema, 3)), ...(required && { required }) };
}

const statusTexts = { 200: 'OK', 201: 'Created', 202: 'Accepted' } as const;

function responsesJson({ statuses, schema: name, produces }: Operation, version: OpenApiVersion): JsonObject {
  const schema = name === '' ? { type: 'string' } : openApiReference(name, version);
  const answer = version === 3 ? { content: contentOf(produces, schema) } : { schema };
  const entries = statuses.map((status): [string, JsonValue] => [
    String(status),
    { description: statusTexts[status], ...answer },
  ]);
  return { ...Object.fromEntries(entries), 401: { description: 'Unauthorized' } };
}

function contentOf(types: readonly string[], schema: JsonObject): JsonObject {
  return Object.fromEntries([...types].sort(byBytes).map((type) => [type, { schema }]));
}

/** By name, then by place. */
function ordered(parameters: readonly JsonObject[]): readonly JsonObject[] {
  return [...parameters].sort((a, b) => byBytes(String(a.name), String(b.name)) || byBytes(String(a.in), String(b.in)));
}
