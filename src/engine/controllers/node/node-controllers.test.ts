import { describe, expect, test } from 'vitest';
import { leases, nodes, pods } from '../../../api/generated/resources.ts';
import { formatMicroTime, formatTime } from '../../../api/meta.ts';
import { type ControllerCluster, controllerCluster } from '../../testing/controller-cluster.ts';
import { nodeIpamController } from './node-ipam-controller.ts';
import { nodeLifecycleController } from './node-lifecycle-controller.ts';
import { podGcController } from './pod-gc-controller.ts';
import { taintEvictionController } from './taint-eviction-controller.ts';

const podOn = (node: string, toleratedSeconds: number): string => `
apiVersion: v1
kind: Pod
metadata: {name: on-${node}}
spec:
  nodeName: ${node}
  containers: [{name: c, image: nginx}]
  tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: ${toleratedSeconds}}]
`;

/** Two nodes whose leases are renewed every 10 s; `silence` ends that for one. */
function start(): ControllerCluster & { silence(name: string): void } {
  const cluster = controllerCluster([
    nodeLifecycleController,
    taintEvictionController,
    podGcController,
    nodeIpamController,
  ]);
  const alive = new Set(['node-1', 'node-2']);
  const admin = cluster.client('kubelets');
  const { scope } = cluster.component('heartbeats');
  for (const name of alive) {
    cluster.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name } });
    const at = formatTime(scope.now);
    const ready = { type: 'Ready', status: 'True', lastHeartbeatTime: at, lastTransitionTime: at };
    const status = { conditions: [ready] };
    cluster.perform(admin.patch(nodes, { name, subresource: 'status' }, { status }));
    cluster.create(leases, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: 'kube-node-lease' },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: formatMicroTime(scope.now) },
    });
  }
  scope.every(10_000, () => {
    for (const name of alive) {
      const patch = { spec: { renewTime: formatMicroTime(scope.now) } };
      scope.run(
        admin.patch(leases, { namespace: 'kube-node-lease', name }, patch),
        () => {},
        () => {},
      );
    }
  });
  return { ...cluster, silence: (name) => alive.delete(name) };
}

describe('the node controllers', () => {
  test('a node that falls silent is Unknown after 50 s, tainted, and its pods are evicted when tolerated no longer', () => {
    const cluster = start();
    cluster.apply(podOn('node-2', 20));
    cluster.run(5000);
    cluster.silence('node-2');
    cluster.kubelet.running = false;
    cluster.run(40_000);
    expect(cluster.get(nodes, 'node-2').status?.conditions?.[0]?.status).toBe('True');
    cluster.run(20_000);
    const node = cluster.get(nodes, 'node-2');
    expect(node.status?.conditions?.[0]).toMatchObject({
      type: 'Ready',
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    expect(node.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    expect(cluster.get(nodes, 'node-1').spec?.taints ?? []).toEqual([]);
    cluster.run(30_000);
    expect(cluster.get(pods, 'on-node-2', 'default').metadata?.deletionTimestamp).toBeDefined();
    expect(cluster.events('Node')).toContain(
      'Normal NodeNotReady Node/node-2: Node node-2 status is now: NodeNotReady',
    );
    expect(cluster.events('Pod')).toContain('Marking for deletion Pod default/on-node-2');
  });

  test('pods of a node that was deleted go after 40 s', () => {
    const cluster = start();
    cluster.apply(podOn('node-2', 300));
    cluster.run(5000);
    cluster.perform(cluster.client().delete(nodes, { name: 'node-2' }));
    cluster.run(30_000);
    expect(cluster.list(pods, 'default')).toHaveLength(1);
    cluster.run(40_000);
    expect(cluster.list(pods, 'default')).toHaveLength(0);
  });

  test('every node gets a range of pod addresses of its own', () => {
    const cluster = start();
    cluster.run(2000);
    expect(cluster.list(nodes).map(({ spec }) => spec?.podCIDR)).toEqual(['10.244.0.0/24', '10.244.1.0/24']);
  });

  test('cordoning a node taints it', () => {
    const cluster = start();
    cluster.patch(nodes, 'node-1', { spec: { unschedulable: true } });
    cluster.run(1000);
    const taints = cluster.get(nodes, 'node-1').spec?.taints?.map(({ key }) => key);
    expect(taints).toEqual(['node.kubernetes.io/unschedulable']);
  });
});
