// The scheduler against an API server: what ends up in pods, conditions and events, and when pods are tried again.
import { describe, expect, test } from 'vitest';
import { coreEvents, nodes, pods, priorityClasses } from '../../api/generated/resources.ts';
import type { Node, Pod } from '../../api/generated/types.ts';
import { type TestCluster, testCluster } from '../testing/cluster.ts';
import { startScheduler } from './scheduler.ts';

function started(...names: readonly string[]): TestCluster {
  const cluster = testCluster();
  for (const name of names) join(cluster, node(name));
  const parts = cluster.component('kube-scheduler', { component: 'default-scheduler', style: 'series' });
  startScheduler(parts);
  cluster.run(100);
  return cluster;
}

/** A node that is ready at once: without the taint that it is born with. */
function join(cluster: TestCluster, joining: Node): void {
  cluster.create(nodes, joining);
  const target = { name: joining.metadata?.name ?? '', patchType: 'application/merge-patch+json' } as const;
  cluster.perform(cluster.client('node-controller').patch(nodes, target, { spec: { taints: null } }));
}

function node(name: string, cpu = '2'): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    status: { allocatable: { cpu, memory: '4Gi', pods: '110' }, capacity: { cpu, memory: '4Gi', pods: '110' } },
  };
}

function pod(name: string, cpu = '1', spec: Partial<NonNullable<Pod['spec']>> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx:1.27', resources: { requests: { cpu } } }], ...spec },
  };
}

function story(cluster: TestCluster): string {
  const lines = cluster.list(pods).map(({ metadata, spec, status }) => {
    const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const why = condition?.reason ? ` ${condition.reason}: ${condition.message}` : '';
    const promised = status?.nominatedNodeName ? `, promised ${status.nominatedNodeName}` : '';
    const ends = metadata?.deletionTimestamp ? ', terminating' : '';
    return `${metadata?.name} on ${spec?.nodeName ?? 'no node'}${why}${promised}${ends}`;
  });
  const told = cluster
    .list(coreEvents)
    .map(({ type, reason, action, message, reportingComponent, involvedObject }) =>
      [type, reason, action, reportingComponent, involvedObject.name, message].join(' '),
    );
  return [...lines, ...told].join('\n').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID');
}

describe('the scheduler', () => {
  test('binds pods and tells of it', () => {
    const cluster = started('worker-1');
    cluster.create(pods, pod('web'));
    cluster.run(1000);
    expect(story(cluster)).toMatchInlineSnapshot(`
      "web on worker-1
      Normal Scheduled Binding default-scheduler web Successfully assigned default/web to worker-1"
    `);
  });

  test('leaves pods of other schedulers alone', () => {
    const cluster = started('worker-1');
    cluster.create(pods, pod('mine', '1', { schedulerName: 'other' }));
    cluster.run(5000);
    expect(story(cluster)).toMatchInlineSnapshot(`"mine on no node"`);
  });

  test('waits for nodes, and for room', () => {
    const cluster = started();
    cluster.create(pods, pod('web', '3'));
    cluster.run(2000);
    const first = story(cluster);
    join(cluster, node('small', '2'));
    cluster.run(15_000);
    const second = story(cluster);
    join(cluster, node('large', '8'));
    cluster.run(2000);
    expect([first, second, story(cluster)].join('\n---\n')).toMatchInlineSnapshot(`
      "web on no node Unschedulable: no nodes available to schedule pods
      Warning FailedScheduling Scheduling default-scheduler web no nodes available to schedule pods
      ---
      web on no node Unschedulable: 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.
      Warning FailedScheduling Scheduling default-scheduler web no nodes available to schedule pods
      Warning FailedScheduling Scheduling default-scheduler web 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.
      ---
      web on large
      Warning FailedScheduling Scheduling default-scheduler web no nodes available to schedule pods
      Warning FailedScheduling Scheduling default-scheduler web 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.
      Warning FailedScheduling Scheduling default-scheduler web 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
      Normal Scheduled Binding default-scheduler web Successfully assigned default/web to large"
    `);
  });

  test('does not look at gated pods until the gates are gone', () => {
    const cluster = started('worker-1');
    cluster.create(pods, pod('web', '1', { schedulingGates: [{ name: 'example.com/wait' }] }));
    cluster.run(5000);
    const before = cluster.get(pods, 'web', 'default').spec?.nodeName;
    cluster.perform(
      cluster.client().patch(
        pods,
        { namespace: 'default', name: 'web', patchType: 'application/merge-patch+json' },
        {
          spec: { schedulingGates: null },
        },
      ),
    );
    cluster.run(1000);
    expect([before, cluster.get(pods, 'web', 'default').spec?.nodeName]).toEqual([undefined, 'worker-1']);
  });

  test('evicts less important pods for a more important one', () => {
    const cluster = started('worker-1');
    cluster.create(priorityClasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'high' },
      value: 1000,
    });
    cluster.create(pods, pod('low', '2'));
    cluster.run(1000);
    cluster.create(pods, pod('high', '2', { priorityClassName: 'high', priority: 1000 }));
    cluster.run(500);
    const first = story(cluster);
    cluster.perform(
      cluster.client('kubelet').delete(pods, { namespace: 'default', name: 'low', gracePeriodSeconds: 0 }),
    );
    cluster.run(3000);
    expect([first, story(cluster)].join('\n---\n')).toMatchInlineSnapshot(`
      "high on no node Unschedulable: 0/1 nodes are available: 1 Insufficient cpu., promised worker-1
      low on worker-1, terminating
      Warning FailedScheduling Scheduling default-scheduler high 0/1 nodes are available: 1 Insufficient cpu.
      Normal Scheduled Binding default-scheduler low Successfully assigned default/low to worker-1
      Normal Preempted Preempting default-scheduler low Preempted by pod UID on node worker-1
      ---
      high on worker-1
      Warning FailedScheduling Scheduling default-scheduler high 0/1 nodes are available: 1 Insufficient cpu.
      Normal Scheduled Binding default-scheduler high Successfully assigned default/high to worker-1
      Normal Scheduled Binding default-scheduler low Successfully assigned default/low to worker-1
      Normal Preempted Preempting default-scheduler low Preempted by pod UID on node worker-1"
    `);
  });
});
