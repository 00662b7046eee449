import { expect, test } from 'vitest';
import { configMaps, namespaces, serviceAccounts } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { rootCaCertPublisher } from './root-ca-cert-publisher.ts';
import { serviceAccountController } from './serviceaccount-controller.ts';

test('every namespace gets its default account and the root certificate, also after they were deleted', () => {
  const cluster = controllerCluster([serviceAccountController, rootCaCertPublisher]);
  cluster.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  cluster.run(500);
  const admin = cluster.client();
  cluster.perform(admin.delete(serviceAccounts, { namespace: 'shop', name: 'default' }));
  cluster.perform(admin.delete(configMaps, { namespace: 'shop', name: 'kube-root-ca.crt' }));
  cluster.run(500);
  expect(cluster.get(serviceAccounts, 'default', 'shop').metadata?.name).toBe('default');
  const map = cluster.get(configMaps, 'kube-root-ca.crt', 'shop');
  expect(map.data).toEqual({ 'ca.crt': 'PEM' });
  expect(map.metadata?.annotations?.['kubernetes.io/description']).toMatch(/^Contains a CA bundle/);
});
