import { expect, test } from 'vitest';
import type { ApiGroup, ApiResource } from './discovery.ts';
import { findKind, findResource } from './mapper.ts';

function resource(group: string, version: string, name: string, more: Partial<ApiResource> = {}): ApiResource {
  return {
    group,
    version,
    resource: name,
    singular: name.replace(/s$/, ''),
    kind: `${name.charAt(0).toUpperCase()}${name.slice(1, -1)}`,
    namespaced: true,
    verbs: ['get', 'list'],
    shortNames: [],
    categories: [],
    subresources: [],
    ...more,
  };
}

const groups: readonly ApiGroup[] = [
  {
    name: '',
    versions: [
      {
        version: 'v1',
        stale: false,
        resources: [
          resource('', 'v1', 'pods', { shortNames: ['po'] }),
          resource('', 'v1', 'events', { shortNames: ['ev'] }),
        ],
      },
    ],
  },
  {
    name: 'apps',
    versions: [
      { version: 'v1', stale: false, resources: [resource('apps', 'v1', 'deployments', { shortNames: ['deploy'] })] },
      { version: 'v1beta1', stale: false, resources: [resource('apps', 'v1beta1', 'deployments')] },
    ],
  },
  {
    name: 'events.k8s.io',
    versions: [{ version: 'v1', stale: false, resources: [resource('events.k8s.io', 'v1', 'events')] }],
  },
];

const found = [
  ['pods', '/v1/pods'],
  ['pod', '/v1/pods'],
  ['PODS', '/v1/pods'],
  ['Pod', '/v1/pods'],
  ['po', '/v1/pods'],
  ['events', '/v1/events'],
  ['events.events.k8s.io', 'events.k8s.io/v1/events'],
  ['deploy', 'apps/v1/deployments'],
  ['deployments.apps', 'apps/v1/deployments'],
  ['deployments.ap', 'apps/v1/deployments'],
  ['deployments.v1beta1.apps', 'apps/v1beta1/deployments'],
  ['deployment.v1.apps', 'apps/v1/deployments'],
  ['Deployment.v1.apps', 'apps/v1/deployments'],
  ['foo', undefined],
  ['pods.apps', undefined],
  ['constructor', undefined],
] as const;

test.each(found)('%s names %s', (written, expected) => {
  const one = findResource(groups, written);
  expect(one && `${one.group}/${one.version}/${one.resource}`).toBe(expected);
});

test('a kind is found in its own version only', () => {
  expect(findKind(groups, 'apps/v1beta1', 'Deployment')?.version).toBe('v1beta1');
  expect(findKind(groups, 'v1', 'Deployment')).toBeUndefined();
});
