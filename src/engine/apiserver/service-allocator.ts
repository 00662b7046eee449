// Gives Services their addresses and node ports, by chance as upstream does, never one that is taken.
import { invalid as invalidField } from '../../api/field-error.ts';
import type { Service, ServicePort, ServiceSpec } from '../../api/generated/types.ts';
import { internalError, invalid } from '../../api/status.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { RandomStream } from '../sim/random.ts';
import { parseIPv4, textOfIPv4 } from './ipv4.ts';

export interface ServiceRanges {
  /** E.g. `10.96.0.0/12`. */
  readonly serviceCidr: string;
  readonly random: RandomStream;
}

const firstNodePort = 30_000;
const lastNodePort = 32_767;
const attemptsMax = 256;

/** The Service with what it lacks; `others` are all Services there are. Throws ApiError. */
export function allocateService(
  object: StoredObject,
  others: readonly StoredObject[],
  ranges: ServiceRanges,
): StoredObject {
  const service: Service = object as Service; // edge: an object of the services resource
  const { spec } = service;
  if (!spec || spec.type === 'ExternalName') return withoutAddresses(service);
  const rest = others.map(asService).filter(({ metadata }) => metadata?.uid !== service.metadata?.uid);
  const withAddress = allocateAddress(service, spec, rest, ranges);
  return { ...service, spec: allocateNodePorts(service, withAddress, rest, ranges.random) };
}

function withoutAddresses(service: Service): StoredObject {
  if (!service.spec) return service;
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, ...spec } = service.spec;
  return { ...service, spec };
}

function allocateAddress(
  service: Service,
  spec: ServiceSpec,
  others: readonly Service[],
  ranges: ServiceRanges,
): ServiceSpec {
  const families = { ipFamilies: spec.ipFamilies ?? ['IPv4'], ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack' };
  const wanted = spec.clusterIP || spec.clusterIPs?.[0];
  if (wanted === 'None') return { ...spec, clusterIP: 'None', clusterIPs: ['None'], ...families };
  const used = new Set(others.map((other) => other.spec?.clusterIP));
  const address = wanted || freeAddress(used, ranges);
  if (wanted) {
    const fail = (text: string): Error =>
      invalid({ group: '', kind: 'Service' }, service.metadata?.name ?? '', [
        invalidField('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: ${text}`),
      ]);
    if (!contains(ranges.serviceCidr, wanted)) throw fail(`the provided network does not match the current range`);
    if (used.has(wanted)) throw fail('provided IP is already allocated');
  }
  return { ...spec, clusterIP: address, clusterIPs: [address], ...families };
}

function freeAddress(used: ReadonlySet<string | undefined>, { serviceCidr, random }: ServiceRanges): string {
  const [base = '', bits = '32'] = serviceCidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const start = parseIPv4(base) ?? 0;
  // Upstream keeps the lower part of the range for addresses that users choose.
  const kept = Math.min(Math.max(16, Math.floor(size / 16)), 256);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const address = textOfIPv4(start + kept + random.below(size - kept - 1));
    if (!used.has(address)) return address;
  }
  for (let offset = 1; offset < size - 1; offset++) {
    const address = textOfIPv4(start + offset);
    if (!used.has(address)) return address;
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}

function allocateNodePorts(
  service: Service,
  spec: ServiceSpec,
  others: readonly Service[],
  random: RandomStream,
): ServiceSpec {
  const wants =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  if (!wants) return spec;
  const used = new Set<number>();
  for (const other of others) for (const port of other.spec?.ports ?? []) if (port.nodePort) used.add(port.nodePort);
  const mine = new Map<string, number>();
  const ports = (spec.ports ?? []).map((port, i): ServicePort => {
    if (!port.nodePort)
      return { ...port, nodePort: mine.get(`${port.port}`) ?? take(freePort(used, random), port, mine, used) };
    const field = `spec.ports[${i}].nodePort`;
    const fail = (text: string): Error =>
      invalid({ group: '', kind: 'Service' }, service.metadata?.name ?? '', [invalidField(field, port.nodePort, text)]);
    if (port.nodePort < firstNodePort || port.nodePort > lastNodePort)
      throw fail(
        `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${lastNodePort}`,
      );
    if (used.has(port.nodePort) && ![...mine.values()].includes(port.nodePort))
      throw fail('provided port is already allocated');
    take(port.nodePort, port, mine, used);
    return port;
  });
  return { ...spec, ports };
}

/** TCP and UDP of one port number share a node port. */
function take(nodePort: number, port: ServicePort, mine: Map<string, number>, used: Set<number>): number {
  mine.set(`${port.port}`, nodePort);
  used.add(nodePort);
  return nodePort;
}

function freePort(used: ReadonlySet<number>, random: RandomStream): number {
  const size = lastNodePort - firstNodePort + 1;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const port = firstNodePort + random.below(size);
    if (!used.has(port)) return port;
  }
  for (let port = firstNodePort; port <= lastNodePort; port++) if (!used.has(port)) return port;
  throw internalError('failed to allocate a nodePort: range is full');
}

function contains(cidr: string, address: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  const start = parseIPv4(base);
  const value = parseIPv4(address);
  return start !== undefined && value !== undefined && value >= start && value < start + 2 ** (32 - Number(bits));
}

function asService(object: StoredObject): Service {
  return object as Service; // edge: an object of the services resource
}
