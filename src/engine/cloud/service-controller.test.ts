import { expect, test } from 'vitest';
import { services } from '../../api/generated/resources.ts';
import { controllerCluster } from '../testing/controller-cluster.ts';
import { serviceController } from './service-controller.ts';

test('a load balancer gets an address after a while, and is taken down before its service goes', () => {
  const cluster = controllerCluster([serviceController]);
  cluster.apply(`
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
`);
  cluster.run(1000);
  expect(cluster.get(services, 'web', 'default').status?.loadBalancer?.ingress ?? []).toEqual([]);
  cluster.run(9000);
  const service = cluster.get(services, 'web', 'default');
  expect(service.status?.loadBalancer?.ingress).toEqual([{ ip: '203.0.113.10', ipMode: 'VIP' }]);
  expect(service.metadata?.finalizers).toContain('service.kubernetes.io/load-balancer-cleanup');
  cluster.remove(services, 'web');
  cluster.run(5000);
  expect(cluster.list(services, 'default').map(({ metadata }) => metadata?.name)).not.toContain('web');
  expect(cluster.events('Service')).toMatchInlineSnapshot(`
    "Normal EnsuringLoadBalancer Service/web: Ensuring load balancer
    Normal EnsuredLoadBalancer Service/web: Ensured load balancer
    Normal DeletingLoadBalancer Service/web: Deleting load balancer
    Normal DeletedLoadBalancer Service/web: Deleted load balancer"
  `);
});
