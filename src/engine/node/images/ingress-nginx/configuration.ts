// What the controller makes of all Ingresses: one server a host, its locations in the order in which nginx tries them.
//
//   Ingress shop, host a.example, /api Prefix ─▶ server a.example: = /api, /api/, / (default backend: 404)
import type { HTTPIngressPath, Ingress, IngressBackend } from '../../../../api/generated/types.ts';
import { type Annotations, annotationsOf, type Canary } from './annotations.ts';

export interface Backend {
  readonly namespace: string;
  readonly service: string;
  /** A port of the service, by number or name. */
  readonly port: number | string;
}

export interface Location {
  readonly path: string;
  /** `regex`: the beginning of a path, upper and lower case alike. */
  readonly kind: 'exact' | 'prefix' | 'regex';
  /** `namespace/name`; '' for the default backend's. */
  readonly ingress: string;
  /** Undefined: the default backend, which knows nothing. */
  readonly backend: Backend | undefined;
  readonly annotations: Annotations;
  /** Where a part of the requests goes instead. */
  readonly canary?: { readonly backend: Backend; readonly rule: Canary } | undefined;
}

export interface Server {
  /** `_`: whatever has no server of its own. */
  readonly host: string;
  readonly locations: readonly Location[];
  /** The Secret of its certificate, `namespace/name`; '' for a host of `tls` without one. */
  readonly secret: string | undefined;
}

export type Configuration = ReadonlyMap<string, Server>;

interface Draft {
  locations: Location[];
  secret: string | undefined;
}

export const defaultHost = '_';

/** The oldest Ingress has a path that several ask for. */
export function configurationOf(ingresses: Iterable<Ingress>): Configuration {
  const drafts = new Map<string, Draft>([[defaultHost, { locations: [], secret: undefined }]]);
  const all = [...ingresses].sort(byAge).map((ingress) => ({ ingress, annotations: annotationsOf(ingress) }));
  for (const { ingress, annotations } of all) if (!annotations.canary) addIngress(drafts, ingress, annotations);
  for (const { ingress, annotations } of all) if (annotations.canary) addCanary(drafts, ingress, annotations.canary);
  return new Map([...drafts].map(([host, draft]) => [host, serverOf(host, draft)]));
}

/** The paths of an Ingress by host. */
export function pathsOf({ spec }: Ingress): readonly { readonly host: string; readonly path: HTTPIngressPath }[] {
  return (spec?.rules ?? []).flatMap(({ host, http }) =>
    (http?.paths ?? []).map((path) => ({ host: host?.toLowerCase() || defaultHost, path })),
  );
}

function addIngress(drafts: Map<string, Draft>, ingress: Ingress, annotations: Annotations): void {
  const { namespace = '', name = '' } = ingress.metadata ?? {};
  const owner = `${namespace}/${name}`;
  const { rules = [], defaultBackend, tls = [] } = ingress.spec ?? {};
  const hosts = rules.map(({ host }) => host?.toLowerCase() || defaultHost);
  for (const { host, path } of pathsOf(ingress))
    for (const location of locationsOf(path, { owner, annotations, namespace })) add(draftOf(drafts, host), location);
  const fallback = defaultBackend && backendOf(namespace, defaultBackend);
  const whole = { path: '/', kind: 'prefix', ingress: owner, annotations } as const;
  for (const host of hosts.length > 0 ? hosts : [defaultHost])
    if (fallback) add(draftOf(drafts, host), { ...whole, backend: fallback });
    else draftOf(drafts, host);
  for (const { hosts: named = [], secretName } of tls)
    for (const host of named.length > 0 ? named.map((each) => each.toLowerCase()) : hosts)
      draftOf(drafts, host).secret ??= secretName ? `${namespace}/${secretName}` : '';
}

function add({ locations }: Draft, location: Location): void {
  if (!locations.some(({ path, kind }) => path === location.path && kind === location.kind)) locations.push(location);
}

function draftOf(drafts: Map<string, Draft>, host: string): Draft {
  const draft = drafts.get(host) ?? { locations: [], secret: undefined };
  drafts.set(host, draft);
  return draft;
}

/** A prefix is one of whole elements: the path itself, and all below it. */
function locationsOf(
  { path: text = '/', pathType, backend }: HTTPIngressPath,
  of: { readonly owner: string; readonly namespace: string; readonly annotations: Annotations },
): readonly Location[] {
  const path = text === '' ? '/' : text;
  const common = { ingress: of.owner, backend: backendOf(of.namespace, backend), annotations: of.annotations };
  if (pathType === 'Exact') return [{ ...common, path, kind: 'exact' }];
  if (pathType !== 'Prefix' || path === '/' || rewrites(of.annotations, path))
    return [{ ...common, path, kind: 'prefix' }];
  const bare = path.replace(/\/+$/, '');
  return [
    { ...common, path: bare, kind: 'exact' },
    { ...common, path: `${bare}/`, kind: 'prefix' },
  ];
}

/** What belongs to a path's main backend goes to the canary now and then. */
function addCanary(drafts: Map<string, Draft>, ingress: Ingress, rule: Canary): void {
  const { namespace = '' } = ingress.metadata ?? {};
  for (const { host, path } of pathsOf(ingress)) {
    const draft = drafts.get(host);
    const backend = backendOf(namespace, path.backend);
    const paths = locationsOf(path, { owner: '', namespace, annotations: annotationsOf({}) });
    if (!draft || !backend) continue;
    draft.locations = draft.locations.map((location) =>
      !location.canary && paths.some((one) => one.path === location.path && one.kind === location.kind)
        ? { ...location, canary: { backend, rule } }
        : location,
    );
  }
}

function serverOf(host: string, { locations, secret }: Draft): Server {
  const isRegex = locations.some(({ annotations, path }) => annotations.useRegex || rewrites(annotations, path));
  const own: readonly Location[] = isRegex
    ? locations.map((location) => ({ ...location, kind: 'regex' as const }))
    : locations;
  const annotations = annotationsOf({});
  const rest: Location = { path: '/', kind: 'prefix', ingress: '', backend: undefined, annotations };
  const isWhole = own.some(({ path, kind }) => path === '/' && kind !== 'exact');
  const all = [...own].sort((a, b) => b.path.length - a.path.length);
  return { host, secret, locations: isWhole ? all : [...all, rest] };
}

/** Whether requests for the path are given another one. */
export function rewrites({ rewriteTarget }: Annotations, path: string): boolean {
  return rewriteTarget !== undefined && rewriteTarget !== path;
}

function backendOf(namespace: string, { service }: IngressBackend): Backend | undefined {
  if (!service) return undefined; // another kind of resource: nginx has no way to reach one
  return { namespace, service: service.name, port: service.port?.name || (service.port?.number ?? 0) };
}

function byAge({ metadata: a }: Ingress, { metadata: b }: Ingress): number {
  const [one, other] = [a, b].map((each) => [each?.creationTimestamp ?? '', each?.namespace ?? '', each?.name ?? '']);
  return (one ?? []).join('/') < (other ?? []).join('/') ? -1 : 1;
}
