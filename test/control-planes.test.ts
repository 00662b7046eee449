// Three control planes: what goes on when parts of them stop, and what does not.
import { describe, expect, test } from 'vitest';
import { deployments, endpoints, leases, namespaces, pods } from '../src/api/generated/resources.ts';
import type { Deployment, Lease } from '../src/api/generated/types.ts';
import { Client } from '../src/engine/client/client.ts';
import { InformerFactory } from '../src/engine/client/informer.ts';
import { Transport } from '../src/engine/client/transport.ts';
import { recordedSession } from './support/session.ts';
import { type EngineWorld, engineWorld } from './support/world.ts';

const names = ['control-plane-1', 'control-plane-2', 'control-plane-3'] as const;
const second = 1000;

function web(replicas: number): Deployment {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  };
}

function runningPods({ run, client }: EngineWorld): number {
  const { items } = run(client.list(pods, { namespace: 'default' }));
  return items.filter(({ status }) => status?.phase === 'Running').length;
}

function lease({ run, client }: EngineWorld, name: string): Lease['spec'] & { readonly machine: string } {
  const { spec } = run(client.get(leases, { namespace: 'kube-system', name }));
  return { ...spec, machine: spec?.holderIdentity?.split('_')[0] ?? '' };
}

describe('etcd members', () => {
  test('one of three stops: everything goes on', () => {
    const world = engineWorld({ profile: 'ha' });
    const { cluster, client, run, simulation } = world;
    run(client.create(deployments, web(3)));
    for (const name of names) {
      cluster.setComponent(name, 'etcd', false);
      simulation.runFor(20 * second);
      expect([name, runningPods(world)]).toEqual([name, 3]);
      cluster.setComponent(name, 'etcd', true);
      simulation.runFor(5 * second);
    }
  });

  test('two of three stop: nothing can be written or read afresh, and all goes on when one is back', () => {
    const world = engineWorld({ profile: 'ha' });
    const { cluster, client, run, simulation } = world;
    run(client.create(deployments, web(2)));
    simulation.runFor(10 * second);
    cluster.setComponent(names[0], 'etcd', false);
    cluster.setComponent(names[2], 'etcd', false);
    const timeout = 'etcdserver: request timed out';
    expect(() => run(client.create(namespaces, { metadata: { name: 'lost' } }))).toThrow(timeout);
    expect(() => run(client.list(pods))).toThrow(timeout);
    expect(run(client.list(pods, { resourceVersion: '0' })).items).toHaveLength(2);
    simulation.runFor(20 * second);
    cluster.setComponent(names[2], 'etcd', true);
    simulation.runFor(60 * second);
    const { spec } = run(client.get(deployments, { namespace: 'default', name: 'web' }));
    expect(spec?.replicas).toBe(2);
    run(client.create(namespaces, { metadata: { name: 'found' } }));
    expect(() => run(client.get(namespaces, { name: 'lost' }))).toThrow('namespaces "lost" not found');
    expect(runningPods(world)).toBe(2);
  });

  test('a watch cache lags with its member; a read that names no version does not', () => {
    const { cluster, client, run, simulation } = engineWorld({ profile: 'ha' });
    run(client.create(namespaces, { metadata: { name: 'before' } }));
    simulation.runFor(second);
    // All but one are slow: wherever the client's connection leads, the cache is behind or the quorum is.
    for (const name of names) cluster.slowEtcd(name, 500);
    const made = run(client.create(namespaces, { metadata: { name: 'after' } }));
    const known = run(client.get(namespaces, { name: 'after' }));
    expect(known.metadata?.uid).toBe(made.metadata?.uid);
  });
});

describe('API servers', () => {
  test('each that stops leaves its clients to the others, and their watches miss nothing', () => {
    const { cluster, client, run, simulation } = engineWorld({ profile: 'ha' });
    const scope = simulation.root.child('watcher');
    const identity = { user: { name: 'admin', groups: ['system:masters'] }, userAgent: 'watcher' };
    const informers = new InformerFactory(scope, new Client(new Transport(scope, cluster.link()), identity));
    const seen: string[] = [];
    informers.informer(namespaces).on({ added: ({ metadata }) => seen.push(metadata?.name ?? '') });
    simulation.runFor(second);
    for (const name of [...names, ...names]) {
      cluster.setComponent(name, 'kube-apiserver', false);
      run(client.create(namespaces, { metadata: { name: `while-${name}-is-down-${seen.length}` } }));
      simulation.runFor(5 * second);
      cluster.setComponent(name, 'kube-apiserver', true);
      simulation.runFor(second);
    }
    const { items } = run(client.list(namespaces));
    expect([...seen].sort()).toEqual(items.map(({ metadata }) => metadata?.name));
  });

  test('all stop: the connection is refused, and kubectl says so', async () => {
    const { session, line } = await recordedSession({ profile: 'ha' });
    const set = (running: boolean) =>
      Promise.all(
        names.map((node) => session.input({ kind: 'component', node, component: 'kube-apiserver', running })),
      );
    await session.driver.runUntil(set(false));
    expect(await line('kubectl get nodes 2>&1 | tail -1')).toMatchInlineSnapshot(`
      "The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?
      "
    `);
    await session.driver.runUntil(set(true));
    expect(await line('kubectl get nodes -o name | head -2')).toMatchInlineSnapshot(`
      "node/control-plane-1
      node/control-plane-2
      "
    `);
  });

  test('one whose machine is cut off is found out, and what ran there is replaced', () => {
    const world = engineWorld({ profile: 'ha' });
    const { cluster, client, run, simulation } = world;
    run(client.create(deployments, web(3)));
    simulation.runFor(10 * second);
    cluster.partition(names[0], true);
    simulation.runFor(60 * second);
    run(client.update(deployments, web(5)));
    simulation.runFor(30 * second);
    expect(runningPods(world)).toBe(5);
    cluster.partition(names[0], false);
    simulation.runFor(60 * second);
    expect(runningPods(world)).toBe(5);
  });
});

