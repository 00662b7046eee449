// Gives Services their addresses and node ports, by chance as upstream does, never one that is taken.
import { invalid as invalidField } from '../../api/field-error.ts';
import type { Service, ServicePort, ServiceSpec } from '../../api/generated/types.ts';
import { internalError, invalid } from '../../api/status.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { RandomStream } from '../sim/random.ts';
import { parseIPv4, textOfIPv4 } from './ipv4.ts';
import { withFamilies } from './service-families.ts';

export interface ServiceRanges {
  /** Where addresses come from, e.g. `10.96.0.0/12`. */
  readonly ranges: readonly string[];
  /** Addresses that are not to be had, besides those of Services. */
  readonly taken: readonly string[];
  readonly random: RandomStream;
  /** Whether it is only tried: upstream says some things differently then. */
  readonly dryRun: boolean;
}

const firstNodePort = 30_000;
const lastNodePort = 32_767;
const attemptsMax = 256;

/** What there is besides: all Services, and the one that this was before an update. */
export interface ServiceSurroundings extends ServiceRanges {
  readonly others: readonly StoredObject[];
  readonly old: StoredObject | undefined;
}

/** The Service with what it lacks, before anything of it is validated. Throws ApiError. */
export function allocateService(object: StoredObject, around: ServiceSurroundings): StoredObject {
  const service = asService(object);
  const { spec } = service;
  if (!spec || spec.type === 'ExternalName') return service;
  const old = around.old && asService(around.old);
  const outcome = withFamilies(spec, old);
  const name = service.metadata?.name ?? '';
  if ('errors' in outcome) throw invalid({ group: '', kind: 'Service' }, name, outcome.errors);
  const rest = around.others.map(asService).filter(({ metadata }) => metadata?.uid !== service.metadata?.uid);
  const fresh = !old || old.spec?.type === 'ExternalName';
  const addressed = fresh ? allocateAddress(service, outcome.spec, rest, around) : outcome.spec;
  const ported = allocateNodePorts(service, addressed, { others: rest, old: old?.spec, random: around.random });
  return { ...service, spec: allocateHealthCheck(ported, { others: rest, random: around.random }) };
}

function allocateAddress(
  service: Service,
  spec: ServiceSpec,
  others: readonly Service[],
  ranges: ServiceRanges,
): ServiceSpec {
  const wanted = spec.clusterIP || spec.clusterIPs?.[0];
  if (wanted === 'None') return { ...spec, clusterIP: 'None', clusterIPs: ['None'] };
  const used = new Set([...ranges.taken, ...others.map((other) => other.spec?.clusterIP)]);
  const address = wanted || freeAddress(used, ranges);
  if (wanted) {
    const fail = (text: string): Error =>
      invalid({ group: '', kind: 'Service' }, service.metadata?.name ?? '', [
        invalidField('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: ${text}`),
      ]);
    if (!ranges.ranges.some((cidr) => contains(cidr, wanted))) {
      const valid = `The range of valid IPs is ${ranges.ranges.join(',')}`;
      const tried = `the provided IP (${wanted}) is not in the valid range. ${valid}`;
      throw fail(ranges.dryRun ? tried : 'the provided network does not match the current range');
    }
    if (used.has(wanted)) throw fail('provided IP is already allocated');
  }
  return { ...spec, clusterIP: address, clusterIPs: [address] };
}

function freeAddress(used: ReadonlySet<string | undefined>, { ranges, random }: ServiceRanges): string {
  for (const range of ranges) {
    const address = freeAddressIn(range, used, random);
    if (address !== undefined) return address;
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}

function freeAddressIn(cidr: string, used: ReadonlySet<string | undefined>, random: RandomStream): string | undefined {
  const [base = '', bits = '32'] = cidr.split('/');
  const start = parseIPv4(base);
  if (start === undefined) return undefined;
  const size = 2 ** (32 - Number(bits));
  // Upstream keeps the lower part of the range for addresses that users choose.
  const kept = Math.min(Math.max(16, Math.floor(size / 16)), 256);
  const chosen = size - kept - 1;
  for (let attempt = 0; chosen > 0 && attempt < attemptsMax; attempt++) {
    const address = textOfIPv4(start + kept + random.below(chosen));
    if (!used.has(address)) return address;
  }
  for (let offset = 1; offset < size - 1; offset++) {
    const address = textOfIPv4(start + offset);
    if (!used.has(address)) return address;
  }
  return undefined;
}

function allocateNodePorts(
  service: Service,
  spec: ServiceSpec,
  {
    others,
    old,
    random,
  }: { readonly others: readonly Service[]; readonly old: ServiceSpec | undefined; readonly random: RandomStream },
): ServiceSpec {
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return spec;
  const used = usedPorts(others);
  const kept = new Set(old?.ports?.map(({ nodePort }) => nodePort));
  const mine = new Map<string, number>();
  const ports = (spec.ports ?? []).map((port, i): ServicePort => {
    if (!port.nodePort && spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === false) return port;
    if (!port.nodePort)
      return { ...port, nodePort: mine.get(`${port.port}`) ?? take(freePort(used, random), port, mine, used) };
    const field = `spec.ports[${i}].nodePort`;
    const fail = (text: string): Error =>
      invalid({ group: '', kind: 'Service' }, service.metadata?.name ?? '', [invalidField(field, port.nodePort, text)]);
    if (kept.has(port.nodePort)) return port;
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

/** A balancer that keeps clients' addresses asks each node whether it has a pod; a port for that. */
function allocateHealthCheck(
  spec: ServiceSpec,
  { others, random }: { readonly others: readonly Service[]; readonly random: RandomStream },
): ServiceSpec {
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') return spec;
  if (spec.healthCheckNodePort) return spec;
  const used = usedPorts(others);
  for (const { nodePort } of spec.ports ?? []) if (nodePort) used.add(nodePort);
  return { ...spec, healthCheckNodePort: freePort(used, random) };
}

function usedPorts(services: readonly Service[]): Set<number> {
  const used = new Set<number>();
  for (const { spec } of services) {
    for (const { nodePort } of spec?.ports ?? []) if (nodePort) used.add(nodePort);
    if (spec?.healthCheckNodePort) used.add(spec.healthCheckNodePort);
  }
  return used;
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
