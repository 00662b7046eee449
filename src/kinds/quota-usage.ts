// What one object uses of a namespace's quotas, by the names that quotas count under.
import type {
  PersistentVolumeClaim,
  Pod,
  PodAffinityTerm,
  PodSpec,
  ResourceClaim,
  ResourceQuota,
  Service,
} from '../api/generated/types.ts';
import type { GroupResource } from '../api/resource.ts';
import type { StoredObject } from './kind.ts';
import { type Amounts, podAmounts } from './pod-amounts.ts';
import { remember } from './share.ts';

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

/** What an object of a resource uses, by name. */
export function usageOf({ group, resource: plural }: GroupResource, object: StoredObject): Amounts {
  const used = new Map([[`count/${group ? `${plural}.${group}` : plural}`, '1']]);
  if (group === 'resource.k8s.io' && plural === 'resourceclaims') addDevices(used, object);
  if (group !== '') return Object.fromEntries(used);
  if (counted.has(plural)) used.set(plural, '1');
  if (plural === 'pods') addPod(used, object);
  if (plural === 'services') addService(used, object);
  if (plural === 'persistentvolumeclaims') addClaim(used, object);
  return Object.fromEntries(used);
}

/** Whose objects use what has this name; undefined: nobody's. */
export function usedBy(name: string): GroupResource | undefined {
  if (name.startsWith('count/')) {
    const [resource = '', ...group] = name.slice('count/'.length).split('.');
    return { group: group.join('.'), resource };
  }
  if (name.endsWith(devicesSuffix)) return { group: 'resource.k8s.io', resource: 'resourceclaims' };
  if (name.startsWith('services.')) return { group: '', resource: 'services' };
  if (name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/'))
    return { group: '', resource: 'persistentvolumeclaims' };
  if (counted.has(name)) return { group: '', resource: name };
  const ofPods = /^(pods|((requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-.+)|requests\..+\/.+)$/;
  return ofPods.test(name) ? { group: '', resource: 'pods' } : undefined;
}

const devicesSuffix = '.deviceclass.resource.k8s.io/devices';
/** Devices that a claim for all of them may get. */
const allDevices = 32;

interface DeviceRequest {
  readonly deviceClassName?: string | undefined;
  readonly allocationMode?: string | undefined;
  readonly count?: number | undefined;
}

/** Of alternatives the one that takes most. */
function addDevices(used: Map<string, string>, object: StoredObject): void {
  const { spec } = object as ResourceClaim; // edge: an object of the resourceclaims resource
  for (const { exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    const most = new Map<string, number>();
    const choices: readonly DeviceRequest[] = exactly ? [exactly] : firstAvailable;
    for (const { deviceClassName = '', allocationMode, count = 1 } of choices) {
      const wanted = allocationMode === 'All' ? allDevices : count;
      most.set(deviceClassName, Math.max(most.get(deviceClassName) ?? 0, wanted));
    }
    for (const [name, count] of most) {
      const key = `${name}${devicesSuffix}`;
      used.set(key, String(Number(used.get(key) ?? 0) + count));
    }
  }
}

function addPod(used: Map<string, string>, object: StoredObject): void {
  const { spec } = object as Pod; // edge: an object of the pods resource
  used.set('pods', '1');
  for (const [name, amount] of spec ? podUse(spec) : []) used.set(name, amount);
}

/** Replicas have one spec. */
const podUse = remember((spec: PodSpec): readonly (readonly [string, string])[] => [
  ...Object.entries(podAmounts(spec, 'requests')).flatMap(([key, amount]): readonly (readonly [string, string])[] => {
    const whole = bare.has(key) || key.startsWith('hugepages-');
    return [[`requests.${key}`, amount], ...(whole ? [[key, amount] as const] : [])];
  }),
  ...Object.entries(podAmounts(spec, 'limits')).map(([key, amount]) => [`limits.${key}`, amount] as const),
]);

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

/** Whether a quota's scopes take an object in: only pods and claims have any. */
export function inScopes(
  { spec: limits }: ResourceQuota,
  { group, resource }: GroupResource,
  object: StoredObject,
): boolean {
  const named = limits?.scopes?.map((scopeName) => ({ scopeName, operator: 'Exists', values: undefined })) ?? [];
  const all = [...named, ...(limits?.scopeSelector?.matchExpressions ?? [])];
  if (all.length === 0) return true;
  if (group !== '') return false;
  if (resource === 'pods') return all.every((scope) => podInScope(object as Pod, scope)); // edge: of that resource
  if (resource !== 'persistentvolumeclaims') return false;
  const classes = attributeClasses(object as PersistentVolumeClaim); // edge: an object of that resource
  return all.every((scope) => scope.scopeName === 'VolumeAttributesClass' && selects(scope, classes));
}

interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

function podInScope(pod: Pod, scope: ScopeRequirement): boolean {
  const { activeDeadlineSeconds, priorityClassName } = pod.spec ?? {};
  switch (scope.scopeName) {
    case 'Terminating':
      return activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'PriorityClass':
      return selects(scope, priorityClassName ? [priorityClassName] : []);
    case 'CrossNamespacePodAffinity':
      return looksElsewhere(pod);
    default:
      return false;
  }
}

function selects({ operator, values = [] }: ScopeRequirement, given: readonly string[]): boolean {
  if (operator === 'Exists') return given.length > 0;
  if (operator === 'DoesNotExist') return given.length === 0;
  return given.some((name) => values.includes(name)) === (operator === 'In');
}

/** Whether the pod's affinities are about pods of other namespaces. */
function looksElsewhere({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  const terms = [podAffinity, podAntiAffinity].flatMap((affinity): readonly PodAffinityTerm[] => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
  return terms.some(({ namespaces, namespaceSelector }) => namespaces?.length || namespaceSelector);
}

/** The one asked for, the one that is there, and the one on its way. */
function attributeClasses({ spec, status }: PersistentVolumeClaim): readonly string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return names.filter((name): name is string => name !== undefined && name !== '');
}

function isBestEffort({ spec }: Pod): boolean {
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return all.every(
    ({ resources }) =>
      Object.keys(resources?.limits ?? {}).length === 0 && Object.keys(resources?.requests ?? {}).length === 0,
  );
}
