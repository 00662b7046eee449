// How many pods a second the scheduler's algorithm places: 5,000 nodes in three zones, replicas of one Deployment.
//
//   node test/bench/scheduler.ts [nodes] [pods]
import { replicaSets } from '../../src/api/generated/resources.ts';
import type { Node, Pod } from '../../src/api/generated/types.ts';
import { Decider } from '../../src/engine/testing/decider.ts';

const nodeCount = Number(process.argv[2] ?? 5000);
const podCount = Number(process.argv[3] ?? 30_000);

const decider = new Decider();
for (let i = 0; i < nodeCount; i++) decider.addNodes(makeNode(i));
decider.put(replicaSets, {
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'web' } } },
});

const pods = Array.from({ length: podCount }, (_, i) => makePod(i));
const started = performance.now();
for (const pod of pods) decider.place(pod);
const seconds = (performance.now() - started) / 1000;
console.log(`${podCount} pods on ${nodeCount} nodes: ${Math.round(podCount / seconds)} pods/s`);

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
