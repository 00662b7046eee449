// The proxy subresources over real HTTP: pods, services and kubelets behind the API server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './support/real-kubectl.ts';
import { type Served, serve } from './support/serve.ts';

const namespace = '/api/v1/namespaces/default';

let served: Served;
beforeAll(async () => {
  served = await serve('--speed', '20');
  await run(served, 'run web --image=nginx --port=80 --expose');
  await run(served, 'wait --for=condition=Ready pod/web --timeout=60s');
});
afterAll(() => served.stop());

async function get(path: string, method = 'GET'): Promise<string> {
  const reply = await fetch(`${served.url}${path}`, { redirect: 'manual', method });
  const body = await reply.text();
  const shown =
    body.startsWith('{') && !reply.ok ? JSON.parse(body).message : (/<title>.*<\/title>/.exec(body)?.[0] ?? body);
  return [reply.status, reply.headers.get('location'), shown].filter(Boolean).join(' ').trim();
}

const welcome = '200 <title>Welcome to nginx!</title>';

test.each([
  // Pods: the first port, one by number, none that listens.
  [`${namespace}/pods/web/proxy/`, welcome],
  [`${namespace}/pods/http:web:80/proxy/index.html`, welcome],
  [`${namespace}/pods/web/proxy`, `301 ${namespace}/pods/web/proxy/`],
  [`${namespace}/pods/web/proxy/nowhere`, '404 <title>404 Not Found</title>'],
  [
    `${namespace}/pods/https:web:80/proxy/`,
    '503 error trying to reach service: http: server gave HTTP response to HTTPS client',
  ],
  [`${namespace}/pods/none/proxy/`, '404 pods "none" not found'],
  [`${namespace}/pods/ftp:web:80/proxy/`, '400 invalid pod request "ftp:web:80"'],
  // Services: their ports by number or name, endpoints that are pods.
  [`${namespace}/services/web/proxy/`, welcome],
  [`${namespace}/services/web:80/proxy/`, welcome],
  [`${namespace}/services/web:81/proxy/`, '503 no service port 81 found for service "web"'],
  [`${namespace}/services/web:http/proxy/`, '503 no endpoints available for service "web:http"'],
  [`${namespace}/services/kubernetes/proxy/`, '503 no endpoints available for service "kubernetes"'],
  // Nodes: what their kubelets answer.
  ['/api/v1/nodes/worker-1/proxy/healthz', '200 ok'],
  ['/api/v1/nodes/worker-1:10250/proxy/healthz/ping', '200 ok'],
  ['/api/v1/nodes/worker-1/proxy/nowhere', '404 404 page not found'],
  ['/api/v1/nodes/none/proxy/healthz', '404 nodes "none" not found'],
])('%s', async (path, answer) => {
  expect(await get(path)).toBe(answer);
});

test('a port that nothing listens on refuses the connection', async () => {
  expect(await get(`${namespace}/pods/web:81/proxy/`)).toMatch(
    /^503 error trying to reach service: dial tcp 10\.244\.\d\.\d+:81: connect: connection refused$/,
  );
});

test('other methods reach the pod as well', async () => {
  expect(await get(`${namespace}/pods/web/proxy/`, 'POST')).toBe('405 <title>405 Not Allowed</title>');
});
