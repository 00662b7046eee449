// Which slices a service should have, with as few writes as possible: what stays keeps its slice, what is new fills
// slices that change anyway, then ones with room, then new ones.
import type { Endpoint, EndpointPort, EndpointSlice, Node, Pod, Service } from '../../../api/generated/types.ts';
import { controllerReference, isBeingDeleted } from '../../../api/meta.ts';
import { equal } from '../../../base/json.ts';
import { isPodReady } from '../shared/pod-state.ts';
import { present } from '../shared/present.ts';
import { canonicalText } from '../shared/template-hash.ts';
import { headlessLabel, isHeadless, publishesHostname, targetPort } from './service-watcher.ts';

export const nameLabel = 'kubernetes.io/service-name';
export const managedBy = 'endpointslice.kubernetes.io/managed-by';
export const sliceManager = 'endpointslice-controller.k8s.io';

const endpointsMax = 100;
const serviceKind = { group: '', version: 'v1', kind: 'Service' } as const;

/** Endpoints that share an address family and ports, and so may share slices. */
export interface EndpointGroup {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SlicePlan {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly delete: EndpointSlice[];
}

export function desiredGroups(
  service: Service,
  pods: readonly Pod[],
  nodeOf: (name: string) => Node | undefined,
): readonly EndpointGroup[] {
  const groups = new Map<string, { readonly group: EndpointGroup; readonly endpoints: Endpoint[] }>();
  for (const addressType of addressTypes(service)) {
    for (const pod of pods) {
      const addresses = addressesOf(pod, addressType);
      if (addresses.length === 0) continue;
      const ports = portsOf(service, pod);
      const key = groupKey(addressType, ports);
      const known = groups.get(key);
      const endpoints = known?.endpoints ?? [];
      if (!known) groups.set(key, { group: { addressType, ports, endpoints }, endpoints });
      endpoints.push(endpointOf(service, pod, { addresses, node: nodeOf(pod.spec?.nodeName ?? '') }));
    }
  }
  return [...groups.values()].map(({ group }) => group);
}

export function planSlices(
  service: Service,
  existing: readonly EndpointSlice[],
  groups: readonly EndpointGroup[],
): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], delete: [] };
  const types = addressTypes(service);
  const byGroup = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const mine = slice.metadata?.ownerReferences?.some(({ uid }) => uid === service.metadata?.uid) ?? false;
    if (!mine || !types.some((type) => type === slice.addressType)) {
      plan.delete.push(slice);
      continue;
    }
    const key = groupKey(slice.addressType, slice.ports ?? []);
    byGroup.set(key, [...(byGroup.get(key) ?? []), slice]);
  }
  const wanted = new Map(groups.map((group) => [groupKey(group.addressType, group.ports), group]));
  for (const [key, group] of wanted) planGroup(service, group, { existing: byGroup.get(key) ?? [], plan });
  for (const type of types) planPlaceholder(service, type, { byGroup, wanted, plan });
  return plan;
}

/** Slices of ports that nobody has any more go; one empty slice stays where a service has no endpoints at all. */
function planPlaceholder(
  service: Service,
  type: EndpointGroup['addressType'],
  {
    byGroup,
    wanted,
    plan,
  }: {
    readonly byGroup: ReadonlyMap<string, readonly EndpointSlice[]>;
    readonly wanted: ReadonlyMap<string, EndpointGroup>;
    readonly plan: SlicePlan;
  },
): void {
  const none = groupKey(type, []);
  const needed = ![...wanted.values()].some((group) => group.addressType === type);
  let found = false;
  for (const [key, slices] of byGroup) {
    if (wanted.has(key) || slices[0]?.addressType !== type) continue;
    for (const slice of slices) {
      const placeholder = key === none && (slice.endpoints ?? []).length === 0;
      if (!needed || !placeholder || found) {
        plan.delete.push(slice);
        continue;
      }
      found = true;
      if (!labelsCurrent(service, slice)) plan.update.push(withEndpoints(service, slice, []));
    }
  }
  if (needed && !found) plan.create.push(newSlice(service, { addressType: type, ports: [], endpoints: [] }));
}

