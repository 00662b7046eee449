// Which devices claims get, and what is said when there are none for them.
import { describe, expect, test } from 'vitest';
import { deviceClasses, resourceClaims, resourceSlices } from '../../../api/generated/resources.ts';
import type {
  AllocationResult,
  Container,
  Device,
  DeviceClaim,
  DeviceClass,
  Pod,
  PodSpec,
  ResourceClaim,
  ResourceSliceSpec,
} from '../../../api/generated/types.ts';
import { Store } from '../../client/store.ts';
import { Decider } from '../../testing/decider.ts';
import { allocate } from './allocator.ts';
import { extendedRequests } from './extended-claim.ts';
import { classOfResource } from './extended-classes.ts';
import { poolsFor } from './pools.ts';

const node = { metadata: { name: 'worker-1', labels: { zone: 'a' } } };
const driver = 'd.example.com';
const expression = (text: string) => [{ cel: { expression: text } }];
const gpu = { metadata: { name: 'gpu' }, spec: { selectors: expression(`device.driver == "${driver}"`) } };

function pool(devices: readonly Device[], spec: Partial<ResourceSliceSpec> = { nodeName: 'worker-1' }) {
  const base = { driver, pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, devices };
  return { metadata: { name: `s-${spec.pool?.generation ?? 1}` }, spec: { ...base, ...spec } };
}

function claim(devices: DeviceClaim, allocation?: AllocationResult): ResourceClaim {
  const metadata = { name: 'c', namespace: 'default', uid: 'c' };
  return { metadata, spec: { devices }, ...(allocation && { status: { allocation } }) };
}

const exactly = (rest: object = {}) => ({ deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1, ...rest });
const one = (rest: object = {}): DeviceClaim => ({ requests: [{ name: 'r', exactly: exactly(rest) }] });
const two = (rest: object = {}): DeviceClaim => ({
  requests: ['r', 'q'].map((name) => ({ name, exactly: exactly() })),
  ...rest,
});
const plain = [{ name: 'a' }, { name: 'b' }];
const models = ['x', 'y', 'y'].map((string, i) => ({ name: `m${i}`, attributes: { model: { string } } }));
const tainted = [{ name: 'a', taints: [{ key: 'k', effect: 'NoSchedule' }] }];
const halves = ['a', 'b', 'c'].map((name) => ({
  name,
  consumesCounters: [{ counterSet: 'card', counters: { memory: { value: '8Gi' } } }],
}));
const card = [{ name: 'card', counters: { memory: { value: '16Gi' } } }];
const twoSlices = { name: 'p', generation: 1, resourceSliceCount: 2 };

