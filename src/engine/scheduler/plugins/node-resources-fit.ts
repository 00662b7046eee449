// NodeResourcesFit: what the pod requests must be free; nodes with more left over are better (LeastAllocated).
import { deviceClasses } from '../../../api/generated/resources.ts';
import type { DeviceClass, Node, Pod } from '../../../api/generated/types.ts';
import { classOfResource, isWithout } from '../devices/extended-classes.ts';
import type { Plugin, PluginFactory } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodTemplate } from '../pod-info.ts';
import { type Rejection, unschedulable } from '../rejection.ts';
import { amountsOf, podRequests, type Resources, toResources } from '../resources.ts';

const name = 'NodeResourcesFit';

/** Whether devices of the node stand behind a resource, which is then none of this plugin's concern. */
type IsDelegated = (resource: string, node: NodeInfo) => boolean;

export const nodeResourcesFit: PluginFactory = (handle) => {
  const classes = handle.lister(deviceClasses);
  const isDelegated: IsDelegated = (resource, node) =>
    isWithout(node, resource) && classOfResource(resource, classes) !== undefined;
  return {
    ...rules,
    nodeFilter: ({ requests }, node) =>
      fits(requests, node, isDelegated) ? undefined : explainUnfit(requests, node, isDelegated),
  };
};

const rules = {
  name,
  weight: 1,
  nodeScore: leastAllocated,
  hints: [
    {
      resource: 'Pod',
      actions: ['delete', 'scale-down'],
      helps: (pod, old: Pod | undefined, current: Pod | undefined) => {
        if (!current) return Boolean(old?.spec?.nodeName || old?.status?.nominatedNodeName);
        if (current.metadata?.uid === pod.uid) return true;
        return Boolean(current.spec?.nodeName) && old !== undefined && frees(pod.template.requests, old, current);
      },
    },
    {
      resource: 'Node',
      actions: ['add', 'allocatable'],
      helps: ({ template: { requests } }, old: Node | undefined, current: Node | undefined) =>
        emptyNodeFits(requests, current) && (!old || hasMore(requests, old, current)),
    },
    {
      resource: 'DeviceClass',
      actions: ['add', 'update'],
      helps: ({ template: { requests } }, _old, current: DeviceClass | undefined) =>
        [...requests.scalars.keys()].some(
          (resource) =>
            resource === current?.spec?.extendedResourceName || resource.endsWith(`/${current?.metadata?.name}`),
        ),
    },
  ],
} satisfies Plugin;

function fits(requests: Resources, node: NodeInfo, isDelegated: IsDelegated): boolean {
  const { allocatable } = node;
  if (node.pods.size + 1 > node.podsMax) return false;
  if (requests.milliCpu > 0 && requests.milliCpu > allocatable.milliCpu - node.milliCpu) return false;
  if (requests.memory > 0 && requests.memory > allocatable.memory - node.memory) return false;
  if (requests.ephemeralStorage > 0 && requests.ephemeralStorage > allocatable.ephemeralStorage - node.ephemeralStorage)
    return false;
  for (const [resource, amount] of requests.scalars)
    if (amount > 0 && amount > (allocatable.scalars.get(resource) ?? 0) - (node.scalars.get(resource) ?? 0))
      if (!isDelegated(resource, node)) return false;
  return true;
}

/** Where even an empty node would be too small, preemption cannot help. */
function explainUnfit(requests: Resources, node: NodeInfo, isDelegated: IsDelegated): Rejection {
  const reasons: string[] = node.pods.size + 1 > node.podsMax ? ['Too many pods'] : [];
  let hopeless = false;
  const check = (resource: string, wanted: number, used: number, capacity: number): void => {
    if (wanted === 0 || wanted <= capacity - used) return;
    reasons.push(`Insufficient ${resource}`);
    hopeless ||= wanted > capacity;
  };
  const { allocatable } = node;
  check('cpu', requests.milliCpu, node.milliCpu, allocatable.milliCpu);
  check('memory', requests.memory, node.memory, allocatable.memory);
  check('ephemeral-storage', requests.ephemeralStorage, node.ephemeralStorage, allocatable.ephemeralStorage);
  for (const [resource, amount] of requests.scalars)
    if (!isDelegated(resource, node))
      check(resource, amount, node.scalars.get(resource) ?? 0, allocatable.scalars.get(resource) ?? 0);
  return { ...unschedulable(name, ...reasons), code: hopeless ? 'unresolvable' : 'unschedulable' };
}

/** CPU and memory weigh the same: how much of each would be free, in percent. */
function leastAllocated({ nonZero }: PodTemplate, { allocatable, nonZeroMilliCpu, nonZeroMemory }: NodeInfo): number {
  let sum = 0;
  let weights = 0;
  if (allocatable.milliCpu > 0) {
    sum += freeShare(nonZeroMilliCpu + nonZero.milliCpu, allocatable.milliCpu);
    weights++;
  }
  if (allocatable.memory > 0) {
    sum += freeShare(nonZeroMemory + nonZero.memory, allocatable.memory);
    weights++;
  }
  return weights === 0 ? 0 : Math.floor(sum / weights);
}

function freeShare(requested: number, capacity: number): number {
  return requested > capacity ? 0 : Math.floor(((capacity - requested) * 100) / capacity);
}

function frees(wanted: Resources, old: Pod, current: Pod): boolean {
  const [before, now] = [podRequests(old), podRequests(current)];
  if (wanted.milliCpu > 0 && before.milliCpu > now.milliCpu) return true;
  if (wanted.memory > 0 && before.memory > now.memory) return true;
  if (wanted.ephemeralStorage > 0 && before.ephemeralStorage > now.ephemeralStorage) return true;
  return [...wanted.scalars.keys()].some(
    (resource) => (before.scalars.get(resource) ?? 0) > (now.scalars.get(resource) ?? 0),
  );
}

function emptyNodeFits(requests: Resources, node: Node | undefined): boolean {
  if (!node) return false;
  const amounts = amountsOf(node.status?.allocatable);
  const has = toResources(amounts);
  return (
    (amounts.get('pods') ?? 0) >= 1 &&
    requests.milliCpu <= has.milliCpu &&
    requests.memory <= has.memory &&
    requests.ephemeralStorage <= has.ephemeralStorage &&
    [...requests.scalars].every(([resource, amount]) => amount <= (has.scalars.get(resource) ?? 0))
  );
}

function hasMore(requests: Resources, old: Node, current: Node | undefined): boolean {
  const [before, now] = [amountsOf(old.status?.allocatable), amountsOf(current?.status?.allocatable)];
  const more = (resource: string): boolean => (now.get(resource) ?? 0) > (before.get(resource) ?? 0);
  return (
    more('pods') ||
    (requests.milliCpu > 0 && more('cpu')) ||
    (requests.memory > 0 && more('memory')) ||
    (requests.ephemeralStorage > 0 && more('ephemeral-storage')) ||
    [...requests.scalars].some(([resource, amount]) => amount > 0 && more(resource))
  );
}
