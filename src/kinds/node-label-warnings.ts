// Labels of nodes that older clusters had: what selects by them is warned of.
import type { LabelSelector, NodeSelectorTerm } from '../api/generated/types.ts';
import { validLabelValue } from '../api/names.ts';

const deprecated: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** Why a label is no longer to be used; undefined: it is fine. */
export function labelDeprecation(label: string): string | undefined {
  return deprecated.get(label);
}

/** Labels that the term of a node selector looks at; `checkValues`: and values that no label can have. */
export function termWarnings(
  term: NodeSelectorTerm,
  { field, checkValues = false }: { readonly field: string; readonly checkValues?: boolean },
): readonly string[] {
  return (term.matchExpressions ?? []).flatMap(({ key, values = [] }, i) => {
    const at = `${field}.matchExpressions[${i}]`;
    const why = labelDeprecation(key);
    const wrong = (value: string, j: number) =>
      validLabelValue(value).map((complaint) => `${at}.values[${j}]: ${value} is invalid, ${complaint}`);
    return [...(why ? [`${at}.key: ${key} is ${why}`] : []), ...(checkValues ? values.flatMap(wrong) : [])];
  });
}

/** Labels of nodes that a selector looks at. */
export function selectorWarnings(selector: LabelSelector | undefined, field: string): readonly string[] {
  const { matchExpressions = [], matchLabels = {} } = selector ?? {};
  return [
    ...termWarnings({ matchExpressions }, { field }),
    ...Object.keys(matchLabels).flatMap((label) => {
      const why = labelDeprecation(label);
      return why ? [`${field}.matchLabels.${label}: ${why}`] : [];
    }),
  ];
}
