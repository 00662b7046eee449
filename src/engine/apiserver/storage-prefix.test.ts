import { expect, test } from 'vitest';
import { prefixOfKey, storagePrefix } from './storage-prefix.ts';

test.each([
  ['/pods', '/registry/pods/'],
  ['/nodes', '/registry/minions/'],
  ['/services', '/registry/services/specs/'],
  ['/endpoints', '/registry/services/endpoints/'],
  ['apps/deployments', '/registry/deployments/'],
  ['networking.k8s.io/ingresses', '/registry/ingress/'],
  ['apiextensions.k8s.io/customresourcedefinitions', '/registry/apiextensions.k8s.io/customresourcedefinitions/'],
  ['example.com/crontabs', '/registry/example.com/crontabs/'],
])('%s is kept below %s', (place, prefix) => {
  expect(storagePrefix(place)).toBe(prefix);
  expect(prefixOfKey(`${prefix}default/a.b`)).toBe(prefix);
  expect(prefixOfKey(`${prefix}a.b`)).toBe(prefix);
});

test('a key outside of /registry has no prefix', () => {
  expect(prefixOfKey('compact_rev_key')).toBe('');
});
