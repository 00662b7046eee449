// What must hold in any cluster that has been left alone for a while.
import { deployments, endpointSlices, nodes, pods, replicaSets, services } from '../../src/api/generated/resources.ts';
import type { Deployment, EndpointSlice, Node, Pod, ReplicaSet, Service } from '../../src/api/generated/types.ts';
import { getControllerOf } from '../../src/api/meta.ts';
import type { EngineWorld } from './world.ts';

/** Sentences about what does not hold; none when all is well. */
export function checkInvariants({ client, run }: EngineWorld): readonly string[] {
  const state = {
    pods: run(client.list(pods)).items,
    sets: run(client.list(replicaSets)).items,
    deployments: run(client.list(deployments)).items,
    services: run(client.list(services, { namespace: 'default' })).items,
    slices: run(client.list(endpointSlices, { namespace: 'default' })).items,
    nodes: run(client.list(nodes)).items,
  };
  return [...checkWorkloads(state), ...checkPods(state), ...checkNodes(state), ...checkEndpoints(state)].slice(
    0,
    toldMax,
  );
}

/** More sentences would only say the same. */
const toldMax = 12;

interface State {
  readonly pods: readonly Pod[];
  readonly sets: readonly ReplicaSet[];
  readonly deployments: readonly Deployment[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly nodes: readonly Node[];
}

function nameOf(object: { readonly metadata?: { readonly name?: string | undefined } | undefined }): string {
  return object.metadata?.name ?? '';
}

function checkWorkloads({ sets, deployments: all, pods: existing }: State): string[] {
  const wrong: string[] = [];
  for (const set of sets) {
    const owned = existing.filter((pod) => getControllerOf(pod)?.uid === set.metadata?.uid && isActive(pod));
    if (owned.length !== set.spec?.replicas)
      wrong.push(`replica set ${nameOf(set)} wants ${set.spec?.replicas} pods and has ${owned.length}`);
    if ((set.status?.replicas ?? 0) !== owned.length)
      wrong.push(`replica set ${nameOf(set)} says ${set.status?.replicas} pods and has ${owned.length}`);
    const ready = owned.filter(isReady).length;
    if ((set.status?.readyReplicas ?? 0) !== ready)
      wrong.push(`replica set ${nameOf(set)} says ${set.status?.readyReplicas} ready, there are ${ready}`);
  }
  for (const deployment of all) {
    const { replicas = 0 } = deployment.spec ?? {};
    const own = sets.filter((set) => getControllerOf(set)?.uid === deployment.metadata?.uid);
    const total = own.reduce((sum, set) => sum + (set.spec?.replicas ?? 0), 0);
    if (deployment.status?.observedGeneration !== deployment.metadata?.generation)
      wrong.push(`deployment ${nameOf(deployment)} was not observed`);
    if (total < replicas)
      wrong.push(`deployment ${nameOf(deployment)} wants ${replicas} replicas, its sets ask for ${total}`);
    if ((deployment.status?.unavailableReplicas ?? 0) === 0 && total !== replicas)
      wrong.push(`deployment ${nameOf(deployment)} is complete with ${total} of ${replicas}`);
  }
  return wrong;
}

function checkPods({ pods: existing, sets, nodes: all }: State): string[] {
  const wrong: string[] = [];
  const ips = new Map<string, string>();
  for (const pod of existing) {
    const owner = getControllerOf(pod);
    if (owner && !sets.some((set) => set.metadata?.uid === owner.uid))
      wrong.push(`pod ${nameOf(pod)} outlives its replica set`);
    if (pod.metadata?.deletionTimestamp) wrong.push(`pod ${nameOf(pod)} does not end`);
    const node = pod.spec?.nodeName;
    if (node && !all.some((one) => nameOf(one) === node))
      wrong.push(`pod ${nameOf(pod)} is on ${node}, which does not exist`);
    if (!node && !pod.status?.conditions?.some(({ type, status }) => type === 'PodScheduled' && status === 'False'))
      wrong.push(`nobody says why pod ${nameOf(pod)} has no node`);
    const ip = pod.status?.podIP;
    if (ip && pod.status?.phase === 'Running') {
      if (ips.has(ip)) wrong.push(`pods ${nameOf(pod)} and ${ips.get(ip)} share ${ip}`);
      ips.set(ip, nameOf(pod));
    }
    const pullable = pod.spec?.containers.every(({ image }) => !image?.includes('does-not-exist'));
    if (node && pullable && isActive(pod) && !isReady(pod))
      wrong.push(
        `pod ${nameOf(pod)} on ${node} is not ready: ${pod.status?.phase} ${pod.status?.reason ?? ''} ${pod.status?.message ?? ''} ${JSON.stringify(pod.status?.containerStatuses?.[0]?.state)}`,
      );
    if (!pullable && isReady(pod)) wrong.push(`pod ${nameOf(pod)} runs an image that does not exist`);
  }
  return wrong;
}

function checkNodes({ nodes: all, pods: existing }: State): string[] {
  const wrong: string[] = [];
  for (const node of all) {
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    if (ready !== 'True') wrong.push(`node ${nameOf(node)} is not ready: ${ready}`);
    const taints =
      node.spec?.taints?.map(({ key }) => key).filter((key) => key !== 'node-role.kubernetes.io/control-plane') ?? [];
    if (taints.length > 0) wrong.push(`node ${nameOf(node)} keeps the taints ${taints.join(', ')}`);
    const requested = existing
      .filter((pod) => pod.spec?.nodeName === nameOf(node) && isActive(pod))
      .flatMap((pod) => pod.spec?.containers ?? [])
      .reduce((sum, { resources }) => sum + millis(resources?.requests?.cpu ?? '0'), 0);
    if (requested > 4000) wrong.push(`node ${nameOf(node)} has ${requested}m CPU requested of 4000m`);
  }
  return wrong;
}

function checkEndpoints({ services: all, slices, pods: existing }: State): string[] {
  const wrong: string[] = [];
  for (const service of all) {
    const app = service.spec?.selector?.app;
    if (app === undefined) continue;
    const expected = existing
      .filter((pod) => pod.metadata?.labels?.app === app && isReady(pod))
      .map((pod) => pod.status?.podIP ?? '');
    const found = slices
      .filter((slice) => slice.metadata?.labels?.['kubernetes.io/service-name'] === nameOf(service))
      .flatMap((slice) => slice.endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready)
      .flatMap(({ addresses }) => addresses);
    if (found.toSorted().join() !== expected.toSorted().join())
      wrong.push(`service ${nameOf(service)} leads to [${found}], ready are [${expected}]`);
  }
  for (const slice of slices) {
    const service = slice.metadata?.labels?.['kubernetes.io/service-name'];
    if (service !== 'kubernetes' && !all.some((one) => nameOf(one) === service))
      wrong.push(`slice ${nameOf(slice)} outlives its service`);
  }
  return wrong;
}

/** Neither ended nor being deleted: what replicas are counted by. */
function isActive(pod: Pod): boolean {
  return !pod.metadata?.deletionTimestamp && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded';
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function millis(cpu: string): number {
  return cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000;
}
