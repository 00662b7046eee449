import { describe, expect, test } from 'vitest';
import { daemonSets, nodes, pods } from '../../../api/generated/resources.ts';
import { type ControllerCluster, controllerCluster } from '../../testing/controller-cluster.ts';
import { daemonSetController } from './daemonset-controller.ts';

const set = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: c, image: 'agent:1'}]}
`;

function start(): ControllerCluster {
  const cluster = controllerCluster([daemonSetController]);
  for (const name of ['node-1', 'node-2'])
    cluster.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { disk: name } } });
  for (const name of ['node-1', 'node-2']) cluster.patch(nodes, name, { spec: { taints: null } });
  cluster.apply(set);
  cluster.run(3000);
  return cluster;
}

const where = (cluster: ControllerCluster): string =>
  cluster
    .list(pods, 'default')
    .map(({ spec }) => `${spec?.nodeName} ${spec?.containers[0]?.image}`)
    .sort()
    .join(', ');

describe('the daemon set controller', () => {
  test('runs one pod on each node, new ones included', () => {
    const cluster = start();
    expect(where(cluster)).toBe('node-1 agent:1, node-2 agent:1');
    cluster.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-3' } });
    cluster.patch(nodes, 'node-3', { spec: { taints: null } });
    cluster.run(3000);
    expect(cluster.get(daemonSets, 'agent', 'default').status).toMatchObject({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 3,
      numberMisscheduled: 0,
      updatedNumberScheduled: 3,
    });
  });

  test('leaves a node whose taint it does not tolerate', () => {
    const cluster = start();
    cluster.patch(nodes, 'node-2', { spec: { taints: [{ key: 'a', effect: 'NoExecute' }] } });
    cluster.run(3000);
    expect(where(cluster)).toBe('node-1 agent:1');
  });

  test('updates one node after the other', () => {
    const cluster = start();
    cluster.patch(daemonSets, 'agent', {
      spec: { template: { spec: { containers: [{ name: 'c', image: 'agent:2' }] } } },
    });
    cluster.run(8000);
    expect(where(cluster)).toBe('node-1 agent:2, node-2 agent:2');
  });
});
