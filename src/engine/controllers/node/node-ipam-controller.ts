// The node IPAM controller: gives each node its range of pod addresses.
import { nodes } from '../../../api/generated/resources.ts';
import type { Node } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { tellNode } from './node-facts.ts';

/** One worker: two must not give away the same range. */
export const nodeIpamController = defineController({
  name: 'node-controller',
  eventSource: 'cidrAllocator',
  workers: 1,
  setup,
});

/** A node's share. */
const nodeMask = 24;

function setup({ informers, queue, client, events, cluster }: ControllerContext): Controller {
  const all = informers.informer(nodes);
  const taken = new Map<string, string>();
  const note = (node: Node): void => {
    for (const cidr of node.spec?.podCIDRs ?? []) taken.set(cidr, node.metadata?.name ?? '');
    if (!node.spec?.podCIDR && !isBeingDeleted(node)) queue.add(keyOf(node));
  };
  all.on({
    added: note,
    updated: note,
    deleted: (node) => {
      for (const cidr of node.spec?.podCIDRs ?? []) taken.delete(cidr);
    },
  });

  function* reconcile(name: string): Work<void> {
    const node = all.lister.get(name);
    if (!node || node.spec?.podCIDR) return;
    const cidr = nextRange(cluster.podCidr, taken);
    if (cidr === undefined) {
      const message = `Node ${name} status is now: CIDRNotAvailable`;
      tellNode(events, { name, uid: node.metadata?.uid ?? '' }, { reason: 'CIDRNotAvailable', message });
      return;
    }
    taken.set(cidr, name);
    yield* client.patch(nodes, { name }, { spec: { podCIDR: cidr, podCIDRs: [cidr] } });
  }
  return { reconcile };
}

/** The first free range of the cluster's, e.g. `10.244.3.0/24`. */
function nextRange(clusterCidr: string, taken: ReadonlyMap<string, string>): string | undefined {
  const [base = '', mask = ''] = clusterCidr.split('/');
  const bytes = base.split('.').map(Number);
  const start = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const count = 2 ** Math.max(0, nodeMask - Number(mask));
  for (let i = 0; i < count; i++) {
    const address = start + i * 2 ** (32 - nodeMask);
    const text = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
    if (!taken.has(`${text}/${nodeMask}`)) return `${text}/${nodeMask}`;
  }
  return undefined;
}
