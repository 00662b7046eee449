// Where Services' addresses come from and who has them, as objects: ServiceCIDRs say the ranges, an IPAddress stands for
// each address that is taken.
import type { IPAddress, Service, ServiceCIDR } from '../../api/generated/types.ts';
import { isBeingDeleted } from '../../api/meta.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { noteWrite } from './managed-fields/ledger.ts';
import { shapeOf } from './managed-fields/resource-shape.ts';
import { isDryRun, isService, type Operation, revisionOf, type ServerParts } from './operation.ts';

const group = 'networking.k8s.io';
const ranges = { storage: `${group}/servicecidrs` };
const addresses = { storage: `${group}/ipaddresses` };
const shape = shapeOf({ definition: definitionName({ group, version: 'v1', kind: 'IPAddress' }) });

/** The ranges that are ready; before there are any objects, the one that the server was started with. */
export function serviceRanges({ storage, serviceCidr }: Pick<ServerParts, 'storage' | 'serviceCidr'>) {
  const all = storage(ranges).list(undefined) as readonly ServiceCIDR[]; // edge: what the place holds
  if (all.length === 0) return [serviceCidr];
  return all.filter(isReady).flatMap(({ spec }) => spec?.cidrs ?? []);
}

/** Addresses that somebody has. */
export function takenAddresses({ storage }: Pick<ServerParts, 'storage'>): readonly string[] {
  return storage(addresses)
    .list(undefined)
    .map(({ metadata }) => metadata?.name ?? '');
}

/** After a Service has been written or is gone: an IPAddress for each of its addresses, and none for those it gave up. */
export function keepAddressObjects(
  operation: Operation,
  before: StoredObject | undefined,
  after: StoredObject | undefined,
): void {
  if (!isService(operation) || isDryRun(operation.request)) return;
  const had = addressesOf(before);
  const has = addressesOf(after);
  const storage = operation.server.storage(addresses);
  for (const address of had) {
    const object = has.includes(address) ? undefined : storage.get(address);
    if (object) storage.delete(address, revisionOf(object));
  }
  for (const address of has) if (!had.includes(address)) take(operation, address, after);
}

function take({ server }: Operation, address: string, service: StoredObject | undefined): void {
  const { name = '', namespace = '' } = service?.metadata ?? {};
  const object: IPAddress = {
    apiVersion: `${group}/v1`,
    kind: 'IPAddress',
    metadata: {
      name: address,
      uid: server.scope.random('apiserver/addresses').uuid(),
      creationTimestamp: formatTime(server.scope.now),
      labels: {
        'ipaddress.kubernetes.io/ip-family': address.includes(':') ? 'IPv6' : 'IPv4',
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      },
    },
    spec: { parentRef: { group: '', resource: 'services', namespace, name } },
  };
  const by = {
    manager: 'kube-apiserver',
    apiVersion: `${group}/v1`,
    subresource: '',
    custom: false,
    statusApart: false,
    timeMs: server.scope.now,
  };
  server.storage(addresses).put(address, object, 0, (stored) => {
    noteWrite(stored, undefined, { ...by, shape, before: undefined, after: object });
  });
}

function addressesOf(object: StoredObject | undefined): readonly string[] {
  const { spec } = (object ?? {}) as Partial<Service>; // edge: an object of the services resource
  if (!spec || spec.type === 'ExternalName') return [];
  return (spec.clusterIPs ?? []).filter((address) => address !== 'None' && address !== '');
}

function isReady(cidr: ServiceCIDR): boolean {
  const condition = cidr.status?.conditions?.find(({ type }) => type === 'Ready');
  return condition?.status === 'True' && !isBeingDeleted(cidr);
}
