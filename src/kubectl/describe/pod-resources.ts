// What a pod requests and is limited to as a whole, as the scheduler counts it.
import { parseQuantity, type Quantity } from '../../api/quantity.ts';
import { entriesAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';

export type Amounts = Map<string, Quantity>;
export type ResourceList = 'requests' | 'limits';

/**
 * Containers together, or the largest init container where that is more; sidecars (init containers that restart
 * always) count with both. `fromStatus`: what a resized container really has counts where it is more.
 */
export function podAmounts(pod: JsonObject, list: ResourceList, options: { readonly fromStatus: boolean }): Amounts {
  const total: Amounts = new Map();
  const statuses = options.fromStatus ? statusesOf(pod) : new Map<string, JsonObject>();
  const infeasible = isResizeInfeasible(pod);
  const amountsFor = (container: JsonObject) =>
    containerAmounts(container, list, { status: statuses.get(textAt(container, 'name')), infeasible });
  for (const container of objectsAt(pod, 'spec.containers')) addAll(total, amountsFor(container));

  const sidecars: Amounts = new Map();
  const largest: Amounts = new Map();
  for (const container of objectsAt(pod, 'spec.initContainers')) {
    if (textAt(container, 'restartPolicy') === 'Always') {
      const amounts = amountsFor(container);
      addAll(total, amounts);
      addAll(sidecars, amounts);
      raiseTo(largest, sidecars);
    } else {
      const amounts = containerAmounts(container, list, { status: undefined, infeasible });
      addAll(amounts, sidecars);
      raiseTo(largest, amounts);
    }
  }
  raiseTo(total, largest);
  addPodLevel(total, pod, list);
  return total;
}

export function addAll(total: Amounts, more: Amounts): void {
  for (const [name, amount] of more) total.set(name, total.get(name)?.add(amount) ?? amount);
}

function addPodLevel(total: Amounts, pod: JsonObject, list: ResourceList): void {
  for (const [name, amount] of readAmounts(pod, `spec.resources.${list}`)) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) total.set(name, amount);
  }
  for (const [name, amount] of readAmounts(pod, 'spec.overhead')) {
    const present = total.get(name);
    if (list === 'requests') total.set(name, present?.add(amount) ?? amount);
    else if (present && !present.isZero()) total.set(name, present.add(amount));
  }
}

function containerAmounts(
  container: JsonObject,
  list: ResourceList,
  state: { readonly status: JsonObject | undefined; readonly infeasible: boolean },
): Amounts {
  const wanted = readAmounts(container, `resources.${list}`);
  if (!objectAt(state.status, 'resources')) return wanted;
  const amounts = state.infeasible ? new Map<string, Quantity>() : wanted;
  raiseTo(amounts, readAmounts(state.status, `resources.${list}`));
  if (list === 'requests') raiseTo(amounts, readAmounts(state.status, 'allocatedResources'));
  return amounts;
}

function statusesOf(pod: JsonObject): Map<string, JsonObject> {
  const statuses = [...objectsAt(pod, 'status.containerStatuses'), ...objectsAt(pod, 'status.initContainerStatuses')];
  return new Map(statuses.map((status) => [textAt(status, 'name'), status]));
}

function isResizeInfeasible(pod: JsonObject): boolean {
  const pending = objectsAt(pod, 'status.conditions').find((item) => textAt(item, 'type') === 'PodResizePending');
  return textAt(pending, 'reason') === 'Infeasible';
}

function readAmounts(object: JsonObject | undefined, path: string): Amounts {
  return new Map(entriesAt(object, path).map(([name, amount]) => [name, parseQuantity(amount)]));
}

function raiseTo(amounts: Amounts, floor: Amounts): void {
  for (const [name, amount] of floor) {
    const present = amounts.get(name);
    if (!present || present.compare(amount) < 0) amounts.set(name, amount);
  }
}
