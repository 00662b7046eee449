// Where pods with volumes may go: what is said when claims, volumes and nodes do not come together.
import { expect, test } from 'vitest';
import { persistentVolumeClaims, persistentVolumes, storageClasses } from '../../api/generated/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/generated/types.ts';
import { Decider } from '../testing/decider.ts';

const onWorker1 = {
  required: {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['worker-1'] }] },
    ],
  },
};

function decider(claim: Partial<PersistentVolumeClaim>, ...volumes: readonly PersistentVolume[]): Decider {
  const made = new Decider();
  for (const name of ['worker-1', 'worker-2'])
    made.addNodes({
      metadata: {
        name,
        labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': name === 'worker-1' ? 'a' : 'b' },
      },
      status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
    });
  made.put(
    storageClasses,
    {
      metadata: { name: 'local' },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    { metadata: { name: 'cloud' }, provisioner: 'example.com/disk', volumeBindingMode: 'WaitForFirstConsumer' },
  );
  const { metadata, ...rest } = claim;
  made.put(persistentVolumeClaims, { metadata: { name: 'data', namespace: 'default', ...metadata }, ...rest });
  made.put(persistentVolumes, ...volumes);
  return made;
}

function asking(storageClassName: string, size = '1Gi'): Partial<PersistentVolumeClaim> {
  return { spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } } };
}

function volume(name: string, size: string, spec: PersistentVolume['spec'] = {}): PersistentVolume {
  const base = { storageClassName: 'local', capacity: { storage: size }, accessModes: ['ReadWriteOnce'] };
  return { metadata: { name }, spec: { ...base, ...spec }, status: { phase: 'Available' } };
}

const bound: Partial<PersistentVolumeClaim> = {
  metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
  spec: { volumeName: 'v' },
};

const pod: Pod = {
  metadata: { name: 'p', namespace: 'default', uid: 'p' },
  spec: {
    containers: [{ name: 'c', image: 'nginx:1.27' }],
    volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }],
  },
};

test('a claim decides where its pod may go', () => {
  const zoned = volume('v', '1Gi');
  const cases: readonly (readonly [string, Decider])[] = [
    ['a bound volume on one node', decider(bound, volume('v', '1Gi', { nodeAffinity: onWorker1 }))],
    [
      'a bound volume in one zone',
      decider(bound, { ...zoned, metadata: { name: 'v', labels: { 'topology.kubernetes.io/zone': 'b' } } }),
    ],
    ['a bound volume that is gone', decider(bound)],
    ['a lost claim', decider({ ...bound, status: { phase: 'Lost' } })],
    ['a claim being deleted', decider({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })],
    ['no volume to bind', decider(asking('local'))],
    ['none large enough', decider(asking('local', '10Gi'), volume('v', '1Gi'))],
    ['one that fits, on one node', decider(asking('local'), volume('v', '5Gi', { nodeAffinity: onWorker1 }))],
    ['nothing to wait for', decider(asking('unknown'))],
  ];
  expect(cases.map(([what, given]) => `${what}: ${given.place(pod)}`).join('\n')).toMatchInlineSnapshot(`
    "a bound volume on one node: worker-1
    a bound volume in one zone: worker-2
    a bound volume that is gone: 0/2 nodes are available: persistentvolume "v" not found. not found
    a lost claim: 0/2 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "v". not found
    a claim being deleted: 0/2 nodes are available: persistentvolumeclaim "data" is being deleted. not found
    no volume to bind: 0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
    none large enough: 0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
    one that fits, on one node: worker-1
    nothing to wait for: 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
  `);
  expect(decider(asking('cloud')).place(pod)).toMatch(/^worker-/);
});

test('a claim for one pod alone is not shared', () => {
  const given = decider({ ...bound, spec: { volumeName: 'v', accessModes: ['ReadWriteOncePod'] } }, volume('v', '1Gi'));
  expect(given.place(pod)).toMatch(/^worker-/);
  const second = { ...pod, metadata: { ...pod.metadata, name: 'q', uid: 'q' } };
  expect(given.place(second)).toMatchInlineSnapshot(
    `"0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."`,
  );
});
