// Health: /healthz, /livez and /readyz, whole or check by check, as kube-apiserver words them.
import type { Target } from './router.ts';

/** How one of these paths answers. */
export interface Health {
  readonly status: 200 | 500;
  readonly text: string;
}

/**
 * What a path below /healthz, /livez or /readyz answers; undefined: there is no such check. `etcd` tells how the
 * storage is; undefined: it is not asked.
 */
export function healthAt(
  parts: readonly string[],
  query: Target['query'],
  etcd?: 'ok' | 'failed' | undefined,
): Health | undefined {
  const [kind = '', ...rest] = parts;
  const known = kind === 'readyz' ? readyChecks : liveChecks;
  const asks = etcd !== undefined && kind === 'readyz';
  const checks = asks ? known.flatMap((check) => (check === 'log' ? [check, 'etcd'] : [check])) : known;
  const excluded = new Set(query.get('exclude') ?? []);
  if (rest.length > 0) {
    const check = rest.join('/');
    if (!checks.includes(check) && check !== 'etcd') return undefined;
    if (check !== 'etcd' || etcd !== 'failed') return { status: 200, text: 'ok' };
    return { status: 500, text: 'internal server error: etcd failed: reason withheld\n' };
  }
  const failed = etcd === 'failed' && !excluded.has('etcd');
  if (!failed && !query.has('verbose')) return { status: 200, text: 'ok' };
  const lines = checks.map((check) => {
    if (excluded.delete(check)) return `[+]${check} excluded: ok`;
    return check === 'etcd' && failed ? '[-]etcd failed: reason withheld' : `[+]${check} ok`;
  });
  if (excluded.size > 0) {
    const names = [...excluded].sort().map((name) => JSON.stringify(name));
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names.join(',')}`);
  }
  return { status: failed ? 500 : 200, text: `${lines.join('\n')}\n${kind} check ${failed ? 'failed' : 'passed'}\n` };
}

/** Paths of single checks, for the list of all paths. */
export function healthPaths(kind: 'healthz' | 'livez' | 'readyz'): readonly string[] {
  const checks = kind === 'readyz' ? readyChecks : liveChecks;
  return [`/${kind}`, ...checks.map((check) => `/${kind}/${check}`)].sort();
}

const hooksBefore = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-wait-for-first-sync',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
];

const hooks = [
  ...hooksBefore.map((name) => `poststarthook/${name}`),
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
];

const liveChecks = ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...hooks];
/** Readiness also asks whether caches are filled and the server is not about to end. */
const readyChecks = ['ping', 'log', 'informer-sync', ...hooks, 'shutdown'];
