import { describe, expect, test } from 'vitest';
import { configMaps, namespaces } from '../../../api/generated/resources.ts';
import { controllerCluster, namespaceNames } from '../../testing/controller-cluster.ts';
import { rootCaCertPublisher } from '../identity/root-ca-cert-publisher.ts';
import { serviceAccountController } from '../identity/serviceaccount-controller.ts';
import { namespaceController } from './namespace-controller.ts';

describe('the namespace controller', () => {
  test('empties a namespace that is deleted, then lets it go', () => {
    const cluster = controllerCluster([namespaceController, serviceAccountController, rootCaCertPublisher]);
    cluster.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    cluster.run(1000);
    expect(cluster.list(configMaps, 'shop').map(({ metadata }) => metadata?.name)).toEqual(['kube-root-ca.crt']);
    cluster.perform(cluster.client().delete(namespaces, { name: 'shop' }));
    cluster.run(3000);
    expect(namespaceNames(cluster)).toContain('shop');
    cluster.run(5000);
    expect(namespaceNames(cluster)).not.toContain('shop');
  });

  test('tells which finalizers hold it back', () => {
    const cluster = controllerCluster([namespaceController]);
    cluster.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    cluster.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] },
    });
    cluster.perform(cluster.client().delete(namespaces, { name: 'shop' }));
    cluster.run(8000);
    const { status } = cluster.get(namespaces, 'shop');
    expect(
      status?.conditions?.map(({ type, status: is, message }) => `${type}=${is} ${message}`).join('\n'),
    ).toMatchInlineSnapshot(`
        "NamespaceDeletionDiscoveryFailure=False All resources successfully discovered
        NamespaceDeletionGroupVersionParsingFailure=False All legacy kube types successfully parsed
        NamespaceDeletionContentFailure=False All content successfully deleted, may be waiting on finalization
        NamespaceContentRemaining=True Some resources are remaining: configmaps. has 1 resource instances
        NamespaceFinalizersRemaining=True Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
      `);
  });
});
