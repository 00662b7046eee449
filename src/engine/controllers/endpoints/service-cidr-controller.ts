// The service CIDR controller: a range of Services' addresses is ready once it is known, and stays while it is needed.
import { ipAddresses, serviceCIDRs } from '../../../api/generated/resources.ts';
import type { Condition, IPAddress, ServiceCIDR } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { type IpRange, parseIp, parseIpRange, rangeHas } from '../../../base/ip-address.ts';
import { formatTime, parseTime } from '../../../base/time.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';

const name = 'service-cidr-controller';
const finalizer = 'networking.k8s.io/service-cidr-finalizer';
/** So long an allocator may not know yet that a range is going. */
const graceMs = 10_000;

export const serviceCidrController = defineController({ name, account: 'service-cidrs-controller', setup });

function setup({ informers, queue, client, scope }: ControllerContext): Controller {
  const cidrs = informers.informer(serviceCIDRs);
  const addresses = informers.informer(ipAddresses);
  const enqueueAll = (): void => {
    for (const cidr of cidrs.lister.list()) queue.add(keyOf(cidr));
  };
  const enqueueEnding = (): void => {
    for (const cidr of cidrs.lister.list()) if (isBeingDeleted(cidr)) queue.add(keyOf(cidr));
  };
  cidrs.on({ added: enqueueAll, updated: (cidr) => queue.add(keyOf(cidr)), deleted: enqueueAll });
  addresses.on({ deleted: enqueueEnding });

  function* reconcile(key: string): Work<void> {
    const cidr = cidrs.lister.get(key);
    if (!cidr) return;
    if (!isBeingDeleted(cidr)) {
      if (!isHeld(cidr)) yield* client.patch(serviceCIDRs, { name: key }, { metadata: { finalizers: [finalizer] } });
      yield* tell(cidr, { status: 'True', message: 'Kubernetes Service CIDR is ready' });
      return;
    }
    if (!isHeld(cidr)) return;
    if (isNeeded(cidr, [...cidrs.lister.list()], [...addresses.lister.list()])) {
      const message =
        'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR';
      yield* tell(cidr, { status: 'False', reason: 'Terminating', message });
      return;
    }
    const left = (parseTime(cidr.metadata?.deletionTimestamp ?? '') ?? 0) + graceMs - scope.now;
    if (left > 0) queue.addAfter(key, left);
    else
      yield* client.patch(
        serviceCIDRs,
        { name: key },
        { metadata: { '$deleteFromPrimitiveList/finalizers': [finalizer] } },
      );
  }

  function* tell(
    { metadata, status }: ServiceCIDR,
    wanted: Pick<Condition, 'status' | 'message'> & { readonly reason?: string },
  ): Work<void> {
    const known = status?.conditions?.find(({ type }) => type === 'Ready');
    const { reason = '', message } = wanted;
    if (known?.status === wanted.status && (known.reason ?? '') === reason && known.message === message) return;
    const condition = { type: 'Ready', ...wanted, reason, lastTransitionTime: formatTime(scope.now) };
    const options = { fieldManager: name, force: true };
    const target = {
      name: metadata?.name ?? '',
      subresource: 'status',
      patchType: 'application/apply-patch+yaml',
    } as const;
    yield* client.patch(
      serviceCIDRs,
      { ...target, options },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'ServiceCIDR',
        metadata: { name: target.name },
        status: { conditions: [condition] },
      },
    );
  }
  return { reconcile };
}

function isHeld({ metadata }: ServiceCIDR): boolean {
  return metadata?.finalizers?.includes(finalizer) ?? false;
}

/** Whether an address would be left without any range. */
function isNeeded(cidr: ServiceCIDR, all: readonly ServiceCIDR[], addresses: readonly IPAddress[]): boolean {
  const others = all.filter(({ metadata }) => metadata?.name !== cidr.metadata?.name).flatMap(rangesOf);
  const own = rangesOf(cidr);
  if (own.every((range) => others.some((other) => other.length <= range.length && rangeHas(other, range.address))))
    return false;
  return addresses.some(({ metadata }) => {
    if (metadata?.labels?.['ipaddress.kubernetes.io/managed-by'] !== 'ipallocator.k8s.io') return false;
    const address = parseIp(metadata.name ?? '');
    if (!address) return false;
    return own.some((range) => rangeHas(range, address)) && !others.some((range) => rangeHas(range, address));
  });
}

function rangesOf({ spec }: ServiceCIDR): readonly IpRange[] {
  return (spec?.cidrs ?? []).flatMap((text) => parseIpRange(text) ?? []);
}
