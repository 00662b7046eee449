// The resource metrics API: metrics.k8s.io/v1beta1 of nodes and pods, as objects, lists and tables.
import { FieldSelector, parseFieldSelector } from '../../../../api/field-selector.ts';
import type { Node, Pod } from '../../../../api/generated/types.ts';
import { compareText } from '../../../../api/go-format.ts';
import { parseQuantity, type Quantity } from '../../../../api/quantity.ts';
import { everything, parseSelector, SelectorError } from '../../../../api/selectors.ts';
import { ApiError, badRequest, noSuchResource, notFound } from '../../../../api/status.ts';
import type { HttpReply, HttpRequest } from '../../../../base/http.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../../base/json.ts';
import { formatTime } from '../../../../base/time.ts';
import type { Lister } from '../../../client/store.ts';
import { openApiOfMetrics } from './metrics-openapi.ts';
import type { UsagePoints } from './usage-points.ts';

export interface MetricsApi {
  readonly points: UsagePoints;
  readonly nodes: Lister<Node>;
  readonly pods: Lister<Pod>;
  now(): number;
}

/** What is asked for; undefined: a path that is no resource's. */
export interface Asked {
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export const group = 'metrics.k8s.io';
export const version = 'v1beta1';
const apiVersion = `${group}/${version}`;

export function askedOf(target: string): Asked | undefined {
  const path = target.split('?')[0] ?? '';
  const match = /^\/apis\/metrics\.k8s\.io\/v1beta1\/(?:namespaces\/([^/]+)\/)?(nodes|pods)(?:\/([^/]+))?\/?$/.exec(
    path,
  );
  return match ? { namespace: match[1], resource: match[2] ?? '', name: match[3] } : undefined;
}

/** Answers what is no health check. */
export function answerMetrics(api: MetricsApi, request: HttpRequest): HttpReply {
  try {
    const asked = askedOf(request.target);
    if (!asked) return documentReply(request.target);
    if (request.method !== 'GET' && request.method !== 'HEAD') throw noSuchResource();
    const query = queryOf(request.target);
    const object = asked.resource === 'nodes' ? nodeMetrics(api, asked, query) : podMetrics(api, asked, query);
    const accept = request.headers.get('accept') ?? '';
    return json(200, accept.includes('as=Table') ? tableOf(object, query.get('includeObject')) : object);
  } catch (error) {
    if (error instanceof SelectorError) return json(400, statusOf(badRequest(error.message)));
    if (error instanceof ApiError) return json(error.code, statusOf(error));
    throw error;
  }
}

export function json(code: number, value: JsonObject): HttpReply {
  return { status: code, headers: { 'Content-Type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

export function statusOf({ status }: ApiError): JsonObject {
  return status as JsonObject; // edge: a Status holds nothing but JSON
}

const verbs = ['get', 'list'];
const groupVersion = { groupVersion: apiVersion, version };
const documents: Readonly<Record<string, JsonObject>> = {
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [{ name: group, versions: [groupVersion], preferredVersion: groupVersion }],
  },
  [`/apis/${group}`]: {
    kind: 'APIGroup',
    apiVersion: 'v1',
    name: group,
    versions: [groupVersion],
    preferredVersion: groupVersion,
  },
  [`/apis/${apiVersion}`]: {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersion,
    resources: [
      { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs },
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs },
    ],
  },
};

function documentReply(target: string): HttpReply {
  const path = (target.split('?')[0] ?? '').replace(/\/$/, '');
  const document = Object.hasOwn(documents, path) ? documents[path] : openApiOfMetrics(path);
  return document
    ? json(200, document)
    : { status: 404, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' };
}

type Query = ReadonlyMap<string, string>;

function nodeMetrics({ nodes, points, now }: MetricsApi, { name }: Asked, query: Query): JsonObject {
  const show = ({ metadata }: Node): JsonObject | undefined => {
    const usage = points.node(metadata?.name ?? '');
    const labels = metadata?.labels ? { labels: { ...metadata.labels } } : {};
    const shown = { name: metadata?.name ?? '', creationTimestamp: formatTime(now()), ...labels };
    return usage && { metadata: shown, ...usage };
  };
  if (name !== undefined) {
    const node = nodes.get(name);
    if (!node) throw notFound({ group: '', resource: 'nodes' }, name);
    return one('NodeMetrics', show(node), { resource: 'nodemetrics', name });
  }
  return list('NodeMetrics', selected(nodes.list(), query).map(show));
}

function podMetrics({ pods, points, now }: MetricsApi, { namespace, name }: Asked, query: Query): JsonObject {
  const show = ({ metadata }: Pod): JsonObject | undefined => {
    const containers = points.pod(`${metadata?.namespace}/${metadata?.name}`);
    const earliest = containers?.reduce((first, each) => (each.at < first.at ? each : first));
    if (!containers || !earliest) return undefined;
    const labels = metadata?.labels ? { labels: { ...metadata.labels } } : {};
    const creationTimestamp = formatTime(now());
    return {
      metadata: { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '', creationTimestamp, ...labels },
      timestamp: earliest.timestamp,
      window: earliest.window,
      containers: containers.map((each) => ({ name: each.name, usage: each.usage })),
    };
  };
  if (name !== undefined) {
    const pod = pods.get(`${namespace}/${name}`);
    if (!pod) throw notFound({ group: '', resource: 'pods' }, name);
    return one('PodMetrics', show(pod), { resource: 'podmetrics', name: `${namespace}/${name}` });
  }
  const there: Iterable<Pod> = namespace === undefined ? pods.list() : pods.inNamespace(namespace);
  return list('PodMetrics', selected(there, query).map(show));
}

function one(
  kind: string,
  object: JsonObject | undefined,
  missing: { readonly resource: string; readonly name: string },
): JsonObject {
  if (!object) throw notFound({ group, resource: missing.resource }, missing.name);
  return { kind, apiVersion, ...object };
}

function list(kind: string, objects: readonly (JsonObject | undefined)[]): JsonObject {
  return { kind: `${kind}List`, apiVersion, metadata: {}, items: objects.filter((object) => object !== undefined) };
}

/** Those that the selectors want, by namespace and name. */
function selected<T extends Pod | Node>(objects: Iterable<T>, query: Query): readonly T[] {
  const labels = query.get('labelSelector');
  const selector = labels ? parseSelector(labels) : everything;
  const fields = query.get('fieldSelector')
    ? parseFieldSelector(query.get('fieldSelector') ?? '')
    : new FieldSelector([]);
  for (const { field } of fields.requirements)
    if (field !== 'metadata.name' && field !== 'metadata.namespace')
      throw badRequest(
        `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
  return [...objects]
    .filter(({ metadata }) => {
      const read = (field: string): string => (field === 'metadata.name' ? metadata?.name : metadata?.namespace) ?? '';
      return selector.matches(metadata?.labels ?? {}) && fields.matches(read);
    })
    .sort(
      (a, b) =>
        compareText(a.metadata?.namespace ?? '', b.metadata?.namespace ?? '') ||
        compareText(a.metadata?.name ?? '', b.metadata?.name ?? ''),
    );
}

function tableOf(object: JsonObject, includeObject = 'Metadata'): JsonObject {
  const items = isList(object.items) ? object.items.filter(isObject) : [object];
  const names = items[0] ? [...totalUsage(items[0]).keys()].sort() : [];
  const column = (name: string, format: string, description = ''): JsonObject => ({
    name,
    type: 'string',
    format,
    description,
    priority: 0,
  });
  const columns = items.length > 0 && [
    column('Name', 'name', 'Name of the resource'),
    ...names.map((name) => column(name, 'quantity')),
    column('Window', 'duration'),
  ];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: columns || null,
    rows: items.map((item) => {
      const usage = totalUsage(item);
      const { name = '' } = isObject(item.metadata) ? item.metadata : {};
      const cells = [name, ...names.map((each) => usage.get(each)?.toString() ?? '0'), item.window ?? ''];
      return { cells, object: rowObject(item, includeObject) };
    }),
  };
}

function rowObject(item: JsonObject, includeObject: string): JsonValue {
  if (includeObject === 'None') return null;
  if (includeObject === 'Object') return item;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata ?? {} };
}

/** A node's usage, or the sum over a pod's containers. */
function totalUsage(item: JsonObject): ReadonlyMap<string, Quantity> {
  const parts = isList(item.containers) ? item.containers.filter(isObject) : [item];
  const total = new Map<string, Quantity>();
  for (const { usage } of parts)
    for (const [name, amount] of Object.entries(isObject(usage) ? usage : {})) {
      const quantity = parseQuantity(String(amount));
      total.set(name, total.get(name)?.add(quantity) ?? quantity);
    }
  return total;
}

function queryOf(target: string): Query {
  const text = target.slice(target.indexOf('?') + 1 || target.length);
  return new Map(
    text.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name, decoded(value)] as const;
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
