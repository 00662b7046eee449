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
import type { ResourceQuota } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/meta.ts';
import { parseQuantity, type Quantity } from '../../../api/quantity.ts';
import type { GroupResource, Resource } from '../../../api/resource.ts';
import { equal } from '../../../base/json.ts';
import { inScopes, usageOf, usedBy } from '../../../kinds/quota-usage.ts';
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
    const about = usedBy(name);
    const resource = about && storedResources.find((each) => sameResource(each, about));
    if (!resource) return undefined;
    const objects: readonly KubeObject[] = [
      ...informers.informer(resource).lister.inNamespace(quota.metadata?.namespace ?? ''),
    ];
    const members = objects.filter((object) => counts(name, resource, object) && inScopes(quota, resource, object));
    return total(members.map((object) => usageOf(resource, object)[name]));
  }
  return { reconcile };
}

function sameResource(a: GroupResource, b: GroupResource): boolean {
  return a.group === b.group && a.resource === b.resource;
}

/** Pods that are over use nothing any more, but they are still there. */
function counts(name: string, { group, resource }: GroupResource, object: KubeObject): boolean {
  return group !== '' || resource !== 'pods' || name.startsWith('count/') || !isPodFinished(object);
}

function total(amounts: readonly (string | undefined)[]): string {
  let sum: Quantity | undefined;
  for (const amount of amounts) {
    if (amount === undefined) continue;
    sum = sum ? sum.add(parseQuantity(amount)) : parseQuantity(amount);
  }
  return sum ? sum.canonical() : '0';
}
