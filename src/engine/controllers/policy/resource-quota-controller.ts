// The resource quota controller: recounts what a namespace uses of each quota.
import {
  configMaps,
  persistentVolumeClaims,
  pods,
  replicationControllers,
  resourceQuotas,
  secrets,
  services,
} from '../../../api/generated/resources.ts';
import type { Container, PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/meta.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { parseQuantity, type Quantity } from '../../../api/quantity.ts';
import type { Resource } from '../../../api/resource.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { storedResources } from '../shared/all-resources.ts';
import { isPodFinished } from '../shared/pod-state.ts';

export const resourceQuotaController = defineController({ name: 'resourcequota-controller', setup });

const resyncMs = 300_000;
/** Resources with a quota name of their own; all others are counted as `count/RESOURCE.GROUP`. */
const counted: readonly Resource<KubeObject>[] = [
  configMaps,
  persistentVolumeClaims,
  pods,
  replicationControllers,
  resourceQuotas,
  secrets,
  services,
];

function setup({ informers, queue, client, scope }: ControllerContext): Controller {
  const quotas = informers.informer(resourceQuotas);
  const enqueue = (quota: ResourceQuota): void => queue.add(keyOf(quota));
  const enqueueNamespace = (object: KubeObject): void => {
    for (const quota of quotas.lister.inNamespace(object.metadata?.namespace ?? '')) enqueue(quota);
  };
  quotas.on({ added: enqueue, updated: (quota, old) => (equal(quota.spec, old.spec) ? undefined : enqueue(quota)) });
  for (const resource of counted) informers.informer(resource).on({ deleted: enqueueNamespace });
  informers.informer(pods).on({
    updated: (pod, old) => {
      if (isPodFinished(pod) && !isPodFinished(old)) enqueueNamespace(pod);
    },
  });
  informers.informer(services).on({
    updated: (service, old) => {
      if (service.spec?.type !== old.spec?.type) enqueueNamespace(service);
    },
  });
  scope.every(resyncMs, () => {
    for (const quota of quotas.lister.list()) enqueue(quota);
  });

  function* reconcile(key: string): Work<void> {
    const quota = quotas.lister.get(key);
    if (!quota) return;
    const hard = quota.spec?.hard ?? {};
    const used: Record<string, string> = {};
    for (const name of Object.keys(hard)) {
      const use = usage(name, quota);
      if (use !== undefined) used[name] = use;
    }
    const status = { hard, used };
    if (!equal(quota.status ?? {}, status)) yield* client.updateStatus(resourceQuotas, { ...quota, status });
  }

  function usage(name: string, quota: ResourceQuota): string | undefined {
    const namespace = quota.metadata?.namespace ?? '';
    const bare = name.startsWith('count/') ? name.slice('count/'.length) : name;
    if (name === 'pods' || podAmounts(name)) return podUsage(name, quota);
    if (name.startsWith('services.')) return String(serviceUsage(name, namespace));
    if (name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/'))
      return claimUsage(name, namespace);
    const resource = storedResources.find(
      (each) => (each.group === '' ? each.resource : `${each.resource}.${each.group}`) === bare,
    );
    return resource && String([...informers.informer(resource).lister.inNamespace(namespace)].length);
  }

  function podUsage(name: string, quota: ResourceQuota): string {
    const members = [...informers.informer(pods).lister.inNamespace(quota.metadata?.namespace ?? '')].filter(
      (pod) => !isPodFinished(pod) && inScopes(quota, pod),
    );
    if (name === 'pods') return String(members.length);
    return total(members.map((pod) => podAmount(pod, name)));
  }

  function serviceUsage(name: string, namespace: string): number {
    const all: readonly Service[] = [...informers.informer(services).lister.inNamespace(namespace)];
    const balancers = all.filter(({ spec }) => spec?.type === 'LoadBalancer');
    if (name === 'services.loadbalancers') return balancers.length;
    const exposed = all.filter(({ spec }) => spec?.type === 'NodePort' || spec?.type === 'LoadBalancer');
    return exposed.flatMap(({ spec }) => spec?.ports ?? []).filter(({ nodePort }) => nodePort).length;
  }

  function claimUsage(name: string, namespace: string): string {
    const [storageClass] = name.includes('.storageclass.') ? name.split('.storageclass.') : [];
    const all: readonly PersistentVolumeClaim[] = [
      ...informers.informer(persistentVolumeClaims).lister.inNamespace(namespace),
    ];
    const members = all.filter(({ spec }) => storageClass === undefined || spec?.storageClassName === storageClass);
    if (name.endsWith('/persistentvolumeclaims')) return String(members.length);
    return total(members.map(({ spec }) => spec?.resources?.requests?.storage));
  }
  return { reconcile };
}

function podAmounts(name: string): boolean {
  return (
    /^((requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name) || /^requests\..+\/.+$/.test(name)
  );
}

/** What a pod asks of one resource: its containers together, or its largest init container if that is more. */
function podAmount(pod: Pod, name: string): string | undefined {
  const limits = name.startsWith('limits.');
  const resource = name.replace(/^(requests|limits)\./, '');
  const of = ({ resources }: Container): string | undefined =>
    (limits ? resources?.limits : resources?.requests)?.[resource];
  const initial = pod.spec?.initContainers ?? [];
  const sidecars = initial.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const running = total([...(pod.spec?.containers ?? []), ...sidecars].map(of));
  const largest = initial.map(of).filter((amount) => amount !== undefined);
  return largest.reduce(
    (most, amount) => (parseQuantity(amount).compare(parseQuantity(most)) > 0 ? amount : most),
    running,
  );
}

function inScopes(quota: ResourceQuota, pod: Pod): boolean {
  const named = quota.spec?.scopes?.map((scopeName) => ({ scopeName, operator: 'Exists', values: undefined })) ?? [];
  return [...named, ...(quota.spec?.scopeSelector?.matchExpressions ?? [])].every(({ scopeName, operator, values }) => {
    const deadline = pod.spec?.activeDeadlineSeconds !== undefined || isBeingDeleted(pod);
    const bestEffort = pod.status?.qosClass === 'BestEffort';
    if (scopeName === 'Terminating') return deadline;
    if (scopeName === 'NotTerminating') return !deadline;
    if (scopeName === 'BestEffort') return bestEffort;
    if (scopeName === 'NotBestEffort') return !bestEffort;
    const priority = pod.spec?.priorityClassName;
    if (scopeName !== 'PriorityClass') return true;
    if (operator === 'Exists') return priority !== undefined;
    if (operator === 'DoesNotExist') return priority === undefined;
    return (values?.includes(priority ?? '') ?? false) === (operator === 'In');
  });
}

function total(amounts: readonly (string | undefined)[]): string {
  let sum: Quantity | undefined;
  for (const amount of amounts) {
    if (amount === undefined) continue;
    sum = sum ? sum.add(parseQuantity(amount)) : parseQuantity(amount);
  }
  return sum ? sum.canonical() : '0';
}
