// Which API servers the `kubernetes` Service leads to, where there are several: each keeps a key on an etcd lease of
// fifteen seconds; the Service's endpoints are those whose key is there.
import type { ApiRequest } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import { equal, type JsonObject } from '../../base/json.ts';
import type { EtcdConnection } from '../etcd/connection.ts';
import type { Lessor } from '../etcd/lessor.ts';
import { EtcdError } from '../etcd/member.ts';
import type { EtcdStore } from '../etcd/store.ts';
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import { asJson } from './json-edge.ts';

export interface ReconcilerParts {
  readonly scope: Scope;
  readonly api: { handle(request: ApiRequest): Work<JsonObject> };
  readonly store: EtcdStore;
  readonly lessor: Lessor;
  readonly etcd: EtcdConnection;
  readonly ip: string;
  readonly port: number;
}

const prefix = '/registry/masterleases/';
const ttlSeconds = 15;
const periodMs = 10_000;
const user = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

export function startEndpointReconciler(parts: ReconcilerParts): void {
  const { scope } = parts;
  scope.spawn(run());

  function* run(): Work<void> {
    for (;;) {
      try {
        yield* reconcile(parts);
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof EtcdError)) throw error;
      }
      yield* scope.round(periodMs);
    }
  }
}

function* reconcile(parts: ReconcilerParts): Work<void> {
  const { store, lessor, etcd, ip } = parts;
  yield* etcd.agree('write');
  const value = { kind: 'Endpoints', apiVersion: 'v1', subsets: [{ addresses: [{ ip }] }] };
  store.put(prefix + ip, value, { lease: lessor.grant(ttlSeconds) });
  const ips = store.range(prefix, `${prefix}\u{10ffff}`).items.map(({ key }) => key.slice(prefix.length));
  const ports = [{ name: 'https', port: parts.port, protocol: 'TCP' }];
  const subsets = [{ addresses: ips.map((each) => ({ ip: each })), ports }];
  yield* write(parts, { group: '', version: 'v1', resource: 'endpoints' }, { subsets });
  const endpoints = ips.map((each) => ({ addresses: [each], conditions: { ready: true } }));
  yield* write(parts, { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' }, { endpoints });
}

function* write(
  { api }: ReconcilerParts,
  resource: Pick<ApiRequest, 'group' | 'version' | 'resource'>,
  part: object,
): Work<void> {
  const about = { ...resource, namespace: 'default', name: 'kubernetes', user, userAgent: 'kube-apiserver/v1.36.2' };
  const known = yield* api.handle({ ...about, verb: 'get' });
  const body = asJson({ ...known, ...part });
  if (!equal(known, body)) yield* api.handle({ ...about, verb: 'update', body });
}
