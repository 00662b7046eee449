import { describe, expect, test } from 'vitest';
import { configMaps } from '../../../api/generated/resources.ts';
import { type ControllerCluster, controllerCluster } from '../../testing/controller-cluster.ts';
import { garbageCollector } from './garbage-collector.ts';

function add(cluster: ControllerCluster, name: string, owners: readonly string[], block = false): void {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: owner,
    uid: owner === 'ghost' ? 'no-such-uid' : (cluster.get(configMaps, owner, 'default').metadata?.uid ?? ''),
    blockOwnerDeletion: block,
  }));
  cluster.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', ...(owners.length > 0 && { ownerReferences }) },
  });
}

function names(cluster: ControllerCluster): string {
  return cluster
    .list(configMaps, 'default')
    .map(({ metadata }) => metadata?.name)
    .join(' ');
}

describe('the garbage collector', () => {
  test('deletes what has lost its last owner, all the way down', () => {
    const cluster = controllerCluster([garbageCollector]);
    add(cluster, 'a', []);
    add(cluster, 'b', ['a']);
    add(cluster, 'c', ['b']);
    cluster.run(1000);
    cluster.remove(configMaps, 'a');
    cluster.run(2000);
    expect(names(cluster)).toBe('');
  });

  test('keeps what still has another owner, without the reference to the lost one', () => {
    const cluster = controllerCluster([garbageCollector]);
    add(cluster, 'a', []);
    add(cluster, 'b', []);
    add(cluster, 'c', ['a', 'b']);
    cluster.run(1000);
    cluster.remove(configMaps, 'a');
    cluster.run(2000);
    expect(names(cluster)).toBe('b c');
    const owners = cluster.get(configMaps, 'c', 'default').metadata?.ownerReferences;
    expect(owners?.map(({ name }) => name)).toEqual(['b']);
  });

  test('collects an object whose owner never existed', () => {
    const cluster = controllerCluster([garbageCollector]);
    cluster.run(1000);
    add(cluster, 'c', ['ghost']);
    cluster.run(2000);
    expect(names(cluster)).toBe('');
  });

  test('in the foreground the owner goes last', () => {
    const cluster = controllerCluster([garbageCollector]);
    add(cluster, 'a', []);
    add(cluster, 'b', ['a'], true);
    cluster.patch(configMaps, 'b', { metadata: { finalizers: ['example.com/hold'] } });
    cluster.run(1000);
    cluster.remove(configMaps, 'a', 'Foreground');
    cluster.run(2000);
    expect(names(cluster)).toBe('a b');
    cluster.patch(configMaps, 'b', { metadata: { finalizers: null } });
    cluster.run(2000);
    expect(names(cluster)).toBe('');
  });

  test('orphans dependents when asked to', () => {
    const cluster = controllerCluster([garbageCollector]);
    add(cluster, 'a', []);
    add(cluster, 'b', ['a']);
    cluster.run(1000);
    cluster.remove(configMaps, 'a', 'Orphan');
    cluster.run(2000);
    expect(names(cluster)).toBe('b');
    expect(cluster.get(configMaps, 'b', 'default').metadata?.ownerReferences ?? []).toEqual([]);
  });
});
