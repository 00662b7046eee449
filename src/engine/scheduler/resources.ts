// How much of a node's resources a pod asks for: containers summed, init containers' peak, overhead, resize in place.
import type { Container, ContainerStatus, Pod } from '../../api/generated/types.ts';
import { parseQuantity } from '../../api/quantity.ts';

/** Amounts as the scheduler reckons with them; `scalars` are extended resources, huge pages and the like. */
export interface Resources {
  readonly milliCpu: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  readonly scalars: ReadonlyMap<string, number>;
}

/** What a container without a request counts as when nodes are compared (never when they are filtered). */
const missingMilliCpu = 100;
const missingMemory = 200 * 1024 * 1024;

type ResourceList = { readonly [name: string]: string } | undefined;
type Amounts = Map<string, number>;

/** What the pod must get. */
export function podRequests(pod: Pod): Resources {
  return toResources(requestsOf(pod, false));
}

/** CPU and memory with a default for each container that names none. */
export function nonZeroRequests(pod: Pod): Resources {
  return toResources(requestsOf(pod, true));
}

/** Amounts of a resource list; CPU in thousandths, everything else in units. */
export function amountsOf(list: ResourceList): Amounts {
  const amounts: Amounts = new Map();
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = parseQuantity(text);
    amounts.set(name, name === 'cpu' ? quantity.milliValue() : quantity.value());
  }
  return amounts;
}

export function toResources(amounts: ReadonlyMap<string, number>): Resources {
  const scalars = new Map<string, number>();
  for (const [name, amount] of amounts) if (!plainResources.has(name)) scalars.set(name, amount);
  return {
    milliCpu: amounts.get('cpu') ?? 0,
    memory: amounts.get('memory') ?? 0,
    ephemeralStorage: amounts.get('ephemeral-storage') ?? 0,
    scalars: scalars.size === 0 ? noScalars : scalars,
  };
}

const plainResources = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods', 'storage']);
const noScalars: ReadonlyMap<string, number> = new Map();

function requestsOf(pod: Pod, withDefaults: boolean): Amounts {
  const total: Amounts = new Map();
  const statuses = statusesByName(pod);
  for (const container of pod.spec?.containers ?? [])
    add(total, containerRequests(pod, container, statuses.get(container.name), withDefaults));
  const sidecars: Amounts = new Map();
  const peak: Amounts = new Map();
  for (const container of pod.spec?.initContainers ?? []) {
    const sidecar = container.restartPolicy === 'Always';
    const status = sidecar ? statuses.get(container.name) : undefined;
    const requests = containerRequests(pod, container, status, withDefaults);
    if (sidecar) {
      add(total, requests);
      add(sidecars, requests);
      raise(peak, sidecars);
    } else {
      add(requests, sidecars);
      raise(peak, requests);
    }
  }
  raise(total, peak);
  for (const [name, amount] of amountsOf(pod.spec?.resources?.requests))
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) total.set(name, amount);
  add(total, amountsOf(pod.spec?.overhead));
  return total;
}

function containerRequests(
  pod: Pod,
  container: Container,
  status: ContainerStatus | undefined,
  withDefaults: boolean,
): Amounts {
  let requests = amountsOf(container.resources?.requests);
  if (status?.resources) {
    // A resize under way counts with the most that it may need; an infeasible one with what the pod really has.
    const held = amountsOf(status.resources.requests);
    raise(held, amountsOf(status.allocatedResources));
    if (!resizeInfeasible(pod)) raise(held, requests);
    requests = held;
  }
  if (withDefaults) {
    if (!requests.has('cpu')) requests.set('cpu', missingMilliCpu);
    if (!requests.has('memory')) requests.set('memory', missingMemory);
  }
  return requests;
}

function statusesByName(pod: Pod): ReadonlyMap<string, ContainerStatus> {
  const statuses = new Map<string, ContainerStatus>();
  for (const status of pod.status?.initContainerStatuses ?? []) statuses.set(status.name, status);
  for (const status of pod.status?.containerStatuses ?? []) statuses.set(status.name, status);
  return statuses;
}

function resizeInfeasible(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(
    ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
  );
}

function add(to: Amounts, amounts: ReadonlyMap<string, number>): void {
  for (const [name, amount] of amounts) to.set(name, (to.get(name) ?? 0) + amount);
}

function raise(to: Amounts, amounts: ReadonlyMap<string, number>): void {
  for (const [name, amount] of amounts) to.set(name, Math.max(to.get(name) ?? 0, amount));
}
