// How many pods a second the scheduler's algorithm places: 5,000 nodes in three zones, replicas of one Deployment.
//
//   node test/bench/scheduler.ts [nodes] [pods]
import type { Node, Pod } from '../../src/api/generated/types.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { Resource } from '../../src/api/resource.ts';
import { Store } from '../../src/engine/client/store.ts';
import { SchedulerCache } from '../../src/engine/scheduler/cache.ts';
import type { Handle, Plugin } from '../../src/engine/scheduler/framework.ts';
import { Nominator } from '../../src/engine/scheduler/nominator.ts';
import { defaultPlugins } from '../../src/engine/scheduler/plugins.ts';
import { Algorithm } from '../../src/engine/scheduler/schedule-pod.ts';
import { Simulation } from '../../src/engine/sim/simulation.ts';

const nodeCount = Number(process.argv[2] ?? 5000);
const podCount = Number(process.argv[3] ?? 30_000);

const { root: scope } = new Simulation({ seed: 1, startsAt: 0 });
const cache = new SchedulerCache();
const nominator = new Nominator();
const stores = new Map<string, Store<KubeObject>>();
const storeOf = (resource: Resource<KubeObject>): Store<KubeObject> => {
  const store = stores.get(resource.resource) ?? new Store<KubeObject>();
  stores.set(resource.resource, store);
  return store;
};
const handle = {
  scope,
  cache,
  nominator,
  lister: storeOf,
} as unknown as Handle; // edge: the parts that only binding and preemption use are left out
const plugins: readonly Plugin[] = defaultPlugins.map((make) => make(handle));
const algorithm = new Algorithm(plugins, cache, nominator, scope.random('ties'));

for (let i = 0; i < nodeCount; i++) cache.setNode(makeNode(i));
storeOf({ group: 'apps', version: 'v1', resource: 'replicasets', kind: 'ReplicaSet', namespaced: true }).set('default/web', {
  metadata: { name: 'web', namespace: 'default' },
  ...{ spec: { selector: { matchLabels: { app: 'web' } } } },
});

const plain = Array.from({ length: podCount }, (_, i) => makePod(i));
const started = performance.now();
for (const pod of plain) place(pod);
const seconds = (performance.now() - started) / 1000;
console.log(`${podCount} pods on ${nodeCount} nodes: ${Math.round(podCount / seconds)} pods/s`);

function place(pod: Pod): void {
  const info = cache.infos.of(pod);
  const outcome = algorithm.schedule(info);
  if (outcome.kind !== 'fits') throw new Error(JSON.stringify(outcome.kind));
  cache.assume(info, outcome.ranking.best.name);
}

function makeNode(i: number): Node {
  const name = `node-${String(i).padStart(5, '0')}`;
  const allocatable = { cpu: '16', memory: '64Gi', 'ephemeral-storage': '100Gi', pods: '110' };
  return {
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `zone-${i % 3}` },
    },
    status: { allocatable, images: [{ names: ['nginx:1.27'], sizeBytes: 70_000_000 }] },
  };
}

function makePod(i: number): Pod {
  const name = `web-${i}`;
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      labels: { app: 'web' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'web', controller: true }],
    },
    spec: {
      containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '100m', memory: '128Mi' } } }],
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
    },
  };
}
