// What matchLabelKeys and mismatchLabelKeys mean for one pod: its own labels' values become part of the selectors
// when it is made, so that the scheduler sees plain selectors.
//
//   matchLabelKeys: [color], pod's label color=blue  ─▶  matchExpressions: [{key: color, operator: In, values: [blue]}]
import type { LabelSelector, Pod, PodAffinity, PodAffinityTerm } from '../api/generated/types.ts';
import { change, changeAll } from './share.ts';

/** The pod with such keys resolved. */
export function withLabelKeys(pod: Pod): Pod {
  const labels = pod.metadata?.labels ?? {};
  return change(pod, 'spec', (given) => {
    const spec = change(given, 'topologySpreadConstraints', (constraints) =>
      changeAll(constraints, (constraint) => withSelector(constraint, labels)),
    );
    return change(spec, 'affinity', (affinity) =>
      change(change(affinity, 'podAffinity', resolved(labels)), 'podAntiAffinity', resolved(labels)),
    );
  });
}

type Labels = Readonly<Record<string, string>>;

function resolved(labels: Labels): (affinity: PodAffinity) => PodAffinity {
  const term = (one: PodAffinityTerm) => withSelector(one, labels);
  return (affinity) =>
    change(
      change(affinity, 'requiredDuringSchedulingIgnoredDuringExecution', (terms) => changeAll(terms, term)),
      'preferredDuringSchedulingIgnoredDuringExecution',
      (terms) => changeAll(terms, (weighted) => change(weighted, 'podAffinityTerm', term)),
    );
}

interface Keyed {
  readonly labelSelector?: LabelSelector | undefined;
  readonly matchLabelKeys?: readonly string[] | undefined;
  readonly mismatchLabelKeys?: readonly string[] | undefined;
}

/** Without a selector there is nothing to add to. */
function withSelector<T extends Keyed>(keyed: T, labels: Labels): T {
  const { labelSelector, matchLabelKeys, mismatchLabelKeys } = keyed;
  if (!labelSelector || (!matchLabelKeys && !mismatchLabelKeys)) return keyed;
  const expressions = (keys: readonly string[] = [], operator: string) =>
    keys.flatMap((key) => (Object.hasOwn(labels, key) ? [{ key, operator, values: [labels[key] ?? ''] }] : []));
  const added = [...expressions(matchLabelKeys, 'In'), ...expressions(mismatchLabelKeys, 'NotIn')];
  if (added.length === 0) return keyed;
  const matchExpressions = [...(labelSelector.matchExpressions ?? []), ...added];
  return { ...keyed, labelSelector: { ...labelSelector, matchExpressions } };
}
