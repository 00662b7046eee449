import { expect, test } from 'vitest';
import { clusterRoles } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { clusterRoleAggregationController } from './clusterrole-aggregation-controller.ts';

test('an aggregated role has the rules of the roles that its selector finds', () => {
  const cluster = controllerCluster([clusterRoleAggregationController]);
  cluster.apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: monitoring}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: monitoring}}]}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: pods-reader, labels: {part: monitoring}}
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
`);
  cluster.run(1000);
  const { rules } = cluster.get(clusterRoles, 'monitoring');
  expect(rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
});
