// A namespace that enforces more than before says which of its pods would not be let in any more.
import type { Pod } from '../../../../api/generated/types.ts';
import { getControllerOf } from '../../../../api/meta.ts';
import { type LevelVersion, policyText } from './pod-policy.ts';
import { reasonText, violations } from './violations.ts';

const podsMax = 3000;

/** Warnings, one for each sort of violation. */
export function existingPodWarnings(namespace: string, pods: readonly Pod[], enforce: LevelVersion): readonly string[] {
  const checked = oneOfEachController(pods).slice(0, podsMax);
  const names = new Map<string, string[]>();
  for (const { spec, metadata } of checked) {
    if (!spec) continue;
    const found = violations({ spec, annotations: metadata?.annotations ?? {} }, enforce);
    if (found.length === 0) continue;
    const text = reasonText(found);
    const known = names.get(text) ?? [];
    names.set(text, known);
    known.push(metadata?.name ?? '');
  }
  const head = [
    ...(checked.length < pods.length
      ? [
          `new PodSecurity enforce level only checked against the first ${checked.length} of ${pods.length} existing pods`,
        ]
      : []),
    ...(names.size > 0
      ? [
          `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(policyText(enforce))}`,
        ]
      : []),
  ];
  return [...head, ...[...names].map(([text, of]) => `${podsText(of)}: ${text}`).sort()];
}

/** `a (and 2 other pods)`. */
function podsText(names: readonly string[]): string {
  const [first = ''] = [...names].sort();
  const others = names.length - 1;
  return others === 0 ? first : `${first} (and ${others} other ${others === 1 ? 'pod' : 'pods'})`;
}

/** Replicas come last: they are alike. */
function oneOfEachController(pods: readonly Pod[]): readonly Pod[] {
  const known = new Set<string>();
  const first: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    const { uid } = getControllerOf(pod) ?? {};
    (uid !== undefined && known.has(uid) ? others : first).push(pod);
    if (uid !== undefined) known.add(uid);
  }
  return [...first, ...others];
}
