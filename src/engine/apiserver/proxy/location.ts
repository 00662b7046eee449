// Where a proxied request goes: `[scheme:]name[:port]` of a pod, a service or a node to an address.
import type { EndpointAddress, Endpoints, Node, Pod, Service } from '../../../api/generated/types.ts';
import { badRequest, serviceUnavailable } from '../../../api/status.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { ApiCore } from '../api-core.ts';

export type Location =
  | { readonly kind: 'address'; readonly scheme: 'http' | 'https'; readonly host: string; readonly port: number }
  /** A node's kubelet, and where it would be reached. */
  | { readonly kind: 'kubelet'; readonly node: string; readonly host: string; readonly port: number };

export interface Proxied {
  readonly resource: string;
  readonly namespace: string | undefined;
  /** As the path has it. */
  readonly id: string;
}

/** Throws ApiError. */
export function locationOf(api: Pick<ApiCore, 'lookup'>, proxied: Proxied, random: RandomStream): Location {
  const { resource, id } = proxied;
  const parts = id.split(':');
  const [scheme, name = '', port = ''] =
    parts.length === 1 ? ['', ...parts] : parts.length === 2 ? ['', ...parts] : parts;
  if (parts.length > 3 || name === '' || (scheme !== '' && scheme !== 'http' && scheme !== 'https'))
    throw badRequest(`invalid ${resource.replace(/s$/, '')} request ${JSON.stringify(id)}`);
  const target = { api, ...proxied, scheme: scheme === 'https' ? 'https' : 'http', name, port } as const;
  if (resource === 'pods') return podLocation(target);
  return resource === 'nodes' ? nodeLocation(target) : serviceLocation(target, random);
}

interface Target extends Proxied {
  readonly api: Pick<ApiCore, 'lookup'>;
  readonly scheme: 'http' | 'https';
  readonly name: string;
  readonly port: string;
}

const kubeletPort = 10250;

function podLocation({ api, namespace, name, scheme, port }: Target): Location {
  const { spec, status }: Pod = api.lookup('pods', namespace, name) as Pod; // edge: an object of that resource
  const first = spec?.containers.find(({ ports }) => ports?.length)?.ports?.[0]?.containerPort;
  const host = status?.podIP ?? status?.podIPs?.[0]?.ip;
  if (!host) throw badRequest('address not allowed');
  return { kind: 'address', scheme, host, port: Number(port || first || (scheme === 'https' ? 443 : 80)) };
}

function nodeLocation({ api, name, scheme, port }: Target): Location {
  const { status }: Node = api.lookup('nodes', undefined, name) as Node; // edge: an object of that resource
  const host = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? name;
  const own = status?.daemonEndpoints?.kubeletEndpoint?.Port || kubeletPort;
  if (port === '' || Number(port) === own) return { kind: 'kubelet', node: name, host, port: own };
  return { kind: 'address', scheme, host, port: Number(port) };
}

/** A random address among those that are ready, straight to its pod. */
function serviceLocation({ api, namespace, name, scheme, port, id }: Target, random: RandomStream): Location {
  const portName = /^\d+$/.test(port) ? nameOfPort({ api, namespace, name, port }) : port;
  const { subsets = [] }: Endpoints = api.lookup('endpoints', namespace, name) as Endpoints; // edge: of that resource
  if (subsets.length === 0) throw noEndpoints(name);
  const isPod = ({ targetRef }: EndpointAddress): boolean => targetRef?.kind === 'Pod';
  const choices = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports
      .filter((each) => (each.name ?? '') === portName)
      .flatMap((each) => addresses.filter(isPod).map(({ ip }) => ({ host: ip, port: each.port }))),
  );
  const chosen = random.pick(choices);
  if (!chosen) throw noEndpoints(id);
  return { kind: 'address', scheme, ...chosen };
}

function nameOfPort({ api, namespace, name, port }: Pick<Target, 'api' | 'namespace' | 'name' | 'port'>): string {
  const { spec }: Service = api.lookup('services', namespace, name) as Service; // edge: an object of that resource
  const found = spec?.ports?.find((each) => each.port === Number(port));
  if (!found) throw serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  return found.name ?? '';
}

function noEndpoints(service: string): Error {
  return serviceUnavailable(`no endpoints available for service ${JSON.stringify(service)}`);
}
