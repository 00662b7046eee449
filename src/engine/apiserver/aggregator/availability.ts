// Whether an aggregated API can be had: its service, what is behind it, and an answer to discovery. Models the
// available controller of kube-aggregator, which looks at what has changed, and at everything every 30 seconds.
import type { APIService, EndpointSlice, Service } from '../../../api/generated/types.ts';
import type { UserInfo } from '../../../api/request.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import type { HttpResponse } from '../../../base/http.ts';
import type { Scope, Stop } from '../../sim/scope.ts';
import type { ResourceStorage } from '../resource-storage.ts';
import type { RemoteApi } from './remote-api.ts';
import type { RemoteConnection } from './remote-connection.ts';

export type Condition = Pick<
  NonNullable<NonNullable<APIService['status']>['conditions']>[number],
  'status' | 'reason' | 'message'
>;

/** `document`: the answer to discovery, where there was one. */
export interface Verdict {
  readonly condition: Condition;
  readonly document?: string;
}

export interface AvailabilityParts {
  readonly scope: Scope;
  readonly connection: RemoteConnection;
  storage(place: string): ResourceStorage;
}

/** Every right, so that only reachability is asked for. */
const asker: UserInfo = { name: 'system:kube-aggregator', groups: ['system:masters'] };
const timeoutMs = 5000;

/** Looks once; one verdict follows, at once or later. Returns how to give up. */
export function checkAvailability(parts: AvailabilityParts, api: RemoteApi, done: (verdict: Verdict) => void): Stop {
  const problem = serviceProblem(parts, api);
  if (problem) {
    done({ condition: { status: 'False', ...problem } });
    return () => {};
  }
  return askDiscovery(parts, api, done);
}

type Problem = Pick<Condition, 'reason' | 'message'>;

function serviceProblem({ storage }: AvailabilityParts, api: RemoteApi): Problem | undefined {
  const { namespace, service: name, port } = api;
  const which = `service/${name} in "${namespace}"`;
  const found = storage('/services').get(`${namespace}/${name}`);
  if (!found) return { reason: 'ServiceNotFound', message: `${which} is not present` };
  const { spec }: Service = found as Service; // edge: an object of the services resource
  if (spec?.type !== undefined && spec.type !== 'ClusterIP') return undefined;
  const listening = spec?.ports?.find((each) => each.port === port);
  if (!listening) return { reason: 'ServicePortError', message: `${which} is not listening on port ${port}` };
  const slices = storage('discovery.k8s.io/endpointslices')
    .list(namespace)
    .filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === name);
  if (slices.length === 0) return { reason: 'EndpointsNotFound', message: `cannot find endpointslices for ${which}` };
  const portName = listening.name ?? '';
  if (slices.some((slice) => hasAddress(slice as unknown as EndpointSlice, portName))) return undefined; // edge: of that resource
  const message = `endpointslices for ${which} have no addresses with port name ${JSON.stringify(portName)}`;
  return { reason: 'MissingEndpoints', message };
}

function hasAddress({ endpoints = [], ports = [] }: EndpointSlice, portName: string): boolean {
  const ready = (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);
  return ready && (ports ?? []).some(({ name, port }) => name === portName && port !== undefined);
}

function askDiscovery(parts: AvailabilityParts, api: RemoteApi, done: (verdict: Verdict) => void): Stop {
  const { scope, connection } = parts;
  const path = `/apis/${api.group}/${api.version}`;
  const { host, port } = connection.address(api) ?? { host: '', port: api.port };
  const url = `https://${host}:${port}${path}`;
  const fail = (why: string): void => {
    stopTimer();
    const message = `failing or missing response from ${url}: ${why}`;
    done({ condition: { status: 'False', reason: 'FailedDiscoveryCheck', message } });
  };
  const get = `Get ${JSON.stringify(url)}`;
  const stopAsking = connection.ask(
    api,
    { method: 'GET', path, user: asker, headers: { Accept: 'application/json' }, quiet: true },
    {
      failed: (message) => fail(`${get}: ${message}`),
      response({ status, body }: HttpResponse) {
        if (status < 200 || status >= 300) return fail(`bad status from ${url}: ${status}`);
        stopTimer();
        const condition = { status: 'True', reason: 'Passed', message: 'all checks passed' };
        done({ condition, document: decodeUtf8(body) });
      },
    },
  );
  const stopTimer = scope.schedule(timeoutMs, () => {
    stopAsking();
    fail(`${get}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
  });
  return () => {
    stopTimer();
    stopAsking();
  };
}
