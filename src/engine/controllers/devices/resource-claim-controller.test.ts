// Claims by template: made for pods, held while they run, gone afterwards.
import { expect, test } from 'vitest';
import { coreEvents, pods, resourceClaims, resourceClaimTemplates } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { resourceClaimController } from './resource-claim-controller.ts';

const finalizer = 'resource.kubernetes.io/delete-protection';

test('a pod gets the claims that its template says, and gives them back', () => {
  const cluster = controllerCluster([resourceClaimController]);
  const pod = (name: string, claim: object) =>
    cluster.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'nginx' }], resourceClaims: [{ name: 'g', ...claim }] },
    });
  const story = () =>
    cluster
      .list(resourceClaims)
      .map(({ metadata, status }) => {
        const owner = metadata?.ownerReferences?.map(({ name }) => ` of ${name}`).join('') ?? '';
        const reserved = status?.reservedFor?.map(({ name }) => ` for ${name}`).join('') ?? '';
        const name = metadata?.name?.replace(/-[a-z0-9]{5}$/, '-XXXXX');
        return `${name}${owner}${status?.allocation ? ' allocated' : ''}${reserved} ${metadata?.finalizers ?? ''}`.trim();
      })
      .join('\n');

  pod('early', { resourceClaimTemplateName: 'one' });
  cluster.run(3000);
  expect(cluster.list(coreEvents).map(({ message }) => message)[0]).toBe(
    'PodResourceClaim g: resource claim template "one": resourceclaimtemplate.resource.k8s.io "one" not found',
  );
  const spec = { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu' } }] } };
  const template = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaimTemplate', spec: { spec } };
  cluster.create(resourceClaimTemplates, { ...template, metadata: { name: 'one', namespace: 'default' } });
  cluster.run(3000);
  expect(story()).toBe('early-g-XXXXX of early');
  const [made] = cluster.list(resourceClaims);
  expect(cluster.list(pods)[0]?.status?.resourceClaimStatuses).toEqual([
    { name: 'g', resourceClaimName: made?.metadata?.name },
  ]);

  const shared = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim', spec };
  const metadata = { name: 'shared', namespace: 'default', finalizers: [finalizer] };
  cluster.create(resourceClaims, { ...shared, metadata });
  const claim = cluster.list(resourceClaims).find((one) => one.metadata?.name === 'shared');
  if (!claim) throw new Error('the claim is not there');
  const results = [{ request: 'r', driver: 'd', pool: 'p', device: 'a' }];
  const reservedFor = [{ resource: 'pods', name: 'gone', uid: 'gone' }];
  const status = { allocation: { devices: { results } }, reservedFor };
  cluster.perform(cluster.client('kube-scheduler').updateStatus(resourceClaims, { ...claim, status }));
  expect(story()).toContain(`shared allocated for gone ${finalizer}`);
  cluster.run(3000);
  expect(story().split('\n')).toContain('shared');
});
