// A test cluster with controllers and a stand-in for kubelets: pods are placed on node-1, run, end and go as told.
import * as resources from '../../api/generated/resources.ts';
import { coreEvents, namespaces, pods } from '../../api/generated/resources.ts';
import type { Pod } from '../../api/generated/types.ts';
import { formatTime, isBeingDeleted, type KubeObject } from '../../api/meta.ts';
import type { Resource } from '../../api/resource.ts';
import { parseYaml } from '../../api/yaml.ts';
import { CertificateAuthority } from '../../base/certificate-authority.ts';
import type { ControllerDefinition } from '../client/controller.ts';
import { startController } from '../client/controller.ts';
import type { Work } from '../sim/work.ts';
import { type TestCluster, testCluster } from './cluster.ts';

export interface ControllerCluster extends TestCluster {
  readonly kubelet: FakeKubelet;
  /** Creates the objects of a YAML text, in `default` where they are namespaced and say nothing else. */
  apply(yaml: string): void;
  /** Replaces parts of an object by a merge patch. */
  patch<T extends KubeObject>(resource: Resource<T>, name: string, patch: object): void;
  remove<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    propagationPolicy?: 'Background' | 'Foreground' | 'Orphan',
  ): void;
  /** `Normal ScalingReplicaSet Deployment/web: …`, in the order of their first occurrence. */
  events(kind?: string): string;
}

export interface FakeKubelet {
  /** False: nothing happens to pods. */
  running: boolean;
  /** What the containers of pods of jobs end with; undefined: they run on. */
  exitCode: number | undefined;
}

const tickMs = 250;

export function controllerCluster(definitions: readonly ControllerDefinition[]): ControllerCluster {
  const cluster = testCluster();
  const manager = cluster.component('kube-controller-manager');
  for (const [i, definition] of definitions.entries()) {
    const source = { component: definition.eventSource ?? definition.account ?? definition.name };
    const { scope, client, events } = cluster.component(`${definition.name}-${i}`, source);
    startController(definition, { scope, client, events, informers: manager.informers, cluster: facts });
  }
  const kubelet: FakeKubelet = { running: true, exitCode: undefined };
  const { scope, client } = cluster.component('kubelet');
  scope.spawn(playKubelet());

  function* playKubelet(): Work<void> {
    for (let ip = 1; ; ) {
      yield* scope.sleep(tickMs);
      if (!kubelet.running) continue;
      const { items } = yield* client.list(pods);
      for (const pod of items) {
        const { namespace, name = '' } = pod.metadata ?? {};
        const next = nextStatus(pod, kubelet, { ip, now: scope.now });
        if (isBeingDeleted(pod)) yield* client.delete(pods, { namespace, name, gracePeriodSeconds: 0 });
        else if (!pod.spec?.nodeName)
          yield* client.createSub(pods, { namespace, name, subresource: 'binding' }, binding(pod));
        else if (next) {
          ip++;
          yield* client.updateStatus(pods, { ...pod, status: { ...pod.status, ...next } });
        }
      }
    }
  }
  return extend(cluster, kubelet);
}

const facts = {
  clusterName: 'kubernetes',
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  rootCa: 'PEM',
  authority: new CertificateAuthority({ seed: 'test', name: 'kubernetes', since: 0 }),
  nodeMonitorGraceMs: 50_000,
};

function extend(cluster: TestCluster, kubelet: FakeKubelet): ControllerCluster {
  const admin = cluster.client();
  const namespaceOf = (resource: Resource<KubeObject>): { readonly namespace?: string } =>
    resource.namespaced ? { namespace: 'default' } : {};
  return {
    ...cluster,
    kubelet,
    apply: (yaml) => {
      for (const text of yaml.split(/^---$/m)) {
        const object = parseYaml(text).value as KubeObject; // edge: a manifest of the test's own
        const all = Object.values<Resource<KubeObject>>(resources);
        const resource = all.find(
          ({ kind, group, version }) =>
            kind === object.kind && (group ? `${group}/${version}` : version) === object.apiVersion,
        );
        if (!resource) throw new Error(`no resource of kind ${object.kind}`);
        const metadata = { ...namespaceOf(resource), ...object.metadata };
        cluster.create(resource, { ...object, metadata });
      }
    },
    patch: (resource, name, patch) => {
      const target = { ...namespaceOf(resource), name, patchType: 'application/merge-patch+json' as const };
      cluster.perform(admin.patch(resource, target, JSON.parse(JSON.stringify(patch))));
    },
    remove: (resource, name, propagationPolicy) => {
      cluster.perform(admin.delete(resource, { ...namespaceOf(resource), name, propagationPolicy }));
    },
    events: (kind) =>
      cluster
        .list(coreEvents)
        .filter(({ involvedObject }) => kind === undefined || involvedObject.kind === kind)
        .sort((a, b) => Number(a.metadata?.resourceVersion) - Number(b.metadata?.resourceVersion))
        .map(
          ({ type, reason, involvedObject, message }) =>
            `${type} ${reason} ${involvedObject.kind}/${involvedObject.name}: ${message}`,
        )
        .join('\n'),
  };
}

/** Names of the namespaces there are. */
export function namespaceNames(cluster: TestCluster): readonly string[] {
  return cluster.list(namespaces).map(({ metadata }) => metadata?.name ?? '');
}

function binding(pod: Pod): KubeObject {
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const name = terms?.[0]?.matchFields?.[0]?.values?.[0] ?? 'node-1';
  const target = { apiVersion: 'v1', kind: 'Node', name };
  const made = { apiVersion: 'v1', kind: 'Binding', metadata: { name: pod.metadata?.name }, target };
  return made;
}

function nextStatus(
  pod: Pod,
  { exitCode }: FakeKubelet,
  { ip, now }: { readonly ip: number; readonly now: number },
): Pod['status'] | undefined {
  const at = formatTime(now);
  const phase = pod.status?.phase;
  if (phase === 'Pending') {
    const address = `10.244.0.${ip}`;
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: at }];
    return { phase: 'Running', podIP: address, podIPs: [{ ip: address }], conditions, startTime: at };
  }
  const ofJob = pod.metadata?.ownerReferences?.[0]?.kind === 'Job';
  if (phase !== 'Running' || exitCode === undefined || !ofJob) return undefined;
  const containerStatuses = (pod.spec?.containers ?? []).map(({ name, image = '' }) => ({
    name,
    image,
    imageID: '',
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode, finishedAt: at } },
  }));
  const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime: at }];
  return { phase: exitCode === 0 ? 'Succeeded' : 'Failed', conditions, containerStatuses };
}
