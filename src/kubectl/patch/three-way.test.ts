import { expect, test } from 'vitest';
import { threeWayPatch, twoWayPatch } from './three-way.ts';

test('what was applied before and is not wanted any more is removed; what others set stays', () => {
  const versions = { original: { a: 1, b: 2 }, modified: { a: 5 }, current: { a: 1, b: 2, c: 3 } };
  expect(threeWayPatch(versions, 'merge')).toEqual({ a: 5, b: null });
});

test('equal states need no patch', () => {
  expect(threeWayPatch({ original: { a: 1 }, modified: { a: 1 }, current: { a: 1, z: 2 } }, 'strategic')).toEqual({});
});

test('containers are patched by name in a strategic patch and replaced in a merge patch', () => {
  const before = {
    apiVersion: 'v1',
    kind: 'Pod',
    spec: {
      containers: [
        { name: 'a', image: 'x:1' },
        { name: 'b', image: 'y' },
      ],
    },
  };
  const after = { ...before, spec: { containers: [{ name: 'a', image: 'x:2' }] } };
  expect(twoWayPatch(before, after, 'strategic')).toEqual({
    spec: {
      '$setElementOrder/containers': [{ name: 'a' }],
      containers: [
        { name: 'a', image: 'x:2' },
        { name: 'b', $patch: 'delete' },
      ],
    },
  });
  expect(twoWayPatch(before, after, 'merge')).toEqual({ spec: after.spec });
});

test('a changed deployment strategy keeps only the keys that it names', () => {
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const before = { ...deployment, spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
  const after = { ...deployment, spec: { strategy: { type: 'Recreate' } } };
  expect(twoWayPatch(before, after, 'strategic')).toEqual({
    spec: { strategy: { $retainKeys: ['type'], rollingUpdate: null, type: 'Recreate' } },
  });
});
