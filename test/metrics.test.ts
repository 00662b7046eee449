// Resource metrics in a whole cluster: the upstream manifest of metrics-server, kubectl top, and autoscaling by CPU.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const components = readFileSync(new URL('./support/metrics-server.yaml', import.meta.url), 'utf8');
const trusting = components.replace('- --metric-resolution=15s', '$&\n        - --kubelet-insecure-tls');

const here = (yaml: string): string => `kubectl apply -f - <<'EOT'\n${yaml}\nEOT`;

const phpApache = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: php-apache }
spec:
  selector: { matchLabels: { run: php-apache } }
  template:
    metadata: { labels: { run: php-apache } }
    spec:
      containers:
      - name: php-apache
        image: registry.k8s.io/hpa-example
        ports: [{ containerPort: 80 }]
        resources: { limits: { cpu: 500m }, requests: { cpu: 200m } }
---
apiVersion: v1
kind: Service
metadata: { name: php-apache }
spec:
  ports: [{ port: 80 }]
  selector: { run: php-apache }
`;

test('metrics-server serves what kubelets measure, once it may trust them', async () => {
  const { session, line } = await recordedSession();
  const wait = (seconds: number): Promise<void> => session.driver.runFor(seconds * 1000);
  expect(await line('kubectl top pod')).toBe('error: Metrics API not available\n');

  await line(here(components));
  await wait(40);
  expect(await line('kubectl logs -n kube-system deployment/metrics-server')).toContain(
    `"Failed to scrape node" err="Get \\"https://172.18.0.3:10250/metrics/resource\\": tls: failed to verify certificate: x509: cannot validate certificate for 172.18.0.3 because it doesn't contain any IP SANs" node="worker-1"`,
  );
  expect(await line('kubectl get apiservice v1beta1.metrics.k8s.io --no-headers')).toMatch(
    /kube-system\/metrics-server +False \(MissingEndpoints\)/,
  );
  expect(await line('kubectl top node')).toBe('error: Metrics API not available\n');
  expect(await line('kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes')).toBe(
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request\n',
  );

  await line(here(trusting));
  await line('kubectl create deployment web --image=nginx --replicas=2');
  await wait(60);
  expect(await line('kubectl get apiservice v1beta1.metrics.k8s.io --no-headers')).toMatch(/metrics-server +True /);
  expect(await line('kubectl explain nodes.usage --api-version=metrics.k8s.io/v1beta1')).toMatchInlineSnapshot(`
    "GROUP:      metrics.k8s.io
    KIND:       NodeMetrics
    VERSION:    v1beta1

    FIELD: usage <map[string]Quantity>


    DESCRIPTION:
        How much of each resource was used, averaged over the window.
        A number with a unit, such as 250m or 64Mi.
        

    "
  `);
  expect(await line(`kubectl get --raw /openapi/v2 | grep -o 'metrics.v1beta1.[A-Za-z]*":' | sort -u`)).toBe(
    ['ContainerMetrics', 'NodeMetrics', 'NodeMetricsList', 'PodMetrics', 'PodMetricsList']
      .map((name) => `metrics.v1beta1.${name}":\n`)
      .join(''),
  );
  expect(await line('kubectl top node')).toMatchInlineSnapshot(`
    "NAME            CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)   
    control-plane   165m         4%       920Mi           11%         
    worker-1        45m          1%       383Mi           4%          
    worker-2        49m          1%       399Mi           5%          
    "
  `);
  expect((await line('kubectl top pod --sum')).replace(/web-\S+/g, 'web-…')).toMatchInlineSnapshot(`
    "NAME                   CPU(cores)   MEMORY(bytes)   
    web-…   0m           3Mi             
    web-…   0m           4Mi             
                           ________     ________        
                           0m           8Mi             
    "
  `);
  expect(await line('kubectl top pod -A -l k8s-app=metrics-server --containers --no-headers')).toMatch(
    /^kube-system +metrics-server-\S+ +metrics-server +\dm +\d+Mi +\n$/,
  );
  expect(await line('kubectl top pod nobody')).toBe('Error from server (NotFound): pods "nobody" not found\n');
  expect(await line('kubectl top pod --field-selector spec.nodeName=worker-1')).toBe(
    'Error from server (BadRequest): "spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"\n',
  );
  expect(await line('kubectl top pod --as nobody')).toContain(
    'cannot list resource "pods" in API group "metrics.k8s.io"',
  );
  expect(await line('kubectl api-resources --api-group=metrics.k8s.io --no-headers')).toMatch(
    /^nodes +metrics.k8s.io\/v1beta1 +false +NodeMetrics\npods +metrics.k8s.io\/v1beta1 +true +PodMetrics\n$/,
  );

  await line('kubectl scale deployment metrics-server -n kube-system --replicas=0');
  await wait(5);
  expect(await line('kubectl get apiservice v1beta1.metrics.k8s.io --no-headers')).toMatch(
    /False \(MissingEndpoints\)/,
  );
});

test('an autoscaler gives a busy server more replicas, and takes them back five minutes after the load has gone', async () => {
  const { session, line } = await recordedSession();
  const wait = (seconds: number): Promise<void> => session.driver.runFor(seconds * 1000);
  const autoscaler = async (): Promise<string> => (await line('kubectl get hpa --no-headers')).replace(/ +/g, ' ');
  await line(here(trusting));
  await line(here(phpApache));
  await line('kubectl autoscale deployment php-apache --cpu=50% --min=1 --max=10');
  expect(await autoscaler()).toContain('cpu: <unknown>/50% 1 10 0');
  await wait(80);
  expect(await autoscaler()).toContain('cpu: 0%/50% 1 10 1');
  await line(
    'kubectl run load-generator --image=busybox:1.28 --restart=Never -- /bin/sh -c "while sleep 0.01; do wget -q -O- http://php-apache; done"',
  );
  await wait(45);
  expect(await autoscaler()).toMatch(/cpu: (19|2\d)\d%\/50% 1 10 [34]/);
  await wait(90);
  expect(await autoscaler()).toMatch(/cpu: (4[5-9]|5[0-5])%\/50% 1 10 7/);
  expect(await line('kubectl get events')).toContain(
    'New size: 4; reason: cpu resource utilization (percentage of request) above target',
  );
  await line('kubectl delete pod load-generator --now');
  await wait(240);
  expect(await autoscaler()).toContain('cpu: 0%/50% 1 10 7');
  expect(await line('kubectl describe hpa')).toContain('ScaleDownStabilized');
  await wait(120);
  expect(await autoscaler()).toContain('cpu: 0%/50% 1 10 1');
});
