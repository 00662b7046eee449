// The disruption controller: how many pods of each PodDisruptionBudget may be evicted now.
import {
  deployments,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '../../../api/generated/resources.ts';
import type { Condition, Pod, PodDisruptionBudget } from '../../../api/generated/types.ts';
import { formatTime, getControllerOf, isBeingDeleted, parseTime } from '../../../api/meta.ts';
import { nothing, type Selector, selectorOf } from '../../../api/selectors.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { scaledCount } from '../shared/int-or-percent.ts';
import { kindName } from '../shared/kind-name.ts';
import { isPodReady } from '../shared/pod-state.ts';

export const disruptionController = defineController({
  name: 'disruption-controller',
  eventSource: 'controllermanager',
  setup,
});

/** An eviction whose pod has not begun to end by then is forgotten. */
const evictionTimeoutMs = 120_000;

function setup({ informers, queue, client, events, scope }: ControllerContext): Controller {
  const budgets = informers.informer(podDisruptionBudgets);
  const podInformer = informers.informer(pods);
  const sets = informers.informer(replicaSets).lister;
  const owners = {
    Deployment: informers.informer(deployments).lister,
    StatefulSet: informers.informer(statefulSets).lister,
    ReplicationController: informers.informer(replicationControllers).lister,
  };
  const enqueue = (budget: PodDisruptionBudget): void => queue.add(keyOf(budget));
  const enqueueFor = (pod: Pod): void => {
    for (const budget of budgets.lister.inNamespace(pod.metadata?.namespace ?? ''))
      if (budgetSelector(budget).matches(pod.metadata?.labels)) enqueue(budget);
  };
  budgets.on({ added: enqueue, updated: enqueue });
  podInformer.on({
    added: enqueueFor,
    updated: (pod, old) => {
      enqueueFor(pod);
      if (!equal(pod.metadata?.labels, old.metadata?.labels)) enqueueFor(old);
    },
    deleted: enqueueFor,
  });

  function* reconcile(key: string): Work<void> {
    const budget = budgets.lister.get(key);
    if (!budget) return;
    const selector = budgetSelector(budget);
    const members = [...podInformer.lister.inNamespace(budget.metadata?.namespace ?? '')].filter((pod) =>
      selector.matches(pod.metadata?.labels),
    );
    if (members.length === 0) {
      const details = { type: 'Normal', reason: 'NoPods', message: 'No matching pods found' } as const;
      events.record(budget, details, kindName(podDisruptionBudgets));
    }
    const { expected, desired } = expectations(budget, members);
    const disruptedPods = stillDisrupted(budget, members);
    const healthy = members.filter(
      (pod) => !isBeingDeleted(pod) && isPodReady(pod) && !Object.hasOwn(disruptedPods, pod.metadata?.name ?? ''),
    ).length;
    const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    const generation = budget.metadata?.generation ?? 0;
    const status = {
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      disruptionsAllowed: allowed,
      ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
      observedGeneration: generation,
      conditions: [allowedCondition(budget, allowed, formatTime(scope.now))],
    };
    if (!equal(budget.status ?? {}, status)) yield* client.updateStatus(podDisruptionBudgets, { ...budget, status });
    if (Object.keys(disruptedPods).length > 0) queue.addAfter(key, evictionTimeoutMs);
  }

  function expectations(
    budget: PodDisruptionBudget,
    members: readonly Pod[],
  ): { readonly expected: number; readonly desired: number } {
    const { maxUnavailable, minAvailable } = budget.spec ?? {};
    if (maxUnavailable !== undefined) {
      const expected = expectedScale(members);
      return { expected, desired: Math.max(0, expected - scaledCount(maxUnavailable, expected, 'up')) };
    }
    if (typeof minAvailable === 'number') return { expected: members.length, desired: minAvailable };
    const expected = expectedScale(members);
    return { expected, desired: scaledCount(minAvailable, expected, 'up') };
  }

  /** The replicas that the pods' controllers want, each counted once. */
  function expectedScale(members: readonly Pod[]): number {
    const scales = new Map<string, number>();
    for (const pod of members) {
      const namespace = pod.metadata?.namespace ?? '';
      const direct = getControllerOf(pod);
      if (!direct) continue;
      const set = direct.kind === 'ReplicaSet' ? sets.get(`${namespace}/${direct.name}`) : undefined;
      const owner = (set && getControllerOf(set)) ?? direct;
      if (scales.has(owner.uid)) continue;
      scales.set(
        owner.uid,
        set && owner === direct ? (set.spec?.replicas ?? 1) : replicasOf(owner.kind, `${namespace}/${owner.name}`),
      );
    }
    return [...scales.values()].reduce((total, scale) => total + scale, 0);
  }

  function replicasOf(kind: string, key: string): number {
    if (kind !== 'Deployment' && kind !== 'StatefulSet' && kind !== 'ReplicationController') return 0;
    const owner = owners[kind].get(key);
    return owner ? (owner.spec?.replicas ?? 1) : 0;
  }

  function stillDisrupted(budget: PodDisruptionBudget, members: readonly Pod[]): { readonly [name: string]: string } {
    const alive = new Map(members.map((pod) => [pod.metadata?.name ?? '', pod]));
    const entries = Object.entries(budget.status?.disruptedPods ?? {}).filter(([name, at]) => {
      const pod = alive.get(name);
      return pod && !isBeingDeleted(pod) && (parseTime(at) ?? 0) + evictionTimeoutMs > scope.now;
    });
    return Object.fromEntries(entries);
  }
  return { reconcile };
}

/** policy/v1: an absent selector selects nothing, an empty one everything. */
function budgetSelector(budget: PodDisruptionBudget): Selector {
  return budget.spec?.selector ? selectorOf(budget.spec.selector) : nothing;
}

function allowedCondition(budget: PodDisruptionBudget, allowed: number, now: string): Condition {
  const status = allowed > 0 ? 'True' : 'False';
  const known = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  return {
    type: 'DisruptionAllowed',
    status,
    observedGeneration: budget.metadata?.generation ?? 0,
    lastTransitionTime: known?.status === status ? known.lastTransitionTime : now,
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  };
}
