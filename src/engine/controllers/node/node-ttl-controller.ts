// The TTL controller: notes on each node for how long its kubelet may keep Secrets and ConfigMaps without asking
// again; the more nodes, the longer.
import { nodes } from '../../../api/generated/resources.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';

export const nodeTtlController = defineController({ name: 'ttl-controller', setup });

const annotation = 'node.alpha.kubernetes.io/ttl';

/** From how few and up to how many nodes a step lasts: the steps overlap, so that no single node tips them over. */
const steps = [
  { from: 0, to: 100, seconds: 0 },
  { from: 90, to: 500, seconds: 15 },
  { from: 450, to: 1000, seconds: 30 },
  { from: 900, to: 2000, seconds: 60 },
  { from: 1800, to: 10_000, seconds: 300 },
  { from: 9000, to: Number.POSITIVE_INFINITY, seconds: 600 },
];

function setup({ informers, queue, client }: ControllerContext): Controller {
  const informer = informers.informer(nodes);
  let count = 0;
  let at = 0;
  const settle = (): void => {
    while (count > (steps[at]?.to ?? Number.POSITIVE_INFINITY)) at++;
    while (count < (steps[at]?.from ?? 0)) at--;
  };
  informer.on({
    added: (node) => {
      count++;
      settle();
      queue.add(keyOf(node));
    },
    updated: (node, old) => {
      if (node.metadata?.annotations !== old.metadata?.annotations) queue.add(keyOf(node));
    },
    deleted: () => {
      count--;
      settle();
    },
  });

  function* reconcile(key: string): Work<void> {
    const node = informer.lister.get(key);
    const ttl = String(steps[at]?.seconds ?? 0);
    if (!node || node.metadata?.annotations?.[annotation] === ttl) return;
    yield* client.patch(nodes, { name: key }, { metadata: { annotations: { [annotation]: ttl } } });
  }
  return { reconcile };
}
