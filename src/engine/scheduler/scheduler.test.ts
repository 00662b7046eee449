// Decisions of the scheduler on three nodes as a learner has them: where pods go, and the words when they go nowhere.
import { describe, expect, test } from 'vitest';
import { namespaces, persistentVolumeClaims, replicaSets } from '../../api/generated/resources.ts';
import type { Node, Pod, PodSpec } from '../../api/generated/types.ts';
import { Decider } from '../testing/decider.ts';

const controlPlane: Node = node('control-plane', {
  spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
});

function node(name: string, more: Partial<Node> = {}, labels: Record<string, string> = {}): Node {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    status: { allocatable: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '50Gi', pods: '110' } },
    ...more,
  };
}

function pod(name: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  const containers = [{ name: 'c', image: 'nginx:1.27' }];
  return { metadata: { name, namespace: 'default', uid: name, labels }, spec: { containers, ...spec } };
}

function asking(name: string, requests: Record<string, string>, spec: Partial<PodSpec> = {}): Pod {
  return pod(name, { containers: [{ name: 'c', image: 'nginx:1.27', resources: { requests } }], ...spec });
}

function threeNodes(...workers: readonly Node[]): Decider {
  const decider = new Decider();
  decider.addNodes(controlPlane, ...(workers.length > 0 ? workers : [node('worker-1'), node('worker-2')]));
  return decider;
}

describe('a pod that fits nowhere says why', () => {
  const cordoned = [
    node('worker-1', { spec: { unschedulable: true } }),
    node('worker-2', { spec: { unschedulable: true } }),
  ];
  const anti = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  };
  const near = {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'cache' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  };
  const conflicting = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          {
            matchFields: [
              { key: 'metadata.name', operator: 'In', values: ['a'] },
              { key: 'metadata.name', operator: 'In', values: ['b'] },
            ],
          },
        ],
      },
    },
  };
  const named = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['ghost'] }] }],
      },
    },
  };
  const restartPolicyRules = [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [1] } }];
  const restartingAll = { name: 'c', image: 'nginx:1.27', restartPolicy: 'Never', restartPolicyRules };
  const cases: readonly (readonly [string, Decider, Pod])[] = [
    ['a selector that no node has', threeNodes(), pod('p', { nodeSelector: { disk: 'ssd' } })],
    ['more than any node has', threeNodes(), asking('p', { cpu: '100' })],
    ['two things too much', threeNodes(), asking('p', { cpu: '100', memory: '1Ti', 'example.com/gpu': '1' })],
    ['cordoned nodes', threeNodes(...cordoned), pod('p')],
    ['nobody to be near to', threeNodes(), pod('p', { affinity: near })],
    ['never preempts', threeNodes(), pod('p', { affinity: near, preemptionPolicy: 'Never' })],
    ['terms that contradict each other', threeNodes(), pod('p', { affinity: conflicting })],
    ['a node that does not exist', threeNodes(), pod('p', { affinity: named })],
    [
      'a missing claim',
      threeNodes(),
      pod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'd' } }] }),
    ],
    ['what no kubelet declares', threeNodes(), pod('p', { containers: [restartingAll] })],
    ['no nodes at all', new Decider(), pod('p')],
  ];

  test('in upstream words', () => {
    const text = cases.map(([what, decider, unlucky]) => `${what}:\n  ${decider.place(unlucky)}`).join('\n');
    expect(text).toMatchInlineSnapshot(`
      "a selector that no node has:
        0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
      more than any node has:
        0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
      two things too much:
        0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu, 2 Insufficient example.com/gpu, 2 Insufficient memory. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
      cordoned nodes:
        0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
      nobody to be near to:
        0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
      never preempts:
        0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod affinity rules. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.
      terms that contradict each other:
        0/3 nodes are available: pod affinity terms conflict. not found
      a node that does not exist:
        0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
      a missing claim:
        0/3 nodes are available: persistentvolumeclaim "d" not found. not found
      what no kubelet declares:
        0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's required features. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
      no nodes at all:
        no nodes available to schedule pods"
    `);
  });

  test('an unbound claim that is not to wait', () => {
    const decider = threeNodes();
    decider.put(persistentVolumeClaims, { metadata: { name: 'd', namespace: 'default' } });
    const unlucky = pod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'd' } }] });
    expect(decider.place(unlucky)).toMatchInlineSnapshot(
      `"0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"`,
    );
  });

  test('pods that keep apart fill the nodes and then wait', () => {
    const decider = threeNodes();
    decider.put(namespaces, { metadata: { name: 'default' } });
    const places = [1, 2, 3].map((i) => decider.place(pod(`p${i}`, { affinity: anti }, { app: 'a' })));
    expect(new Set(places.slice(0, 2)).size).toBe(2);
    expect(places[2]).toMatchInlineSnapshot(
      `"0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod."`,
    );
  });
});

