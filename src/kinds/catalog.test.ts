// The catalog and what discovery makes of it.
import { describe, expect, test } from 'vitest';
import { definitionName } from '../api/schema/schema.ts';
import { builtInGroups, builtInResource, builtInResources } from './catalog.ts';
import { aggregatedDocument, groupDocument, resourceListDocument } from './discovery.ts';

describe('the catalog', () => {
  test('has only kinds that the schema knows', () => {
    expect(builtInResources().filter((resource) => definitionName(resource) === undefined)).toEqual([]);
    expect(builtInResources()).toHaveLength(68);
  });

  test('knows the kinds of subresources', () => {
    const scale = builtInResource('apps', 'v1', 'deployments')?.subresources[0];
    expect(scale).toEqual({
      name: 'scale',
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
    expect(builtInResource('', 'v1', 'services')?.subresources[0]?.kind).toBe('ServiceProxyOptions');
  });
});

describe('discovery', () => {
  test('lists the versions of a group, the preferred one first', () => {
    const group = builtInGroups().find((one) => one.group === 'autoscaling');
    expect(group && JSON.stringify(groupDocument(group))).toMatchInlineSnapshot(
      `"{"kind":"APIGroup","apiVersion":"v1","name":"autoscaling","versions":[{"groupVersion":"autoscaling/v2","version":"v2"},{"groupVersion":"autoscaling/v1","version":"v1"}],"preferredVersion":{"groupVersion":"autoscaling/v2","version":"v2"}}"`,
    );
  });

  test('lists resources with their subresources', () => {
    const daemonSets = builtInResource('apps', 'v1', 'daemonsets');
    const document = resourceListDocument({ group: 'apps', version: 'v1' }, daemonSets ? [daemonSets] : []);
    expect(JSON.stringify(document)).toMatchInlineSnapshot(
      `"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[{"name":"daemonsets","singularName":"daemonset","namespaced":true,"kind":"DaemonSet","verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"shortNames":["ds"],"categories":["all"]},{"name":"daemonsets/status","singularName":"","namespaced":true,"kind":"DaemonSet","verbs":["get","patch","update"]}]}"`,
    );
  });

  test('comes in one document too', () => {
    const [core] = builtInGroups();
    const document = core && JSON.stringify(aggregatedDocument([core]));
    expect(document).toContain(
      '{"subresource":"eviction","responseKind":{"group":"policy","version":"v1","kind":"Eviction"},"verbs":["create"]}',
    );
  });
});
