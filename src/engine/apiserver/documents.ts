// The paths that are no resources: discovery, version, health.
import { apiError } from '../../api/status.ts';
import { acceptedZPage, type ZPageFacts, zPage } from '../../api/zpages.ts';
import type { JsonObject } from '../../base/json.ts';
import { metricsType } from '../../base/metrics-text.ts';
import type { CatalogGroup, CatalogResource } from '../../kinds/catalog.ts';
import {
  aggregatedDocument,
  apiVersionsDocument,
  groupDocument,
  groupListDocument,
  resourceListDocument,
} from '../../kinds/discovery.ts';
import { healthAt, healthPaths } from './health.ts';
import { aggregatedEncoding } from './media-types.ts';
import type { Target } from './router.ts';
import { openIdConfiguration } from './service-account-tokens.ts';

export type Document =
  /** `type`: other than what was negotiated. */
  | { readonly kind: 'json'; readonly value: JsonObject; readonly type?: string }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly type?: string;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    };

const versionDocument = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2',
  gitCommit: '98b35193b2ac7a23a673325f5e9b830ecd5ba406',
  gitTreeState: 'clean',
  buildDate: '2026-06-01T00:00:00Z',
  goVersion: 'go1.26.10',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** What a path answers to GET; undefined: there is no such path. */
export function documentAt(
  path: string,
  options: {
    readonly accept: string;
    readonly address: string;
    readonly query: Target['query'];
    /** How the storage is; undefined: it is not asked. */
    readonly etcd?: 'ok' | 'failed' | undefined;
    readonly keySet: () => JsonObject;
    readonly metrics: (what: 'metrics' | 'slis') => string;
    readonly groups: readonly CatalogGroup[];
    readonly zPages: Omit<ZPageFacts, 'paths' | 'goVersion'>;
    /** Priority and fairness at a path below /debug. */
    readonly fairness: (path: string) => string | undefined;
    /** The hash of the version that a resource is stored in; undefined: it is not stored. */
    readonly storageHash: (resource: CatalogResource) => string | undefined;
  },
): Document | undefined {
  const { groups } = options;
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const parts = clean.split('/').filter((part) => part !== '');
  const aggregated = aggregatedEncoding(options.accept) !== undefined;
  switch (parts[0]) {
    case undefined:
      return json({ paths: pathList(groups) });
    case 'version':
      return parts.length === 1 ? json(versionDocument) : undefined;
    case 'healthz':
    case 'livez':
    case 'readyz':
      return healthDocument(parts, options);
    case 'api':
      return legacyDiscovery(parts, { ...options, aggregated });
    case 'apis':
      return groupDiscovery(parts, { ...options, aggregated });
    case '.well-known':
      return clean === '/.well-known/openid-configuration'
        ? { kind: 'json', value: openIdConfiguration(options.address), type: 'application/json' }
        : undefined;
    case 'openid':
      return clean === '/openid/v1/jwks'
        ? { kind: 'json', value: options.keySet(), type: 'application/jwk-set+json' }
        : undefined;
    case 'debug': {
      const text = options.fairness(clean);
      return text === undefined ? undefined : { kind: 'text', text };
    }
    case 'statusz':
    case 'flagz': {
      if (parts.length > 1) return undefined;
      const page = parts[0] === 'statusz' ? 'Statusz' : 'Flagz';
      const facts = { ...options.zPages, paths: pathList(groups), goVersion: versionDocument.goVersion };
      return zPage(page, facts, acceptedZPage(options.accept, page));
    }
    case 'metrics':
      return metricsDocument(parts, options);
    default:
      return undefined;
  }
}

/** The answer to a path or a method that leads nowhere. */
export function methodNotAllowed(): Error {
  const message = 'the server does not allow this method on the requested resource';
  return apiError({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}

function json(value: JsonObject): Document {
  return { kind: 'json', value };
}

interface DiscoveryOptions {
  readonly groups: readonly CatalogGroup[];
  readonly aggregated: boolean;
  readonly storageHash: (resource: CatalogResource) => string | undefined;
}

function legacyDiscovery(
  parts: readonly string[],
  { groups, aggregated, address, storageHash }: DiscoveryOptions & { readonly address: string },
): Document | undefined {
  const core = groups.filter(({ group }) => group === '');
  if (parts.length === 1) return json(aggregated ? aggregatedDocument(core) : apiVersionsDocument(address));
  const version = core[0]?.versions.find((known) => known.version === parts[1]);
  if (parts.length > 2 || !version) return undefined;
  return json(resourceListDocument({ group: '', version: version.version }, version.resources, storageHash));
}

function groupDiscovery(
  parts: readonly string[],
  { groups, aggregated, storageHash }: DiscoveryOptions,
): Document | undefined {
  const named = groups.filter(({ group }) => group !== '');
  if (parts.length === 1) return json(aggregated ? aggregatedDocument(named) : groupListDocument(groups));
  const group = named.find((known) => known.group === parts[1]);
  if (!group || parts.length > 3) return undefined;
  if (parts.length === 2) return json(groupDocument(group));
  const version = group.versions.find((known) => known.version === parts[2]);
  if (!version) return undefined;
  return json(resourceListDocument({ group: group.group, version: version.version }, version.resources, storageHash));
}

function pathList(groups: readonly CatalogGroup[]): readonly string[] {
  const paths = ['/.well-known/openid-configuration', '/api', '/api/v1', '/apis', '/apis/'];
  for (const { group, versions } of groups) {
    if (group === '') continue;
    paths.push(`/apis/${group}`, ...versions.map(({ version }) => `/apis/${group}/${version}`));
  }
  return [
    ...paths,
    ...healthPaths('healthz'),
    '/flagz',
    ...healthPaths('livez'),
    '/metrics',
    '/metrics/slis',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/openid/v1/jwks',
    ...healthPaths('readyz'),
    '/statusz',
    '/version',
  ];
}

function metricsDocument(
  [, part, ...more]: readonly string[],
  options: {
    readonly accept: string;
    readonly metrics: (what: 'metrics' | 'slis') => string;
    readonly zPages: Pick<ZPageFacts, 'startedAt'>;
  },
): Document | undefined {
  if ((part !== undefined && part !== 'slis') || more.length > 0) return undefined;
  const headers = { 'process-start-time-unix': String(Math.floor(options.zPages.startedAt / 1000)) };
  return { kind: 'text', text: options.metrics(part ?? 'metrics'), type: metricsType(options.accept), headers };
}

function healthDocument(
  parts: readonly string[],
  { query, etcd }: { readonly query: Target['query']; readonly etcd?: 'ok' | 'failed' | undefined },
): Document | undefined {
  const health = healthAt(parts, query, etcd);
  return health && { kind: 'text', ...health };
}
