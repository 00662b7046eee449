// The conditions by which a namespace that is being deleted tells what it waits for.
import type { NamespaceCondition } from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';
import { groupResourceText } from '../../../api/resource.ts';

/** What was left after an attempt to delete everything. */
export interface Remains {
  /** Instances by `resource.group`. */
  readonly resources: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
  readonly errors: readonly string[];
  /** Why it is not known what there is. */
  readonly discovery?: string | undefined;
}

const rules = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
] as const;

/** The same list where nothing has changed. */
export function namespaceConditions(
  old: readonly NamespaceCondition[],
  remains: Remains,
  now: number,
): readonly NamespaceCondition[] {
  const troubles = new Map(troublesOf(remains).map((trouble) => [trouble.type, trouble]));
  let changed = false;
  const conditions = [...old];
  for (const [type, reason, message] of rules) {
    const next = troubles.get(type) ?? { type, status: 'False', reason, message };
    const index = conditions.findIndex((condition) => condition.type === type);
    const known = conditions[index];
    if (known && known.status === next.status && known.reason === next.reason && known.message === next.message)
      continue;
    changed = true;
    const lastTransitionTime = known?.status === next.status ? known.lastTransitionTime : formatTime(now);
    if (known) conditions[index] = { ...next, lastTransitionTime };
    else conditions.push({ ...next, lastTransitionTime });
  }
  return changed ? conditions : old;
}

function troublesOf({ resources, finalizers, errors, discovery }: Remains): readonly NamespaceCondition[] {
  const troubles: NamespaceCondition[] = [];
  const add = (type: string, reason: string, message: string): void => {
    troubles.push({ type, status: 'True', reason, message });
  };
  if (discovery !== undefined) add('NamespaceDeletionDiscoveryFailure', 'DiscoveryFailed', discovery);
  if (resources.size > 0) {
    const counts = [...resources].map(([name, count]) => `${name} has ${count} resource instances`);
    add(
      'NamespaceContentRemaining',
      'SomeResourcesRemain',
      `Some resources are remaining: ${counts.sort().join(', ')}`,
    );
  }
  if (finalizers.size > 0) {
    const counts = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`);
    const message = `Some content in the namespace has finalizers remaining: ${counts.sort().join(', ')}`;
    add('NamespaceFinalizersRemaining', 'SomeFinalizersRemain', message);
  }
  if (errors.length > 0) {
    const texts = [...errors].sort().join(', ');
    const message = `Failed to delete all resource types, ${errors.length} remaining: ${texts}`;
    add('NamespaceDeletionContentFailure', 'ContentDeletionFailed', message);
  }
  return troubles;
}

/** `pods.` or `deployments.apps`: upstream writes the dot of the core group too. */
export function remainsName(resource: { readonly group: string; readonly resource: string }): string {
  return resource.group === '' ? `${resource.resource}.` : groupResourceText(resource);
}
