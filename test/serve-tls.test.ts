// `tabernetes serve --tls-port`: who somebody is, over HTTPS, for the real kubectl and for whoever comes without it.

import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, transcript } from './support/real-kubectl.ts';
import { root, type Served, serve } from './support/serve.ts';

/** Made with openssl for a hundred years: two authorities, `eve` signed by the first, and `bob`'s request. */
const certificates = join(root, 'test/support/certificates');

let served: Served;
let place: Place;
beforeAll(async () => {
  served = await serve('--tls-port', '0', '--token-auth-file', tokenFile());
  place = placeOf(served);
});
afterAll(() => served.stop());

interface Place {
  readonly server: string;
  readonly authority: Buffer;
}

function placeOf({ kubeconfig }: Served): Place {
  const words = readFileSync(kubeconfig, 'utf8');
  const authority = /certificate-authority-data: (\S+)/.exec(words)?.[1] ?? '';
  return { server: /server: (\S+)/.exec(words)?.[1] ?? '', authority: Buffer.from(authority, 'base64') };
}

function tokenFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tokens-')), 'tokens.csv');
  writeFileSync(path, 'sesame,ali,1,"thieves,readers"\n');
  return path;
}

/** What a client without kubectl gets: code and message or body. */
async function get(path: string, headers: Record<string, string> = {}, { server, authority } = place): Promise<string> {
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${server}${path}`, { ca: authority, headers }, resolve).once('error', reject).end();
  });
  const body = await text(reply);
  const { message } = body.startsWith('{') ? JSON.parse(body) : { message: undefined };
  return `${reply.statusCode} ${message ?? body}`;
}

test('the kubeconfig that is written leads there with a certificate of the administrator', async () => {
  expect(place.server).toMatch(/^https:/);
  expect(await run(served, `auth whoami -o jsonpath='{.status.userInfo.username} {.status.userInfo.groups}'`)).toBe(
    'kubernetes-admin ["kubeadm:cluster-admins","system:authenticated"]',
  );
});

test('clients that speak HTTP/2 are answered so, many at a time on one connection', async () => {
  const session = connect(place.server, { ca: place.authority });
  const get2 = async (path: string, headers: Record<string, string | string[]> = {}): Promise<string> => {
    const stream = session.request({ ':path': path, authorization: 'Bearer sesame', ...headers });
    const [[head], body] = await Promise.all([once(stream, 'response'), text(stream)]);
    const own = /^(audit-id|date|x-kubernetes-pf-.*)$/;
    const names = Object.keys(head).filter((name) => !own.test(name));
    return `${head[':status']} ${names.slice(1).join(' ')}: ${body}`;
  };
  try {
    const [version, health, refusal] = await Promise.all([
      get2('/version', { accept: 'application/json' }),
      get2('/healthz'),
      get2('/healthz', { 'impersonate-user': 'x', 'impersonate-group': ['a', 'b'] }),
    ]);
    expect(version).toMatch(/^200 cache-control content-type content-length: \{\n {2}"major": "1",/);
    expect(health).toBe('200 cache-control content-type x-content-type-options content-length: ok');
    expect(JSON.parse(refusal.replace(/^[^{]*/, '')).message).toBe(
      'forbidden: User "ali" cannot impersonate-on:user-info:get path "/healthz"',
    );
  } finally {
    session.close();
  }
});

test.each([
  ['nobody in particular may look', '/livez', {}, '200 ok'],
  ['but not everywhere', '/', {}, '403 forbidden: User "system:anonymous" cannot get path "/"'],
  [
    'nor at what is stored',
    '/api/v1/nodes',
    {},
    '403 nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
  ],
  ['a wrong token is nobody at all', '/livez', { authorization: 'Bearer wrong' }, '401 Unauthorized'],
  [
    'a token of the file is known',
    '/api/v1/nodes',
    { authorization: 'Bearer sesame' },
    '403 nodes is forbidden: User "ali" cannot list resource "nodes" in API group "" at the cluster scope',
  ],
])('without a certificate %s', async (_name, path, headers, answer) => {
  expect(await get(path, headers)).toBe(answer);
});

test('nobody in particular is refused where --anonymous-auth is off', async () => {
  const other = await serve('--tls-port', '0', '--anonymous-auth=false');
  try {
    expect(await get('/livez', {}, placeOf(other))).toBe('401 Unauthorized');
    expect(await run(other, 'get --raw /livez')).toBe('ok');
  } finally {
    other.stop();
  }
});

test('a service account is known by the token that kubectl creates for it', async () => {
  const token = (await run(served, 'create token default')).trim();
  expect(await get('/api/v1/nodes', { authorization: `Bearer ${token}` })).toBe(
    '403 nodes is forbidden: User "system:serviceaccount:default:default" cannot list resource "nodes" in API group "" at the cluster scope',
  );
  expect(await get('/livez', { authorization: `Bearer ${token.slice(0, -8)}AAAAAAAA` })).toBe('401 Unauthorized');
});

test('a certificate of an authority that --client-ca-file names makes its owner known, of another does not', async () => {
  const other = await serve('--tls-port', '0', '--client-ca-file', join(certificates, 'company.crt'));
  try {
    const whoAmI = 'auth whoami -o jsonpath={.status.userInfo.username},{.status.userInfo.groups}';
    const as = (name: string): Promise<string> => {
      const file = join(certificates, name);
      return run(other, `--client-certificate=${file}.crt --client-key=${file}.key ${whoAmI}`);
    };
    expect(await as('eve')).toBe('eve,["staff","system:authenticated"]');
    expect(await as('stranger')).toBe('! error: You must be logged in to the server (Unauthorized)\nexit code 1\n');
  } finally {
    other.stop();
  }
});

test('a certificate that the cluster signs makes its owner known', async () => {
  const spec = {
    request: readFileSync(join(certificates, 'bob.csr')).toString('base64'),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
  };
  const request = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'bob' },
  };
  writeFileSync(join(served.folder, 'bob.json'), JSON.stringify({ ...request, spec }));
  await transcript(served, ['apply -f bob.json', 'certificate approve bob']);
  const issued = await run(
    served,
    `wait --for=jsonpath={.status.certificate} csr/bob -o jsonpath={.status.certificate}`,
  );
  writeFileSync(join(served.folder, 'bob.crt'), Buffer.from(issued, 'base64'));
  const key = join(certificates, 'bob.key');
  await run(served, `config set-credentials bob --client-key=${key} --client-certificate=bob.crt`);
  expect(
    await transcript(served, [
      `--user=bob auth whoami -o jsonpath='{.status.userInfo.username} {.status.userInfo.groups}'`,
      '--user=bob get pods',
    ]),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl --user=bob auth whoami -o jsonpath='{.status.userInfo.username} {.status.userInfo.groups}'
    bob ["devs","system:authenticated"]$ kubectl --user=bob get pods
    ! Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"
    exit code 1
    "
  `);
});
