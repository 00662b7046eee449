// APIServices whose services do not answer as they should, and what the API server says of them.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const apiService = (more: string): string => `kubectl apply -f - <<'EOT'
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.shop.example.com }
spec:
  group: shop.example.com
  version: v1
  groupPriorityMinimum: 2000
  versionPriority: 10
  service: { name: shop, namespace: default, port: 80 }
  ${more}
EOT`;

test('each way in which a service cannot be had has words of its own', async () => {
  const { session, line } = await recordedSession();
  const condition = async (): Promise<string> => {
    await session.driver.runFor(10_000);
    const text = await line(
      `kubectl get apiservice v1.shop.example.com -o jsonpath='{.status.conditions[0].reason}: {.status.conditions[0].message}'`,
    );
    return text.replace(/\d+\.\d+\.\d+\.\d+/g, 'IP');
  };
  await line(apiService('insecureSkipTLSVerify: true'));
  expect(await condition()).toBe('ServiceNotFound: service/shop in "default" is not present');
  await line('kubectl create service clusterip shop --tcp=8080');
  expect(await condition()).toBe('ServicePortError: service/shop in "default" is not listening on port 80');
  await line('kubectl delete service shop; kubectl create service clusterip shop --tcp=80');
  expect(await condition()).toBe(
    'MissingEndpoints: endpointslices for service/shop in "default" have no addresses with port name "80"',
  );
  await line('kubectl create deployment shop --image=nginx');
  expect(await condition()).toBe(
    'FailedDiscoveryCheck: failing or missing response from https://IP:80/apis/shop.example.com/v1: Get "https://IP:80/apis/shop.example.com/v1": http: server gave HTTP response to HTTPS client',
  );
  expect(await line('kubectl get --raw /apis/shop.example.com/v1/carts')).toBe(
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request\n',
  );
  expect(await line('kubectl get --raw /apis/shop.example.com')).toContain('"preferredVersion":{"groupVersion"');
  expect(await line('kubectl api-versions')).not.toContain('shop.example.com');
  await line('kubectl create namespace stuck; kubectl delete namespace stuck --wait=false');
  await session.driver.runFor(20_000);
  expect(await line(`kubectl get namespace stuck -o jsonpath='{.status.phase} {.status.conditions[0].message}'`)).toBe(
    'Terminating Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: shop.example.com/v1: stale GroupVersion discovery: shop.example.com/v1',
  );
  await line('kubectl delete apiservice v1.shop.example.com');
  await session.driver.runFor(10_000);
  expect(await line('kubectl get namespace stuck')).toContain('NotFound');
  expect(await line('kubectl get --raw /apis/shop.example.com')).toContain('NotFound');
});
