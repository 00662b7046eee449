// Steps of the trace as ways through the diagram.
import { expect, test } from 'vitest';
import { stepPaths } from './step-path.ts';

const nodeOf = (pod: string): string | undefined => (pod === 'default/web-1' ? 'worker-1' : undefined);

const rows: readonly (readonly [component: string, action: string, subject: string, detail: string, way: string])[] = [
  ['kubectl', 'POST', '/apis/apps/v1/namespaces/default/deployments', '', 'kubectl > kube-apiserver'],
  ['apiserver', 'create', 'deployments default/web', 'kubectl', 'kube-apiserver > etcd'],
  [
    'apiserver',
    'create',
    'replicasets default/web-1',
    'deployment-controller',
    'kube-controller-manager > kube-apiserver',
  ],
  ['kube-scheduler', 'assign', 'pods default/web-1', 'worker-1 of 2', 'kube-scheduler > kube-apiserver'],
  ['kubelet/worker-1', 'Pulling', 'pods default/web-1', 'Pulling image', 'registry > kubelet/worker-1'],
  ['apiserver', 'patch', 'pods/status default/web-1', 'kubelet', 'kubelet/worker-1 > kube-apiserver'],
  // bookkeeping shows no way
  ['apiserver', 'create', 'events default/web-1.18', 'kubelet', 'none'],
  ['apiserver', 'update', 'leases kube-node-lease/worker-1', 'kubelet', 'none'],
];

const served: typeof rows = [
  // several machines: who really acted
  [
    'apiserver/control-plane-2',
    'create',
    'replicasets default/web-1',
    'deployment-controller',
    'kube-controller-manager/control-plane-2 > kube-apiserver/control-plane-2',
  ],
  [
    'apiserver/control-plane-3',
    'create',
    'deployments default/web',
    'kubectl',
    'kube-apiserver/control-plane-3 > etcd/control-plane-3',
  ],
  [
    'kube-scheduler/control-plane-2',
    'assign',
    'pods default/web-1',
    'worker-1 of 2',
    'kube-scheduler/control-plane-2 > kube-apiserver/control-plane-2',
  ],
];

test.each([...rows, ...served])('%s %s %s (%s): %s', (component, action, subject, detail, way) => {
  const [path] = stepPaths({ id: 2, cause: 1, at: 0, component, action, subject, detail }, undefined, nodeOf);
  expect(path ? `${path.from} > ${path.to}` : 'none').toBe(way);
});

test('who acts on what another wrote has heard of it by a watch', () => {
  const step = { id: 2, cause: 1, at: 0, component: 'apiserver', action: 'create', subject: 'pods default/web-1' };
  const paths = stepPaths({ ...step, detail: 'replicaset-controller' }, 'apiserver', nodeOf);
  expect(paths.map(({ kind, from, to }) => `${kind}: ${from} > ${to}`)).toEqual([
    'watch: kube-apiserver > kube-controller-manager',
    'request: kube-controller-manager > kube-apiserver',
  ]);
});

test('a connection goes from place to place, and where it ends in vain is told apart', () => {
  const ways = (action: string, way: readonly string[]) => {
    const step = { id: 2, cause: 1, at: 0, component: 'kube-proxy/worker-1', action, subject: 'services default/web' };
    return stepPaths({ ...step, detail: '10.244.1.2:80, one of 3', way }, undefined, nodeOf).map(
      ({ kind, from, to, by = '' }) => `${kind}: ${from} > ${to} ${by}`.trim(),
    );
  };
  const nodePort = ['laptop', 'kube-proxy/worker-1', 'service/default/web'];
  expect(ways('choose', nodePort)).toEqual([
    'traffic: laptop > kube-proxy/worker-1',
    'traffic: kube-proxy/worker-1 > service/default/web kube-proxy/worker-1',
  ]);
  expect(ways('reject', nodePort).at(-1)).toBe('lost: kube-proxy/worker-1 > service/default/web kube-proxy/worker-1');
  expect(ways('lose', ['pod/default/client'])).toEqual([
    'lost: pod/default/client > pod/default/client kube-proxy/worker-1',
  ]);
});