function planGroup(
  service: Service,
  group: EndpointGroup,
  { existing, plan }: { readonly existing: readonly EndpointSlice[]; readonly plan: SlicePlan },
): void {
  const missing = new Map(group.endpoints.map((endpoint) => [identity(endpoint), endpoint]));
  const changed: { readonly slice: EndpointSlice; readonly endpoints: Endpoint[] }[] = [];
  const unchanged: EndpointSlice[] = [];
  for (const slice of existing) {
    const kept: Endpoint[] = [];
    let same = labelsCurrent(service, slice);
    for (const endpoint of slice.endpoints ?? []) {
      const next = missing.get(identity(endpoint));
      if (!next) {
        same = false;
        continue;
      }
      missing.delete(identity(endpoint));
      if (!equal(next, endpoint)) same = false;
      kept.push(next);
    }
    if (same) unchanged.push(slice);
    else changed.push({ slice, endpoints: kept });
  }
  const fresh = [...missing.values()];
  changed.sort((a, b) => b.endpoints.length - a.endpoints.length);
  for (const { endpoints } of changed) endpoints.push(...fresh.splice(0, endpointsMax - endpoints.length));
  while (fresh.length > 0) {
    const roomy = fresh.length < endpointsMax ? closestFit(unchanged, fresh.length) : undefined;
    const added = fresh.splice(0, endpointsMax);
    if (!roomy) {
      plan.create.push(newSlice(service, { ...group, endpoints: added }));
      continue;
    }
    unchanged.splice(unchanged.indexOf(roomy), 1);
    plan.update.push(withEndpoints(service, roomy, [...(roomy.endpoints ?? []), ...added]));
  }
  for (const { slice, endpoints } of changed) {
    if (endpoints.length === 0) plan.delete.push(slice);
    else plan.update.push(withEndpoints(service, slice, endpoints));
  }
}

function closestFit(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined;
  for (const slice of slices) {
    const size = slice.endpoints?.length ?? 0;
    if (size + count <= endpointsMax && (best === undefined || size > (best.endpoints?.length ?? 0))) best = slice;
  }
  return best;
}

function newSlice(service: Service, { addressType, ports, endpoints }: EndpointGroup): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service.metadata?.name}-`,
      namespace: service.metadata?.namespace,
      labels: labelsOf(service),
      ownerReferences: [controllerReference(service, serviceKind)],
    },
    addressType,
    endpoints,
    ports,
  };
}

function withEndpoints(service: Service, slice: EndpointSlice, endpoints: readonly Endpoint[]): EndpointSlice {
  return { ...slice, metadata: { ...slice.metadata, labels: labelsOf(service) }, endpoints };
}

function labelsOf(service: Service): { readonly [key: string]: string } {
  const labels = { ...service.metadata?.labels };
  delete labels[headlessLabel];
  return {
    ...labels,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
    [nameLabel]: service.metadata?.name ?? '',
    [managedBy]: sliceManager,
  };
}

function labelsCurrent(service: Service, slice: EndpointSlice): boolean {
  return equal(slice.metadata?.labels ?? {}, labelsOf(service));
}

function endpointOf(
  service: Service,
  pod: Pod,
  { addresses, node }: { readonly addresses: readonly string[]; readonly node: Node | undefined },
): Endpoint {
  const serving = isPodReady(pod);
  const terminating = isBeingDeleted(pod);
  const { namespace, name, uid } = pod.metadata ?? {};
  const zone = node?.metadata?.labels?.['topology.kubernetes.io/zone'];
  return present({
    addresses,
    conditions: {
      ready: (service.spec?.publishNotReadyAddresses ?? false) || (serving && !terminating),
      serving,
      terminating,
    },
    hostname: publishesHostname(pod, service) ? pod.spec?.hostname : undefined,
    targetRef: { kind: 'Pod', namespace, name, uid },
    nodeName: pod.spec?.nodeName || undefined,
    zone: zone || undefined,
  });
}

function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const port of service.spec?.ports ?? []) {
    const number = targetPort(pod, port);
    if (number === undefined) continue;
    const { name = '', protocol = 'TCP', appProtocol } = port;
    ports.push(present({ name, port: number, protocol, appProtocol }));
  }
  return ports;
}

function addressTypes(service: Service): readonly EndpointGroup['addressType'][] {
  const families = service.spec?.ipFamilies ?? [];
  const types = (['IPv4', 'IPv6'] as const).filter((type) => families.includes(type));
  return types.length > 0 ? types : ['IPv4'];
}

function addressesOf(pod: Pod, type: EndpointGroup['addressType']): readonly string[] {
  const ips = pod.status?.podIPs?.map(({ ip }) => ip) ?? [pod.status?.podIP ?? ''];
  return ips.filter((ip) => ip !== '' && ip.includes(':') === (type === 'IPv6'));
}

function groupKey(addressType: string, ports: readonly EndpointPort[]): string {
  const texts = ports.map(({ name = '', port, protocol = 'TCP', appProtocol = '' }) =>
    canonicalText([name, port ?? 0, protocol, appProtocol]),
  );
  return `${addressType} ${texts.sort().join(' ')}`;
}

function identity({ addresses, hostname, targetRef }: Endpoint): string {
  return [addresses.join(','), hostname ?? '', targetRef?.namespace ?? '', targetRef?.name ?? ''].join('/');
}
