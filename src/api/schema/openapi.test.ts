// OpenAPI documents: schemas, kinds, operations.
import { describe, expect, test } from 'vitest';
import * as table from '../generated/descriptions.ts';
import { descriptionsOf } from './descriptions.ts';
import { customDocument, openApiDocument, openApiIndex, openApiV2Document } from './openapi.ts';
import { type OpenApiResource, openApiPath } from './openapi-routes.ts';
import { enumValues, openApiName } from './openapi-schemas.ts';

const deployments: OpenApiResource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespaced: true,
  verbs: ['create', 'get', 'list', 'patch'],
  subresources: [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch'] }],
};

const scale = { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] };

interface Shown {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly requestBody?: { readonly content: object };
  readonly 'x-kubernetes-action': string;
}

describe('OpenAPI', () => {
  test('names definitions as upstream does', () => {
    expect(openApiName('apps.v1.Deployment')).toBe('io.k8s.api.apps.v1.Deployment');
    expect(openApiName('meta.v1.ObjectMeta')).toBe('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
    expect(openApiName('util.intstr.IntOrString')).toBe('io.k8s.apimachinery.pkg.util.intstr.IntOrString');
  });

  test('has an index', () => {
    const paths = [{ path: openApiPath(deployments), hash: 'AB' }];
    expect(openApiIndex(paths)).toEqual({
      paths: { 'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=AB' } },
    });
  });

  test('shows types, defaults, merge rules, enums and texts in version 3', () => {
    const document = JSON.stringify(openApiDocument(deployments, [deployments], descriptionsOf(table)));
    const schemas = JSON.parse(document).components.schemas;
    expect(schemas['io.k8s.api.core.v1.ContainerPort'].properties.protocol).toMatchObject({
      default: 'TCP',
      enum: ['SCTP', 'TCP', 'UDP'],
      type: 'string',
    });
    expect(schemas['io.k8s.api.core.v1.PodSpec'].properties.containers).toMatchObject({
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
      type: 'array',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    expect(schemas['io.k8s.api.apps.v1.Deployment']).toMatchObject({
      description: 'Deployment enables declarative updates for Pods and ReplicaSets.',
      'x-kubernetes-group-version-kind': [{ group: 'apps', kind: 'Deployment', version: 'v1' }],
    });
  });

  test('tells clients that fields can be validated', () => {
    const { paths } = JSON.parse(JSON.stringify(openApiDocument(deployments, [deployments])));
    const { patch } = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', kind: 'Deployment', version: 'v1' });
    expect(patch.parameters).toContainEqual({
      name: 'fieldValidation',
      in: 'query',
      description: expect.stringContaining('Strict'),
      schema: { type: 'string', uniqueItems: true },
    });
  });

  test('has every definition that a path leads to in version 2', () => {
    const { definitions } = JSON.parse(JSON.stringify(openApiV2Document([deployments])));
    expect(definitions['io.k8s.api.apps.v1.DeploymentSpec'].properties.strategy).toEqual({
      $ref: '#/definitions/io.k8s.api.apps.v1.DeploymentStrategy',
      'x-kubernetes-patch-strategy': 'retainKeys',
    });
  });

  test('describes custom resources without protobuf and without paths for watches', () => {
    const gvk = { group: 'stable.example.com', version: 'v1', kind: 'CronTab' };
    const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
    const schema = 'com.example.stable.v1.CronTab';
    const resource = {
      ...gvk,
      resource: 'crontabs',
      namespaced: true,
      verbs,
      subresources: [scale],
      schema,
      custom: true,
    };
    const { paths, components } = JSON.parse(JSON.stringify(customDocument([resource], { [schema]: {} })));
    const lines = Object.entries<Record<string, Shown>>(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(
        ([method, { operationId, responses, requestBody, 'x-kubernetes-action': action }]) => {
          if (method === 'parameters') return [path];
          const read = Object.keys(requestBody?.content ?? {}).join(' ');
          const [, answered = ''] = /(\w+\.\w+)"/.exec(JSON.stringify(responses[200])) ?? [];
          return [
            `  ${[action, operationId, read, Object.keys(responses).join(' '), answered].filter(Boolean).join('; ')}`,
          ];
        },
      ),
    );
    expect(lines.join('\n').replaceAll('application/', '')).toMatchInlineSnapshot(`
      "  list; listStableExampleComV1CronTabForAllNamespaces; 200 401; v1.CronTabList
      /apis/stable.example.com/v1/crontabs
        list; listStableExampleComV1NamespacedCronTab; 200 401; v1.CronTabList
        post; createStableExampleComV1NamespacedCronTab; json yaml; 200 201 202 401; v1.CronTab
        deletecollection; deleteStableExampleComV1CollectionNamespacedCronTab; 200 401; v1.Status
      /apis/stable.example.com/v1/namespaces/{namespace}/crontabs
        get; readStableExampleComV1NamespacedCronTab; 200 401; v1.CronTab
        put; replaceStableExampleComV1NamespacedCronTab; json yaml; 200 201 401; v1.CronTab
        delete; deleteStableExampleComV1NamespacedCronTab; json yaml; 200 202 401; v1.Status
        patch; patchStableExampleComV1NamespacedCronTab; apply-patch+yaml json-patch+json merge-patch+json; 200 401; v1.CronTab
      /apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}
        get; readStableExampleComV1NamespacedCronTabScale; 200 401; v1.Scale
        put; replaceStableExampleComV1NamespacedCronTabScale; json yaml; 200 201 401; v1.Scale
        patch; patchStableExampleComV1NamespacedCronTabScale; apply-patch+yaml json-patch+json merge-patch+json; 200 401; v1.Scale
      /apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}/scale"
    `);
    expect(Object.keys(components.schemas)[0]).toBe(schema);
  });

  test('finds the values of enumerated fields', () => {
    expect(enumValues('core.v1.Container', 'v1.PullPolicy')).toEqual(['Always', 'IfNotPresent', 'Never']);
    expect(enumValues('core.v1.Container', 'string')).toEqual([]);
  });
});