describe('leader election', () => {
  test.each(['kube-scheduler', 'kube-controller-manager'] as const)('another %s takes over', (component) => {
    const world = engineWorld({ profile: 'ha' });
    const { cluster, client, run, simulation } = world;
    simulation.runFor(10 * second);
    const before = lease(world, component);
    cluster.setComponent(before.machine, component, false);
    run(client.create(deployments, web(2)));
    simulation.runFor(10 * second);
    expect([lease(world, component).machine, runningPods(world)]).toEqual([before.machine, 0]);
    simulation.runFor(20 * second);
    const after = lease(world, component);
    expect(after.machine).not.toBe(before.machine);
    expect(after.leaseTransitions).toBe((before.leaseTransitions ?? 0) + 1);
    expect(runningPods(world)).toBe(2);
    cluster.setComponent(before.machine, component, true);
    simulation.runFor(30 * second);
    expect(lease(world, component).machine).toBe(after.machine);
  });

  test('a machine that loses power comes back as one of three', () => {
    const world = engineWorld({ profile: 'ha' });
    const { cluster, client, run, simulation } = world;
    const { machine } = lease(world, 'kube-scheduler');
    cluster.powerOff(machine);
    simulation.runFor(30 * second);
    run(client.create(deployments, web(2)));
    simulation.runFor(30 * second);
    expect(runningPods(world)).toBe(2);
    cluster.powerOn(machine);
    simulation.runFor(30 * second);
    expect(cluster.ready()).toBe(true);
  });
});

test('a snapshot goes on with all of them, and the kubernetes Service leads to all', () => {
  const before = engineWorld({ profile: 'ha' });
  before.run(before.client.create(deployments, web(2)));
  before.simulation.runFor(30 * second);
  const world = engineWorld({ profile: 'ha', snapshot: JSON.parse(JSON.stringify(before.world.snapshot())) });
  const { cluster, client, run, simulation } = world;
  simulation.runFor(60 * second);
  expect([cluster.ready(), runningPods(world)]).toEqual([true, 2]);
  const { subsets } = run(client.get(endpoints, { namespace: 'default', name: 'kubernetes' }));
  expect(subsets?.[0]?.addresses?.map(({ ip }) => ip)).toEqual(['172.18.0.2', '172.18.0.3', '172.18.0.4']);
  cluster.setComponent(names[1], 'kube-apiserver', false);
  simulation.runFor(30 * second);
  const left = run(client.get(endpoints, { namespace: 'default', name: 'kubernetes' }));
  expect(left.subsets?.[0]?.addresses?.map(({ ip }) => ip)).toEqual(['172.18.0.2', '172.18.0.4']);
});

test('componentstatuses tell what does not run', async () => {
  const { session, line } = await recordedSession();
  const node = 'control-plane';
  const set = (component: 'etcd' | 'kube-scheduler', running: boolean) =>
    session.driver.runUntil(session.input({ kind: 'component', node, component, running }));
  expect(await line('kubectl get cs 2> /dev/null')).toMatchInlineSnapshot(`
    "NAME                 STATUS    MESSAGE   ERROR
    etcd-0               Healthy   ok        
    controller-manager   Healthy   ok        
    scheduler            Healthy   ok        
    "
  `);
  await set('kube-scheduler', false);
  await set('etcd', false);
  expect(await line('kubectl get cs 2> /dev/null')).toMatchInlineSnapshot(`
    "NAME                 STATUS      MESSAGE                                                                                        ERROR
    etcd-0               Unhealthy                                                                                                  context deadline exceeded
    controller-manager   Healthy     ok                                                                                             
    scheduler            Unhealthy   Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused   
    "
  `);
  expect(await line('kubectl get --raw /readyz/etcd; kubectl get nodes')).toMatchInlineSnapshot(`
    "Error from server (InternalError): an error on the server ("internal server error: etcd failed: reason withheld") has prevented the request from succeeding
    Error from server: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused"
    "
  `);
  await set('etcd', true);
  expect(await line('kubectl get --raw /readyz/etcd')).toMatch(/^ok\n?$/);
  expect(await line('kubectl get nodes -o name')).toBe('node/control-plane\nnode/worker-1\nnode/worker-2\n');
});

test('a machine has the processes that it has', () => {
  const { cluster } = engineWorld();
  expect(() => cluster.setComponent('worker-1', 'etcd', false)).toThrow('worker-1 has no process etcd');
  expect(() => cluster.setComponent('nowhere', 'kubelet', false)).toThrow('nowhere has no process kubelet');
  expect(() => cluster.slowEtcd('worker-1', 5)).toThrow('worker-1 has no process etcd');
});

test('the same seed makes the same trace, faults and elections included', () => {
  const trace = (seed: number): string => {
    const { cluster, client, run, simulation } = engineWorld({ profile: 'ha', seed });
    run(client.create(deployments, web(2)));
    cluster.setComponent(names[0], 'etcd', false);
    simulation.runFor(20 * second);
    cluster.partition(names[1], true);
    simulation.runFor(20 * second);
    cluster.partition(names[1], false);
    simulation.runFor(20 * second);
    return simulation.trace.hash();
  };
  expect(trace(3)).toEqual(trace(3));
  expect(trace(3)).not.toEqual(trace(4));
});