test.each([
  ['the first device', [pool(plain)], one(), 'r=a'],
  ['not one that is taken', [pool(plain)], one(), 'r=b', ['d.example.com/p/a']],
  ['one that is taken, for an administrator', [pool(plain)], one({ adminAccess: true }), 'r=a', ['d.example.com/p/a']],
  ['as many as asked for', [pool(plain)], one({ count: 2 }), 'r=a r=b'],
  ['not more than there are', [pool(plain)], one({ count: 3 }), 'none'],
  ['all', [pool(plain)], one({ allocationMode: 'All' }), 'r=a r=b'],
  ['all, where one is taken', [pool(plain)], one({ allocationMode: 'All' }), 'none', ['d.example.com/p/a']],
  [
    'what is selected',
    [pool(models)],
    one({ selectors: expression(`device.attributes["${driver}"].model == "y"`) }),
    'r=m1',
  ],
  ['of one model', [pool(models)], two({ constraints: [{ matchAttribute: `${driver}/model` }] }), 'r=m1 q=m2'],
  ['of two models', [pool(models)], two({ constraints: [{ distinctAttribute: `${driver}/model` }] }), 'r=m0 q=m1'],
  ['a tainted one', [pool(tainted)], one(), 'none'],
  ['one whose taint is tolerated', [pool(tainted)], one({ tolerations: [{ operator: 'Exists' }] }), 'r=a'],
  [
    'the second choice',
    [pool(plain)],
    {
      requests: [
        {
          name: 'r',
          firstAvailable: [
            { name: 's', ...exactly({ count: 3 }) },
            { name: 't', ...exactly() },
          ],
        },
      ],
    },
    'r/t=a',
  ],
  ['of another node', [pool(plain, { nodeName: 'worker-2' })], one(), 'none'],
  ['of all nodes', [pool(plain, { allNodes: true })], one(), 'r=a'],
  [
    'by label',
    [
      pool(plain, {
        nodeSelector: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }] },
      }),
    ],
    one(),
    'r=a',
  ],
  [
    'by device',
    [
      pool(
        [
          { name: 'a', nodeName: 'worker-2' },
          { name: 'b', allNodes: true },
        ],
        { perDeviceNodeSelection: true },
      ),
    ],
    one(),
    'r=b',
  ],
  ['of a pool that is not complete', [pool(plain, { allNodes: true, pool: twoSlices })], one(), 'none'],
  [
    'all of a pool that is not complete',
    [pool(plain, { allNodes: true, pool: twoSlices })],
    one({ allocationMode: 'All' }),
    'claim default/c, request r: asks for all devices, but resource pool d.example.com/p is currently being updated',
  ],
  [
    'of the newest generation',
    [
      pool(plain),
      pool([{ name: 'new' }], { allNodes: true, pool: { name: 'p', generation: 2, resourceSliceCount: 1 } }),
    ],
    one(),
    'r=new',
  ],
  [
    'as long as counters suffice',
    [
      pool(halves, { allNodes: true, pool: twoSlices }),
      { metadata: { name: 't' }, spec: { driver, pool: twoSlices, allNodes: true, sharedCounters: card } },
    ],
    one({ count: 3 }),
    'none',
  ],
  [
    'that cannot be asked',
    [pool(plain)],
    one({ selectors: expression(`device.attributes["${driver}"].model == "y"`) }),
    'claim default/c: selector #0: CEL runtime error: no such key: model',
  ],
  [
    'capacity',
    [pool(plain)],
    one({ capacity: {} }),
    'claim default/c, request r: requests of capacity are not simulated',
  ],
] as const)('a claim gets %s', (_, slices, devices, expected, taken: readonly string[] = []) => {
  const allocated = () => {
    try {
      const supply = { pools: poolsFor(slices, node), classOf: () => gpu, taken: new Set(taken), nodeName: 'worker-1' };
      return allocate([claim(devices)], supply)
        ?.flatMap((result) => result.devices?.results ?? [])
        .map(({ request, device }) => `${request}=${device}`)
        .join(' ');
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
  expect(allocated() ?? 'none').toBe(expected);
});

test('a pod goes where its claim can be allocated, or is', () => {
  const pod: Pod = {
    metadata: { name: 'p', namespace: 'default', uid: 'p' },
    spec: { containers: [{ name: 'c', image: 'nginx' }], resourceClaims: [{ name: 'g', resourceClaimName: 'c' }] },
  };
  const placed = (given: ResourceClaim, ...devices: readonly Device[]): string => {
    const decider = new Decider();
    for (const name of ['worker-1', 'worker-2'])
      decider.addNodes({ metadata: { name }, status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } } });
    decider.put(deviceClasses, gpu);
    decider.put(resourceSlices, pool(devices, { nodeName: 'worker-2' }));
    decider.put(resourceClaims, given);
    return decider.place(pod);
  };
  const onWorker1 = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['worker-1'] }] }],
  };
  const unknown = { requests: [{ name: 'r', exactly: { deviceClassName: 'nope' } }] };
  expect(
    [
      placed(claim(one()), ...plain),
      placed(claim(one()), ...tainted),
      placed(claim(one(), { nodeSelector: onWorker1 }), ...plain),
      placed(claim(unknown), ...plain),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "worker-2
    0/2 nodes are available: 2 cannot allocate all claims. still not schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
    worker-1
    0/2 nodes are available: request r: device class nope does not exist. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."
  `);
});

describe('extended resources that a class gives', () => {
  const resource = 'example.com/gpu';
  const given = { metadata: { name: 'gpu' }, spec: { ...gpu.spec, extendedResourceName: resource } };
  const container = (name: string, count: number, rest: Partial<Container> = {}): Container => {
    return { name, image: 'nginx', resources: { requests: { cpu: '1m', [resource]: String(count) } }, ...rest };
  };
  const asking = (spec: Partial<PodSpec>): Pod => {
    return { metadata: { name: 'p', namespace: 'default', uid: 'p' }, spec: { containers: [], ...spec } };
  };

  test.each<readonly [string, Partial<PodSpec>, string]>([
    ['each container', { containers: [container('a', 1), container('b', 2)] }, '0/1=1 1/1=2 │ a:0/1 b:1/1'],
    [
      'init containers what the others will have, and what they need beyond it',
      { initContainers: [container('i', 3), container('j', 2)], containers: [container('a', 1)] },
      '0/1=2 2/1=1 │ a:2/1 i:2/1 i:0/1 j:2/1 j:0/1',
    ],
    [
      'sidecars their own',
      { initContainers: [container('s', 1, { restartPolicy: 'Always' })], containers: [container('a', 1)] },
      '0/1=1 1/1=1 │ s:0/1 a:1/1',
    ],
    ['nothing who asks for nothing', { containers: [container('a', 0)] }, ' │ '],
  ])('are asked for by claim: %s', (_, spec, expected) => {
    const { requests, mappings } = extendedRequests(asking(spec), new Map([[resource, given]]));
    const short = (name: string) => name.replace('container-', '').replace('-request-', '/');
    const asked = requests.map(({ name, exactly }) => `${short(name)}=${exactly?.count}`).join(' ');
    const had = mappings.map(({ containerName, requestName }) => `${containerName}:${short(requestName)}`).join(' ');
    expect(`${asked} │ ${had}`).toBe(expected);
  });

  test.each<readonly [string, string, number, string]>([
    ['where the devices are', resource, 2, 'worker-2'],
    ['under the name of the class', 'deviceclass.resource.kubernetes.io/gpu', 1, 'worker-2'],
    [
      'nowhere, where there are too few',
      resource,
      3,
      '0/2 nodes are available: 2 cannot allocate all claims. still not schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    ],
    [
      'nowhere, where no class gives it',
      'example.com/other',
      1,
      '0/2 nodes are available: 2 Insufficient example.com/other. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    ],
  ])('place a pod %s', (_, name, count, expected) => {
    const decider = new Decider();
    for (const worker of ['worker-1', 'worker-2'])
      decider.addNodes({ metadata: { name: worker }, status: { allocatable: { cpu: '4', pods: '110' } } });
    decider.put(deviceClasses, given);
    decider.put(resourceSlices, pool(plain, { nodeName: 'worker-2' }));
    const wanted = { name: 'c', image: 'nginx', resources: { requests: { [name]: String(count) } } };
    expect(decider.place(asking({ containers: [wanted] }))).toBe(expected);
  });

  test('come from the newest of the classes that name them', () => {
    const store = new Store<DeviceClass>();
    for (const [name, creationTimestamp] of [
      ['a', '2026-01-01T00:00:00Z'],
      ['c', '2026-01-02T00:00:00Z'],
      ['b', '2026-01-02T00:00:00Z'],
    ] as const)
      store.set(name, { metadata: { name, creationTimestamp }, spec: { extendedResourceName: resource } });
    expect(classOfResource(resource, store)?.metadata?.name).toBe('b');
  });
});