describe('a pod that fits goes to the best node', () => {
  test('the one with more free', () => {
    const decider = threeNodes();
    const [first, second] = [decider.place(asking('a', { cpu: '2' })), decider.place(asking('b', { cpu: '1' }))];
    expect([first, second].sort()).toEqual(['worker-1', 'worker-2']);
  });

  test('and can say what its plugins gave for it', () => {
    const decider = threeNodes();
    const outcome = decider.decide(asking('a', { cpu: '1', memory: '1Gi' }));
    expect(outcome.kind === 'fits' && outcome.ranking.explain()).toMatchInlineSnapshot(
      `"TaintToleration 300, NodeAffinity 0, NodeResourcesFit 81, NodeResourcesBalancedAllocation 71, ImageLocality 0"`,
    );
  });

  test('replicas of one set spread over zones before hosts', () => {
    const zones = [1, 2, 3, 4].map((i) => node(`n${i}`, {}, { 'topology.kubernetes.io/zone': i < 4 ? 'a' : 'b' }));
    const decider = new Decider();
    decider.addNodes(...zones);
    decider.put(replicaSets, {
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } } },
    });
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'w', controller: true };
    const replica = (i: number): Pod => {
      const made = pod(`web-${i}`, {}, { app: 'web' });
      return { ...made, metadata: { ...made.metadata, ownerReferences: [owner] } };
    };
    const places = [1, 2, 3, 4, 5, 6].map((i) => decider.place(replica(i)));
    const inB = places.filter((place) => place === 'n4').length;
    expect([places.length, inB]).toMatchInlineSnapshot(`
      [
        6,
        2,
      ]
    `);
  });

  test('a hard spread constraint keeps the skew', () => {
    const decider = new Decider();
    decider.addNodes(node('n1'), node('n2'));
    const constraint = {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    };
    const places = [1, 2, 3, 4].map((i) =>
      decider.place(pod(`p${i}`, { topologySpreadConstraints: [constraint] }, { app: 'web' })),
    );
    expect(places.sort()).toEqual(['n1', 'n1', 'n2', 'n2']);
    const missing = { ...constraint, topologyKey: 'zone' };
    expect(decider.place(pod('q', { topologySpreadConstraints: [missing] }, { app: 'web' }))).toMatchInlineSnapshot(
      `"0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints (missing required label). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."`,
    );
  });
});

describe('preemption', () => {
  test('picks the node whose victims matter least', () => {
    const decider = threeNodes();
    decider.cache.setPod(asking('low', { cpu: '3' }, { nodeName: 'worker-1', priority: 10 }));
    decider.cache.setPod(asking('lower', { cpu: '3' }, { nodeName: 'worker-2', priority: 5 }));
    expect(decider.place(asking('high', { cpu: '2' }, { priority: 100 }))).toBe('preempts on worker-2');
  });

  test('says when there is nobody to preempt', () => {
    const decider = threeNodes();
    decider.cache.setPod(asking('a', { cpu: '3' }, { nodeName: 'worker-1' }));
    decider.cache.setPod(asking('b', { cpu: '3' }, { nodeName: 'worker-2' }));
    expect(decider.place(asking('p', { cpu: '2' }))).toMatchInlineSnapshot(
      `"0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod."`,
    );
  });
});
