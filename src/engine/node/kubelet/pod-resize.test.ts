// A pod's resources change while it runs: at once, by a restart, or when there is room.
import { describe, expect, test } from 'vitest';
import { pods } from '../../../api/generated/resources.ts';
import type { Container } from '../../../api/generated/types.ts';
import { type NodeCluster, nodeCluster } from '../../testing/node-cluster.ts';

function asking(cpu: string, more: Partial<Container> = {}): Container {
  return { name: 'c', image: 'nginx:1.27', resources: { requests: { cpu } }, ...more };
}

function resize(cluster: NodeCluster, cpu: string): void {
  const patch = { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] } };
  const target = { name: 'web', namespace: 'default', subresource: 'resize' };
  cluster.perform(cluster.client().patch(pods, target, patch));
}

/** What the status says of resources, restarts and the resize. */
function shown(cluster: NodeCluster): string {
  const { status } = cluster.pod('web');
  const [container] = status?.containerStatuses ?? [];
  const of = container?.resources?.requests?.cpu;
  const resizes = status?.conditions?.filter(({ type }) => type.startsWith('PodResize')) ?? [];
  const conditions = resizes.map(({ type, reason = '', message = '' }) => `${type} ${reason} ${message}`.trim());
  const allocated = container?.allocatedResources?.cpu;
  return [`has ${of}, granted ${allocated}, restarts ${container?.restartCount}`, ...conditions].join('\n');
}

describe('a resize', () => {
  test('takes place while the container runs on', () => {
    const cluster = nodeCluster();
    cluster.runPod('web', { containers: [asking('500m')] });
    resize(cluster, '1');
    cluster.run(3000);
    expect(shown(cluster)).toBe('has 1, granted 1, restarts 0');
    expect(cluster.events('web').filter((line) => line.includes('Resize'))).toMatchInlineSnapshot(`
      [
        "Normal ResizeStarted: Pod resize started: {"containers":[{"name":"c","resources":{"requests":{"cpu":"1"}}}],"generation":2}",
        "Normal ResizeCompleted: Pod resize completed: {"containers":[{"name":"c","resources":{"requests":{"cpu":"1"}}}],"generation":2}",
      ]
    `);
  });

  test('restarts the container where its policy says so', () => {
    const cluster = nodeCluster();
    const resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }];
    cluster.runPod('web', { containers: [asking('500m', { resizePolicy })] });
    resize(cluster, '1');
    cluster.run(5000);
    expect(shown(cluster)).toBe('has 1, granted 1, restarts 1');
    expect(cluster.events('web')).toContain('Normal Killing: Container c resize requires restart');
  });

  test('waits for room, and takes place when another pod goes', () => {
    const cluster = nodeCluster();
    cluster.runPod('other', { containers: [asking('3')] });
    cluster.runPod('web', { containers: [asking('500m')] });
    resize(cluster, '2');
    cluster.run(3000);
    expect(shown(cluster)).toMatchInlineSnapshot(`
      "has 500m, granted 500m, restarts 0
      PodResizePending Deferred Node didn't have enough resource: cpu, requested: 2000, used: 3000, capacity: 4000"
    `);
    cluster.perform(cluster.client().delete(pods, { name: 'other', namespace: 'default' }));
    cluster.run(40_000);
    expect(shown(cluster)).toBe('has 2, granted 2, restarts 0');
  });
});
