import { describe, expect, test } from 'vitest';
import { endpointSlices, endpoints, services } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { replicaSetController } from '../replicaset/replicaset-controller.ts';
import { endpointsController } from './endpoints-controller.ts';
import { endpointSliceController } from './endpointslice-controller.ts';
import { endpointSliceMirroringController } from './endpointslice-mirroring-controller.ts';

const app = (replicas: number): string => `
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec:
  clusterIP: 10.96.0.20
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx, ports: [{name: http, containerPort: 8080}]}]}
`;

describe('the endpoints controllers', () => {
  test('list the addresses of ready pods with the port that the name leads to', () => {
    const cluster = controllerCluster([replicaSetController, endpointsController, endpointSliceController]);
    cluster.apply(app(2));
    cluster.run(3000);
    const [slice] = cluster.list(endpointSlices, 'default').filter(({ metadata }) => metadata?.generateName === 'web-');
    expect(slice?.metadata?.labels).toEqual({
      app: 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      'kubernetes.io/service-name': 'web',
    });
    expect(slice?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
    expect(slice?.endpoints?.map(({ addresses, conditions }) => [addresses[0], conditions])).toEqual([
      ['10.244.0.1', { ready: true, serving: true, terminating: false }],
      ['10.244.0.2', { ready: true, serving: true, terminating: false }],
    ]);
    const object = cluster.get(endpoints, 'web', 'default');
    expect(object.metadata?.labels?.['endpoints.kubernetes.io/managed-by']).toBe('endpoint-controller');
    expect(object.subsets?.[0]?.addresses?.map(({ ip }) => ip)).toEqual(['10.244.0.1', '10.244.0.2']);
  });

  test('a slice holds at most 100 endpoints', () => {
    const cluster = controllerCluster([replicaSetController, endpointSliceController]);
    cluster.apply(app(150));
    cluster.run(10_000);
    const sizes = cluster
      .list(endpointSlices, 'default')
      .filter(({ metadata }) => metadata?.generateName === 'web-')
      .map((slice) => slice.endpoints?.length ?? 0);
    expect(sizes.every((size) => size <= 100)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(150);
  });

  test('without pods one empty slice stays, and endpoints go with their service', () => {
    const cluster = controllerCluster([endpointsController, endpointSliceController]);
    cluster.apply(app(0));
    cluster.run(2000);
    const slices = cluster.list(endpointSlices, 'default').filter(({ metadata }) => metadata?.generateName === 'web-');
    expect(slices.map((slice) => slice.endpoints ?? [])).toEqual([[]]);
    cluster.remove(services, 'web');
    cluster.run(2000);
    expect(cluster.list(endpoints, 'default').map(({ metadata }) => metadata?.name)).not.toContain('web');
  });

  test('mirror what somebody wrote by hand for a service without a selector', () => {
    const cluster = controllerCluster([endpointsController, endpointSliceController, endpointSliceMirroringController]);
    const written = (ip: string): string => `
apiVersion: v1
kind: Endpoints
metadata: {name: db, labels: {tier: data}}
subsets: [{addresses: [{ip: ${ip}}], ports: [{port: 5432}]}]
`;
    cluster.apply('{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {ports: [{port: 5432}]}}');
    cluster.apply(written('10.1.2.3'));
    cluster.run(2000);
    const mirrored = () =>
      cluster.list(endpointSlices, 'default').filter(({ metadata }) => metadata?.generateName === 'db-');
    expect(mirrored()[0]).toMatchObject({
      metadata: {
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
          'kubernetes.io/service-name': 'db',
          tier: 'data',
        },
      },
      endpoints: [{ addresses: ['10.1.2.3'], conditions: { ready: true } }],
      ports: [{ name: '', port: 5432, protocol: 'TCP' }],
    });
    cluster.remove(services, 'db');
    cluster.run(2000);
    expect(mirrored()).toEqual([]);
  });
});
