// The order in which objects are given out: as they came, or kustomize's old one, what others need first.
import { objectAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { KustomizeError } from './kustomize-error.ts';
import type { Resource } from './resource.ts';
import { type Gvk, gvkText, isSameGvk } from './resource-id.ts';

const first = `Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role
ClusterRole RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass
PersistentVolume PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget`.split(/\s+/);
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** `reorder`: the order that the command line asks for. */
export function inOrder(
  resources: readonly Resource[],
  settings: JsonObject | undefined,
  reorder: 'legacy' | 'none',
): readonly Resource[] {
  if (!settings) return reorder === 'none' ? resources : sorted(resources, first, last);
  const order = textAt(settings, 'order');
  if (order !== 'fifo' && order !== 'legacy')
    throw new KustomizeError("the field 'sortOptions.order' must be one of [fifo, legacy]");
  const kinds = objectAt(settings, 'legacySortOptions');
  if (order === 'legacy')
    return kinds
      ? sorted(resources, textsAt(kinds, 'orderFirst'), textsAt(kinds, 'orderLast'))
      : sorted(resources, first, last);
  if (!kinds) return resources;
  throw new KustomizeError(
    "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
  );
}

/** The order in which configurations keep their fields. */
export function compareGvk(a: Gvk, b: Gvk): number {
  return rankIn(first, last)(a.kind) - rankIn(first, last)(b.kind) || compareKinds(a, b);
}

function sorted(
  resources: readonly Resource[],
  early: readonly string[],
  late: readonly string[],
): readonly Resource[] {
  const rank = rankIn(early, late);
  return [...resources].sort(({ id: a }, { id: b }) => {
    if (isSameGvk(a, b))
      return compare(
        `${gvkText(a)}|${a.ns || '~X'}|${a.name || '~N'}`,
        `${gvkText(b)}|${b.ns || '~X'}|${b.name || '~N'}`,
      );
    return rank(a.kind) - rank(b.kind) || compareKinds(a, b);
  });
}

function rankIn(early: readonly string[], late: readonly string[]): (kind: string) => number {
  return (kind) => {
    if (late.includes(kind)) return 1 + late.indexOf(kind);
    return early.includes(kind) ? early.indexOf(kind) - early.length : 0;
  };
}

function compareKinds(a: Gvk, b: Gvk): number {
  const text = ({ group, version, kind }: Gvk) => `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
  const bothNamespaces = a.kind === 'Namespace' && b.kind === 'Namespace' && (a.group === '' || b.group === '');
  return bothNamespaces ? compare(text(b), text(a)) : compare(text(a), text(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
