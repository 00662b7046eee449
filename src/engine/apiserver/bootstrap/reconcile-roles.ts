// What a starting API server mends of the default roles and bindings: it adds what is missing and takes nothing away.
import type { ClusterRole, ClusterRoleBinding, Subject } from '../../../api/generated/types.ts';
import { equal } from '../../../base/json.ts';
import { uncovered } from '../escalation.ts';

const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate';

type Marked = Pick<ClusterRole, 'metadata'>;

/** The role as it should be; undefined: it is so, or nobody may mend it. */
export function mendedRole(existing: ClusterRole, wanted: ClusterRole): ClusterRole | undefined {
  if (!mayMend(existing, wanted)) return undefined;
  const { aggregationRule, ...own } = existing;
  const { rules } = own;
  const missing = uncovered(rules ?? [], wanted.rules ?? []);
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  const others = (wanted.aggregationRule?.clusterRoleSelectors ?? []).filter(
    (selector) => !selectors.some((known) => equal(known, selector)),
  );
  const metadata = mendedMetadata(existing, wanted);
  const aggregatesMore = aggregationRule !== undefined && !wanted.aggregationRule;
  if (missing.length + others.length === 0 && !aggregatesMore && equal(metadata, existing.metadata)) return undefined;
  return {
    ...(aggregatesMore ? own : existing),
    metadata,
    ...(missing.length > 0 && { rules: [...(rules ?? []), ...missing] }),
    ...(others.length > 0 && { aggregationRule: { clusterRoleSelectors: [...selectors, ...others] } }),
  };
}

/** As for roles; `replaced`: it refers to another role, and so has to be made anew. */
export function mendedBinding(
  existing: ClusterRoleBinding,
  wanted: ClusterRoleBinding,
): { readonly binding: ClusterRoleBinding; readonly replaced: boolean } | undefined {
  if (!mayMend(existing, wanted)) return undefined;
  const { subjects: given } = existing;
  const subjects = given ?? [];
  const missing = (wanted.subjects ?? []).filter((subject) => !subjects.some((known) => sameSubject(known, subject)));
  const metadata = mendedMetadata(existing, wanted);
  const all = missing.length > 0 ? { subjects: [...subjects, ...missing] } : {};
  if (!equal(existing.roleRef, wanted.roleRef)) {
    const { name, namespace, labels, annotations } = { ...metadata };
    const kept = { name, ...(namespace && { namespace }), labels, annotations };
    return { binding: { ...wanted, subjects, ...all, metadata: kept }, replaced: true };
  }
  if (missing.length === 0 && equal(metadata, existing.metadata)) return undefined;
  return { binding: { ...existing, metadata, ...all }, replaced: false };
}

function mayMend(existing: Marked, wanted: Marked): boolean {
  const marked = wanted.metadata?.annotations?.[autoupdate] === 'true';
  return marked && existing.metadata?.annotations?.[autoupdate] !== 'false';
}

function mendedMetadata({ metadata }: Marked, wanted: Marked): Marked['metadata'] {
  const { labels, annotations } = wanted.metadata ?? {};
  return {
    ...metadata,
    labels: { ...metadata?.labels, ...labels },
    annotations: { ...metadata?.annotations, ...annotations },
  };
}

function sameSubject(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');
}
