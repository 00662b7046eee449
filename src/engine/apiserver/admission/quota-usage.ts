// What one object uses of a namespace's quotas, by the names that quotas count under.
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../../../api/generated/types.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { ServedResource } from '../served-resource.ts';
import { type Amounts, podAmounts } from './pod-amounts.ts';

/** Core resources that are counted under their own name. */
const counted = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);
/** Requests that quotas know without a prefix too. */
const bare = new Set(['cpu', 'memory', 'ephemeral-storage']);

export function usageOf(resource: ServedResource, object: StoredObject): Amounts {
  const { group, resource: plural } = resource;
  const used = new Map([[`count/${group ? `${plural}.${group}` : plural}`, '1']]);
  if (group !== '') return Object.fromEntries(used);
  if (counted.has(plural)) used.set(plural, '1');
  if (plural === 'pods') addPod(used, object);
  if (plural === 'services') addService(used, object);
  if (plural === 'persistentvolumeclaims') addClaim(used, object);
  return Object.fromEntries(used);
}

function addPod(used: Map<string, string>, object: StoredObject): void {
  const { spec } = object as Pod; // edge: an object of the pods resource
  used.set('pods', '1');
  if (!spec) return;
  for (const [key, amount] of Object.entries(podAmounts(spec, 'requests'))) {
    used.set(`requests.${key}`, amount);
    if (bare.has(key) || key.startsWith('hugepages-')) used.set(key, amount);
  }
  for (const [key, amount] of Object.entries(podAmounts(spec, 'limits'))) used.set(`limits.${key}`, amount);
}

function addService(used: Map<string, string>, object: StoredObject): void {
  const { spec } = object as Service; // edge: an object of the services resource
  const balanced = spec?.type === 'LoadBalancer';
  const without = balanced && spec?.allocateLoadBalancerNodePorts === false;
  const ports = spec?.ports ?? [];
  const exposed = without ? ports.filter(({ nodePort }) => nodePort) : ports;
  if (balanced) used.set('services.loadbalancers', '1');
  if (balanced || spec?.type === 'NodePort') used.set('services.nodeports', String(exposed.length));
}

function addClaim(used: Map<string, string>, object: StoredObject): void {
  const { spec } = object as PersistentVolumeClaim; // edge: an object of the claims resource
  const storage = spec?.resources?.requests?.storage;
  const prefix = spec?.storageClassName && `${spec.storageClassName}.storageclass.storage.k8s.io/`;
  if (storage) used.set('requests.storage', storage);
  if (!prefix) return;
  used.set(`${prefix}persistentvolumeclaims`, '1');
  if (storage) used.set(`${prefix}requests.storage`, storage);
}

/** Whether a quota's scopes take the pod in. */
export function inScopes({ spec: limits }: ResourceQuota, pod: Pod): boolean {
  const named = limits?.scopes?.map((scopeName) => ({ scopeName, operator: 'Exists', values: undefined })) ?? [];
  const all = [...named, ...(limits?.scopeSelector?.matchExpressions ?? [])];
  return all.every(({ scopeName, operator, values }) => {
    const bounded = pod.spec?.activeDeadlineSeconds !== undefined;
    const priority = pod.spec?.priorityClassName;
    switch (scopeName) {
      case 'Terminating':
        return bounded;
      case 'NotTerminating':
        return !bounded;
      case 'BestEffort':
        return isBestEffort(pod);
      case 'NotBestEffort':
        return !isBestEffort(pod);
      case 'PriorityClass':
        if (operator === 'Exists') return priority !== undefined;
        if (operator === 'DoesNotExist') return priority === undefined;
        return (values?.includes(priority ?? '') ?? false) === (operator === 'In');
      default:
        return false;
    }
  });
}

function isBestEffort({ spec }: Pod): boolean {
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return all.every(
    ({ resources }) =>
      Object.keys(resources?.limits ?? {}).length === 0 && Object.keys(resources?.requests ?? {}).length === 0,
  );
}
