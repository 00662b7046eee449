// What the documentation's examples on limits come to.
import { describe, expect, test } from 'vitest';
import { nodeCluster } from '../../testing/node-cluster.ts';

const stress = (bytes: string, limit: string) => ({
  containers: [
    {
      name: 'memory-demo-ctr',
      image: 'polinux/stress',
      resources: { requests: { memory: '50Mi' }, limits: { memory: limit } },
      command: ['stress'],
      args: ['--vm', '1', '--vm-bytes', bytes, '--vm-hang', '1'],
    },
  ],
});

function resourceMetrics(cluster: ReturnType<typeof nodeCluster>, name: string): readonly string[] {
  const { body } = cluster.node.kubelet.get('/metrics/resource');
  return String(body)
    .split('\n')
    .filter((line) => line.startsWith(name));
}

describe('memory', () => {
  test('a container within its limit runs, and holds what it asked for', () => {
    const cluster = nodeCluster();
    const { status } = cluster.runPod('memory-demo', stress('150M', '200Mi'));
    expect(status?.phase).toBe('Running');
    expect(resourceMetrics(cluster, 'container_memory_working_set_bytes')).toMatchInlineSnapshot(`
      [
        "container_memory_working_set_bytes{container="memory-demo-ctr",namespace="default",pod="memory-demo"} 1.58425088e+08 1767323050003",
      ]
    `);
  });

  test('one beyond its limit is killed, and again, later and later', () => {
    const cluster = nodeCluster();
    const { status } = cluster.runPod('memory-demo-2', stress('250M', '100Mi'), 8000);
    const [container] = status?.containerStatuses ?? [];
    expect(container?.lastState?.terminated ?? container?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
    cluster.run(60_000);
    const after = cluster.pod('memory-demo-2').status?.containerStatuses?.[0];
    expect(after?.lastState?.terminated?.reason).toBe('OOMKilled');
    expect(after?.restartCount).toBeGreaterThan(1);
    expect(cluster.events('memory-demo-2').join()).toContain('BackOff: Back-off restarting failed container');
  });
});

describe('CPU', () => {
  test('a container that wants two cores gets its limit', () => {
    const cluster = nodeCluster();
    cluster.runPod('cpu-demo', {
      containers: [
        {
          name: 'cpu-demo-ctr',
          image: 'vish/stress',
          resources: { limits: { cpu: '1' }, requests: { cpu: '500m' } },
          args: ['-cpus', '2'],
        },
      ],
    });
    const seconds = (): number => Number(resourceMetrics(cluster, 'pod_cpu_usage_seconds_total')[0]?.split(' ')[1]);
    const before = seconds();
    cluster.run(10_000);
    expect(seconds() - before).toBeCloseTo(9.96, 3);
  });
});
