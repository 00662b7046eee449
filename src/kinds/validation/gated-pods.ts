// A pod that waits for scheduling gates may still be told where to run: its choice of nodes only narrows.

import { alike } from '../../api/alike.ts';
import { type FieldError, invalid, Verbatim } from '../../api/field-error.ts';
import type { NodeAffinity, NodeSelectorTerm, PodSpec } from '../../api/generated/types.ts';
import { internalForm } from '../internal-form.ts';
import { shown } from './checks.ts';

/** Adds where the choice of nodes does more than narrow. */
export function validateNarrowing(errors: FieldError[], spec: PodSpec, old: PodSpec): void {
  const { nodeSelector } = spec;
  if (Object.entries(old.nodeSelector ?? {}).some(([key, value]) => nodeSelector?.[key] !== value)) {
    const detail = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.push(invalid('spec.nodeSelector', shown(nodeSelector ?? null), detail));
  }
  const before = termsOf(old.affinity?.nodeAffinity);
  if (before.length === 0) return;
  const terms = termsOf(spec.affinity?.nodeAffinity);
  const field = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  if (terms.length !== before.length) {
    const form = internalForm('NodeSelector', { nodeSelectorTerms: terms }).text;
    const value = terms.length > 0 ? new Verbatim(form.slice('{"NodeSelectorTerms":'.length, -1)) : null;
    const detail = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return void errors.push(invalid(field, value, detail));
  }
  for (const [i, term] of terms.entries()) {
    if (narrows(term, before[i] ?? {})) continue;
    const detail = 'only additions are allowed (no mutations or deletions)';
    errors.push(invalid(`${field}[${i}]`, internalForm('NodeSelectorTerm', term), detail));
  }
}

function termsOf(affinity: NodeAffinity | undefined): readonly NodeSelectorTerm[] {
  return affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
}

/** Requirements come after those that there were. A term that selected nothing stays so. */
function narrows(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const lists = ['matchExpressions', 'matchFields'] as const;
  if (lists.every((list) => !old[list]?.length)) return lists.every((list) => !term[list]?.length);
  return lists.every((list) => {
    const before = old[list] ?? [];
    return alike((term[list] ?? []).slice(0, before.length), before);
  });
}
