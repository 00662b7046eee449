// The proxy subresources over real HTTP: pods, services and kubelets behind the API server.
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
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

/** An API server behind the proxy of one: what it streams comes through. */
const behind = `${namespace}/pods/https:host:6443/proxy`;

test('what is behind a proxy is passed on as it comes, and upgrades to it as they are', async () => {
  await run(served, 'create clusterrolebinding anybody --clusterrole=cluster-admin --user=system:anonymous');
  const place = `--overrides={"spec":{"hostNetwork":true,"nodeName":"control-plane"}}`;
  await run(served, `run host --image=busybox '${place}' --command -- sleep 1000`);
  await run(served, 'wait --for=condition=Ready pod/host --timeout=60s');
  const reply = await fetch(`${served.url}${behind}${namespace}/pods?watch=1`);
  const first = await reply.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toMatch(/^\{"type":"ADDED","object":\{"kind":"Pod","apiVersion":"v1"/);
  const command = 'command=sh&command=-c&command=echo%20out%3B%20exit%203&stdout=1';
  expect(await messages(`${behind}${namespace}/pods/web/exec?${command}`, ['v5.channel.k8s.io'])).toEqual([
    'v5.channel.k8s.io',
    '\x01out\n',
    expect.stringContaining('exit status 3'),
  ]);
  expect(await messages(`${namespace}/pods/web:81/proxy/`)).toEqual([
    expect.stringMatching(/^503 .*connection refused/),
  ]);
});

test('pages get watches and logs over a WebSocket, others are refused', async () => {
  const watch = `${namespace}/pods?watch=1&timeoutSeconds=5&fieldSelector=metadata.name=web`;
  const seen = await messages(watch, [], { origin: 'http://page.example' });
  expect(seen.map((text) => text.slice(0, 40))).toEqual(['', '{"type":"ADDED","object":{"kind":"Pod","']);
  expect(await messages(watch)).toEqual(['403 ']);
  const log = `${namespace}/pods/web/log?limitBytes=12`;
  expect(await messages(log, ['base64.binary.k8s.io'], { origin: 'http://page.example' })).toEqual([
    'base64.binary.k8s.io',
    Buffer.from('/docker-entr').toString('base64'),
  ]);
  expect(await messages(`${namespace}/pods/none/log`)).toEqual([expect.stringMatching(/^404 .*not found/)]);
});

/** The protocol that was chosen and what comes then; or how the WebSocket was refused. */
function messages(path: string, protocols: string[] = [], options: { origin?: string } = {}): Promise<string[]> {
  const socket = new WebSocket(served.url.replace('http', 'ws') + path, protocols, options);
  const seen: string[] = [];
  return new Promise((resolve) => {
    socket.on('open', () => seen.push(socket.protocol));
    socket.on('message', (data) => {
      const message = String(data);
      if (message.length > 1) seen.push(message); // channels begin with an empty one
    });
    socket.on('unexpected-response', async (_, reply) => resolve([`${reply.statusCode} ${await text(reply)}`]));
    socket.on('close', () => resolve(seen));
    socket.on('error', () => {});
  });
}

test('who asks for a protocol that nobody speaks is answered in the one that it came with', async () => {
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'content-type': 'application/json' };
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${served.url}${namespace}/configmaps`, { method: 'POST', headers }, resolve)
      .once('error', reject)
      .end(JSON.stringify({ metadata: { name: 'plain' }, data: { text: 'x'.repeat(100_000) } }));
  });
  expect(reply.statusCode).toBe(201);
  expect(JSON.parse(await text(reply)).data.text).toHaveLength(100_000);
});
