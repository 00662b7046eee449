// Node selectors and node affinity compiled into matchers, and taints against tolerations.
import type { Node, NodeSelectorTerm, PodSpec, Taint, Toleration } from '../../api/generated/types.ts';
import { type LabelOperator, type LabelRequirement, Selector, selectorFromLabels } from '../../api/selectors.ts';

export interface NodeMatcher {
  matches(node: Node): boolean;
}

/** spec.nodeSelector and the required node affinity; undefined when the pod may go anywhere. */
export function requiredNodeMatcher(spec: PodSpec | undefined): NodeMatcher | undefined {
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required && spec?.nodeSelector === undefined) return undefined;
  const labels = selectorFromLabels(spec?.nodeSelector);
  const terms = required ? compileTerms(required.nodeSelectorTerms) : undefined;
  return {
    matches: (node) => labels.matches(node.metadata?.labels) && (!terms || terms.some((term) => term.matches(node))),
  };
}

/** A list of terms, any of which may hold (of a pod or of a persistent volume). */
export function termsMatcher(terms: readonly NodeSelectorTerm[]): NodeMatcher {
  const compiled = compileTerms(terms);
  return { matches: (node) => compiled.some((term) => term.matches(node)) };
}

/** Preferred terms with their weights. */
export function preferredTerms(
  spec: PodSpec | undefined,
): readonly { readonly weight: number; readonly matcher: NodeMatcher }[] {
  const preferred = spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred.flatMap(({ weight, preference }) => {
    const [matcher] = compileTerms([preference]);
    return weight !== 0 && matcher ? [{ weight, matcher }] : [];
  });
}

/**
 * The nodes that a pod's affinity names by metadata.name: undefined when any term leaves the name open.
 * An empty set is a contradiction.
 */
export function namedNodes(spec: PodSpec | undefined): ReadonlySet<string> | undefined {
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    let own: Set<string> | undefined;
    for (const { key, operator, values = [] } of matchFields)
      if (key === 'metadata.name' && operator === 'In')
        own = new Set(own ? values.filter((value) => own?.has(value)) : values);
    if (!own) return undefined;
    for (const name of own) names.add(name);
  }
  return names;
}

/** The first taint of these effects that no toleration tolerates. */
export function untoleratedTaint(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  effects: readonly string[],
): Taint | undefined {
  return taints.find(
    (taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  const operator = toleration.operator || 'Equal';
  if (operator === 'Exists') return true;
  return operator === 'Equal' && (toleration.value ?? '') === (taint.value ?? '');
}

/** Effects that keep a pod from being placed. */
export const hardEffects = ['NoSchedule', 'NoExecute'];

/** Empty terms match nothing and drop out. */
function compileTerms(terms: readonly NodeSelectorTerm[]): readonly NodeMatcher[] {
  return terms
    .filter(({ matchExpressions = [], matchFields = [] }) => matchExpressions.length + matchFields.length > 0)
    .map(({ matchExpressions = [], matchFields = [] }) => {
      const labels = selectorOver(matchExpressions);
      const fields = selectorOver(matchFields);
      return {
        matches: (node) =>
          labels.matches(node.metadata?.labels) &&
          (fields.isEmpty() || fields.matches({ 'metadata.name': node.metadata?.name ?? '' })),
      };
    });
}

function selectorOver(
  expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[] | undefined;
  }[],
): Selector {
  const requirements = expressions.map(
    ({ key, operator, values = [] }): LabelRequirement => ({
      key,
      operator: operators.get(operator) ?? 'exists',
      values,
    }),
  );
  return new Selector(requirements);
}

const operators = new Map<string, LabelOperator>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
  ['Gt', 'gt'],
  ['Lt', 'lt'],
]);
