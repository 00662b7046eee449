// Changes of the cluster that may make a rejected pod schedulable, and how plugins say which they care about.
import type { Node, Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/meta.ts';
import { equal } from '../../base/json.ts';
import type { PodInfo } from './pod-info.ts';
import { podRequests } from './resources.ts';

export type EventResource =
  | 'Pod'
  | 'Node'
  | 'PersistentVolumeClaim'
  | 'PersistentVolume'
  | 'StorageClass'
  | 'CSINode'
  | 'VolumeAttachment'
  | 'ResourceClaim'
  | 'ResourceSlice'
  | 'DeviceClass';

/** `update` alone is an update of nothing that any finer action names. */
export type EventAction =
  | 'add'
  | 'delete'
  | 'update'
  | 'allocatable'
  | 'declared-features'
  | 'label'
  | 'taint'
  | 'scale-down'
  | 'toleration'
  | 'gates-eliminated'
  | 'generated-claims';

export interface ClusterEvent {
  readonly resource: EventResource;
  readonly action: EventAction;
  readonly old?: KubeObject | undefined;
  readonly current?: KubeObject | undefined;
}

/** A kind of change that a plugin cares about. */
export interface EventHint {
  readonly resource: EventResource;
  readonly actions: readonly EventAction[];
  /** Whether this very change may help that pod; left out: it always may. The objects are of the resource's type. */
  helps?(pod: PodInfo, old: KubeObject | undefined, current: KubeObject | undefined): boolean;
}

export function matchesHint(hint: EventHint, { resource, action }: ClusterEvent): boolean {
  return hint.resource === resource && hint.actions.includes(action);
}

export function hintHelps(hint: EventHint, pod: PodInfo, { old, current }: ClusterEvent): boolean {
  return hint.helps?.(pod, old, current) ?? true;
}

/** What an update of a pod changed that may matter to pods that wait. */
export function podChanges(current: Pod, old: Pod): readonly ClusterEvent[] {
  const actions: EventAction[] = [];
  if (!equal(current.metadata?.labels ?? {}, old.metadata?.labels ?? {})) actions.push('label');
  if (asksForLess(current, old)) actions.push('scale-down');
  if (!current.spec?.schedulingGates?.length && old.spec?.schedulingGates?.length) actions.push('gates-eliminated');
  if (current.spec?.tolerations?.length !== old.spec?.tolerations?.length) actions.push('toleration');
  if (!equal(current.status?.resourceClaimStatuses ?? [], old.status?.resourceClaimStatuses ?? []))
    actions.push('generated-claims');
  if (actions.length === 0) actions.push('update');
  return actions.map((action) => ({ resource: 'Pod', action, old, current }));
}

export function nodeChanges(current: Node, old: Node): readonly ClusterEvent[] {
  const actions: EventAction[] = [];
  if (old.spec?.unschedulable === true && current.spec?.unschedulable !== true) actions.push('taint');
  if (!equal(current.status?.allocatable ?? {}, old.status?.allocatable ?? {})) actions.push('allocatable');
  if (!equal(current.metadata?.labels ?? {}, old.metadata?.labels ?? {})) actions.push('label');
  if (!equal(current.status?.declaredFeatures ?? [], old.status?.declaredFeatures ?? []))
    actions.push('declared-features');
  if (!equal(current.spec?.taints ?? [], old.spec?.taints ?? [])) actions.push('taint');
  return [...new Set(actions)].map((action) => ({ resource: 'Node', action, old, current }));
}

function asksForLess(current: Pod, old: Pod): boolean {
  const sameSpec = current.spec === old.spec || equal(containersOf(current), containersOf(old));
  if (sameSpec && equal(heldBy(current), heldBy(old))) return false;
  const [now, before] = [podRequests(current), podRequests(old)];
  if (now.milliCpu < before.milliCpu || now.memory < before.memory || now.ephemeralStorage < before.ephemeralStorage)
    return true;
  for (const [name, amount] of before.scalars) if ((now.scalars.get(name) ?? 0) < amount) return true;
  return false;
}

function containersOf({ spec }: Pod): unknown {
  return [spec?.containers, spec?.initContainers];
}

function heldBy({ status }: Pod): unknown {
  return (status?.containerStatuses ?? []).map(({ resources, allocatedResources }) => [resources, allocatedResources]);
}
