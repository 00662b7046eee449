// Custom resources from their definition to their end.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { customResourceDefinitions } from '../../../api/generated/resources.ts';
import type { CustomResourceDefinition } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import { type TestCluster, testCluster } from '../../testing/cluster.ts';

interface Thing extends KubeObject {
  readonly spec?: { readonly [key: string]: unknown };
  readonly status?: { readonly [key: string]: unknown };
}

const things: Resource<Thing> = {
  group: 'example.org',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  namespaced: true,
};

const definition = (names = 'plural: things, kind: Thing, shortNames: [th]'): CustomResourceDefinition =>
  parse(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${/plural: (\w+)/.exec(names)?.[1]}.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {${names}}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.count, statusReplicasPath: .status.count}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {count: {type: integer, default: 2}, color: {type: string}}}
          status: {type: object, properties: {count: {type: integer}}}
`);

const thing = (yaml: string): Thing => parse(`{apiVersion: example.org/v1, kind: Thing, ${yaml}}`);

function withThings(): TestCluster {
  const cluster = testCluster();
  cluster.create(customResourceDefinitions, definition());
  cluster.run(1000);
  return cluster;
}

const conditions = (cluster: TestCluster, name: string): readonly string[] =>
  (cluster.get(customResourceDefinitions, name).status?.conditions ?? []).map(
    ({ type, status, reason }) => `${type}=${status} ${reason}`,
  );

describe('a definition', () => {
  test('gets its names and is established', () => {
    const cluster = withThings();
    expect(conditions(cluster, 'things.example.org')).toEqual([
      'NamesAccepted=True NoConflicts',
      'Established=True InitialNamesAccepted',
    ]);
    expect(cluster.get(customResourceDefinitions, 'things.example.org').status?.storedVersions).toEqual(['v1']);
  });

  test('waits for a name that another one has', () => {
    const cluster = withThings();
    cluster.create(customResourceDefinitions, definition('plural: others, kind: Other, shortNames: [th]'));
    cluster.run(1000);
    expect(conditions(cluster, 'others.example.org')).toEqual([
      'NamesAccepted=False ShortNamesConflict',
      'Established=False NotAccepted',
    ]);
    cluster.perform(cluster.client().delete(customResourceDefinitions, { name: 'things.example.org' }));
    cluster.run(1000);
    expect(conditions(cluster, 'others.example.org')).toEqual([
      'NamesAccepted=True NoConflicts',
      'Established=True InitialNamesAccepted',
    ]);
  });

  test('takes its objects along, and waits for those that something holds', () => {
    const cluster = withThings();
    const admin = cluster.client();
    cluster.create(things, thing('metadata: {name: a, namespace: default, finalizers: [example.org/x]}'));
    cluster.create(things, thing('metadata: {name: b, namespace: default}'));
    cluster.perform(admin.delete(customResourceDefinitions, { name: 'things.example.org' }));
    cluster.run(1000);
    expect(cluster.list(things).map(({ metadata }) => metadata?.name)).toEqual(['a']);
    expect(() => cluster.create(things, thing('metadata: {name: c, namespace: default}'))).toThrow(
      'create not allowed while custom resource definition is terminating',
    );
    const patchType = 'application/merge-patch+json';
    const target = { namespace: 'default', name: 'a', patchType } as const;
    cluster.perform(admin.patch(things, target, { metadata: { finalizers: null } }));
    cluster.run(10_000);
    expect(cluster.list(customResourceDefinitions)).toEqual([]);
    expect(() => cluster.list(things)).toThrow('the server could not find the requested resource');
  });

  test('that is wrong is refused', () => {
    expect(() => testCluster().create(customResourceDefinitions, definition('plural: Things, kind: Thing'))).toThrow(
      'spec.names.plural: Invalid value: "Things"',
    );
  });
});

describe('a custom resource', () => {
  test('is pruned and defaulted, and counts its generations', () => {
    const cluster = withThings();
    const admin = cluster.client();
    cluster.create(things, thing('metadata: {name: a, namespace: default}, spec: {color: red, odd: 1}'));
    const target = { namespace: 'default', name: 'a', patchType: 'application/merge-patch+json' } as const;
    cluster.perform(admin.patch(things, { ...target, subresource: 'status' }, { status: { count: 1 } }));
    cluster.perform(admin.patch(things, target, { metadata: { labels: { a: 'b' } }, status: { count: 9 } }));
    cluster.perform(admin.patch(things, target, { spec: { color: 'blue' } }));
    const { metadata, spec, status } = cluster.get(things, 'a', 'default');
    expect({ generation: metadata?.generation, spec, status }).toEqual({
      generation: 2,
      spec: { color: 'blue', count: 2 },
      status: { count: 1 },
    });
  });

  test('scales where its definition says', () => {
    const cluster = withThings();
    cluster.create(things, thing('metadata: {name: a, namespace: default}'));
    const target = { namespace: 'default', name: 'a', subresource: 'scale' } as const;
    const patchType = 'application/merge-patch+json';
    cluster.perform(cluster.client().patch(things, { ...target, patchType }, { spec: { replicas: 5 } }));
    expect(cluster.get(things, 'a', 'default').spec).toEqual({ count: 5 });
  });

  test('takes no strategic merge patch', () => {
    const cluster = withThings();
    cluster.create(things, thing('metadata: {name: a, namespace: default}'));
    expect(() =>
      cluster.perform(cluster.client().patch(things, { namespace: 'default', name: 'a' }, { spec: {} })),
    ).toThrow('the body of the request was in an unknown format');
  });
});

describe('a custom resource with several versions', () => {
  test('is in another version what the stored version has of it', () => {
    const { versions, ...spec } = definition().spec;
    const [stored] = versions;
    if (!stored) throw new Error('the definition has a version');
    const other = {
      type: 'object',
      properties: { count: { type: 'integer' }, only: { type: 'string', default: 'x' } },
    };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: other } } };
    const cluster = testCluster();
    const whole = {
      ...definition(),
      spec: { ...spec, versions: [stored, { name: 'v2', served: true, storage: false, schema }] },
    };
    cluster.create(customResourceDefinitions, whole);
    cluster.run(1000);
    cluster.create(things, thing('metadata: {name: a, namespace: default}, spec: {color: red}'));
    expect(cluster.get({ ...things, version: 'v2' }, 'a', 'default')?.spec).toEqual({ count: 2 });
  });
});
