// kube-proxy, DNS and policies fed by an API server: a pod reaches a service by name, until it may not.
import { expect, test } from 'vitest';
import { endpointSlices, networkPolicies, pods, services } from '../../api/generated/resources.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { httpGet, httpListener } from '../../base/http.ts';
import { testCluster } from '../testing/cluster.ts';
import { startClusterDns } from './dns.ts';
import { startKubeProxy } from './kube-proxy.ts';
import { createNetwork } from './network.ts';
import { startPolicies } from './policies.ts';

test('a service is reached by name through DNS, proxy and policies', () => {
  const cluster = testCluster();
  const network = createNetwork(cluster.simulation.root.child('network'));
  for (const node of ['worker-1', 'worker-2']) {
    const { scope, informers } = cluster.component(`node/${node}`);
    startKubeProxy({ scope, informers, network, node });
  }
  const filter = startPolicies(cluster.component('network-plugin'));
  for (const node of ['worker-1', 'worker-2']) network.setFilter(node, filter);
  startClusterDns({ ...cluster.component('coredns'), network, ip: '10.96.0.10' });
  const dns = { servers: ['10.96.0.10'], searches: ['default.svc.cluster.local', 'svc.cluster.local'], ndots: 5 };
  const client = network.attach({ id: 'pod/client', ips: ['10.244.1.2'], node: 'worker-1', dns });
  cluster.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
    spec: { nodeName: 'worker-2', containers: [{ name: 'c', image: 'nginx:1.27' }] },
  });
  const { metadata: pod } = cluster.perform(cluster.client('kubelet').get(pods, { namespace: 'default', name: 'web' }));
  const server = network.attach({ id: `pod/${pod?.uid}`, ips: ['10.244.2.2'], node: 'worker-2', dns });
  server.listen(
    8080,
    httpListener((request, reply) => reply({ status: 200, body: `you asked for ${request.target}` })),
  );

  const ask = (): string => {
    let answer = 'nothing yet';
    httpGet(
      client,
      { host: 'web', port: 80, path: '/index', timeoutMs: 3000 },
      {
        response: ({ status, body }) => {
          answer = `${status} ${decodeUtf8(body)}`;
        },
        failed: (message) => {
          answer = message;
        },
      },
    );
    cluster.run(20_000);
    return answer;
  };
  const story = [`no such service: ${ask()}`];

  const metadata = { name: 'web', namespace: 'default' };
  const spec = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] };
  cluster.create(services, { apiVersion: 'v1', kind: 'Service', metadata, spec: { ...spec, clusterIP: '10.96.0.77' } });
  cluster.run(100);
  story.push(`no endpoints: ${ask()}`);

  cluster.create(endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-abc', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: [{ addresses: ['10.244.2.2'], nodeName: 'worker-2', conditions: { ready: true } }],
  });
  cluster.run(100);
  story.push(`an endpoint: ${ask()}`);

  cluster.create(networkPolicies, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: 'default' },
    spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] },
  });
  cluster.run(100);
  story.push(`a policy: ${ask()}`);
  expect(story.join('\n')).toMatchInlineSnapshot(`
    "no such service: lookup web on 10.96.0.10:53: no such host
    no endpoints: connect: connection refused
    an endpoint: 200 you asked for /index
    a policy: i/o timeout"
  `);
});
