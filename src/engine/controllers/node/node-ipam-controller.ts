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
  name: 'node-ipam-controller',
  account: 'node-controller',
  eventSource: 'cidrAllocator',
  workers: 1,
  setup,
});

/** A node's share. */
const nodeMask = 24;

function setup({ informers, queue, client, events, cluster }: ControllerContext): Controller {
  const all = informers.informer(nodes);
  const taken = new Map<string, string>();
  const ranges = new Ranges(cluster.podCidr, taken);
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
    const cidr = ranges.next();
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

/** The cluster's ranges, handed out in a circle as upstream does: a freed one is not taken again at once. */
class Ranges {
  private readonly start: number;
  private readonly count: number;
  private cursor = 0;

  constructor(
    clusterCidr: string,
    private readonly taken: ReadonlyMap<string, string>,
  ) {
    const [base = '', mask = ''] = clusterCidr.split('/');
    this.start = base.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
    this.count = 2 ** Math.max(0, nodeMask - Number(mask));
  }

  /** The next free one, e.g. `10.244.3.0/24`; undefined when all are taken. */
  next(): string | undefined {
    for (let tried = 0; tried < this.count; tried++) {
      const address = this.start + this.cursor * 2 ** (32 - nodeMask);
      this.cursor = (this.cursor + 1) % this.count;
      const text = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
      if (!this.taken.has(`${text}/${nodeMask}`)) return `${text}/${nodeMask}`;
    }
    return undefined;
  }
}
