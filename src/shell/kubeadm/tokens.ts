// kubeadm token: bootstrap tokens, which are Secrets of kube-system.
import { sha256 } from '@noble/hashes/sha2.js';
import type { KubePort, KubeReply } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { humanDuration } from '../../base/human-duration.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { decodePem } from '../../base/pem.ts';
import { alignTabs } from '../../base/tab-writer.ts';
import { formatTime } from '../../base/time.ts';
import { readCertificate } from '../../base/x509.ts';
import { type KubeadmCall, KubeadmError } from './kubeadm-call.ts';

const path = '/api/v1/namespaces/kube-system/secrets';
const dayMs = 86_400_000;
const defaultGroups = 'system:bootstrappers:kubeadm:default-node-token';
const letters = '0123456789abcdefghijklmnopqrstuvwxyz';

export async function createToken(call: KubeadmCall): Promise<number> {
  const { process } = call;
  const token = call.operands[0] ?? randomToken(call);
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
  if (id === undefined || secret === undefined)
    throw new KubeadmError(
      `the bootstrap token ${JSON.stringify(token)} was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
    );
  const ttl = call.option('ttl') ?? '24h0m0s';
  const ttlMs = ttl === '0' ? 0 : readGoDuration(ttl);
  if (ttlMs === undefined) throw new KubeadmError(`invalid argument ${JSON.stringify(ttl)} for "--ttl" flag`);
  const usages = (call.option('usages') ?? 'signing,authentication').split(',');
  const data: Record<string, string> = {
    'token-id': id,
    'token-secret': secret,
    'auth-extra-groups': call.option('groups') ?? defaultGroups,
    ...(ttlMs > 0 && { expiration: formatTime(process.clock.now() + ttlMs) }),
    ...(call.option('description') && { description: call.option('description') ?? '' }),
    ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
  };
  const encoded = Object.entries(data).map(([name, value]) => [name, encodeBase64(encodeUtf8(value))] as const);
  const kube = call.kube();
  await ask(kube, 'POST', path, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(encoded),
  });
  const join = call.has('print-join-command');
  await process.stdout.write(join ? `${joinCommand(call, kube, token)}\n` : `${token}\n`);
  return 0;
}

export async function listTokens(call: KubeadmCall): Promise<number> {
  const list = await ask(call.kube(), 'GET', `${path}?fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken`);
  const items = isObject(list) && isList(list.items) ? list.items.filter(isObject) : [];
  const now = call.process.clock.now();
  const rows = items.map(({ data }) => {
    const field = (name: string): string => decoded(isObject(data) ? data[name] : undefined);
    const expiration = field('expiration');
    const left = Date.parse(expiration) - now;
    const ttl = expiration === '' ? '<forever>' : left < 0 ? '<invalid>' : shortDuration(left);
    const usages = ['authentication', 'signing']
      .filter((usage) => field(`usage-bootstrap-${usage}`) === 'true')
      .join(',');
    return [
      `${field('token-id')}.${field('token-secret')}`,
      ttl,
      expiration || '<never>',
      usages || '<none>',
      field('description') || '<none>',
      field('auth-extra-groups') || '<none>',
    ];
  });
  if (rows.length === 0) return 0;
  const head = ['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'];
  const lines = [head, ...rows].map((row) => `${row.join('\t')}\n`).join('');
  await call.process.stdout.write(alignTabs(lines, { minWidth: 10, padding: 3 }));
  return 0;
}

export async function deleteToken(call: KubeadmCall): Promise<number> {
  if (call.operands.length === 0)
    throw new KubeadmError(
      'missing argument; \'token delete\' is missing token of form ["^\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z$"]',
    );
  for (const token of call.operands) {
    const [id = ''] = token.split('.');
    await ask(call.kube(), 'DELETE', `${path}/bootstrap-token-${id}`);
    await call.process.stdout.write(`bootstrap token ${JSON.stringify(id)} deleted\n`);
  }
  return 0;
}

export async function generateToken(call: KubeadmCall): Promise<number> {
  await call.process.stdout.write(`${randomToken(call)}\n`);
  return 0;
}

/** Follows from the machine, the moment and the process. */
function randomToken({ process }: KubeadmCall): string {
  const bytes = sha256(encodeUtf8(`${process.machine.id}/${process.clock.now()}/${process.pid}`));
  const digits = [...bytes].map((byte) => letters.charAt(byte % letters.length)).join('');
  return `${digits.slice(0, 6)}.${digits.slice(6, 22)}`;
}

function joinCommand({ process }: KubeadmCall, kube: KubePort, token: string): string {
  const { files } = process.machine;
  const place = ['/etc/kubernetes/pki/ca.crt', '/var/lib/minikube/certs/ca.crt'].find((each) => files.exists(each));
  const certificate = place === undefined ? undefined : decodePem('CERTIFICATE', files.readText(place));
  if (!certificate) throw new KubeadmError('failed to load root CA certificate');
  const hash = [...sha256(readCertificate(certificate).publicKey)].map((byte) => byte.toString(16).padStart(2, '0'));
  const server = kube.server.replace(/^https?:\/\//, '');
  return `kubeadm join ${server} --token ${token} --discovery-token-ca-cert-hash sha256:${hash.join('')} `;
}

async function ask(
  kube: KubePort,
  method: 'GET' | 'POST' | 'DELETE',
  target: string,
  body?: JsonObject,
): Promise<JsonValue> {
  let reply: KubeReply;
  try {
    const content = { 'content-type': 'application/json', accept: 'application/json' };
    reply = await kube.request({
      method,
      path: target,
      headers: content,
      ...(body && { body: { kind: 'json', value: body } as const }),
    });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new KubeadmError(`failed to reach the cluster: ${error.message}`);
  }
  const value = reply.body.kind === 'json' ? reply.body.value : null;
  if (reply.status < 300) return value;
  throw new KubeadmError(isObject(value) ? String(value.message) : `the server answered ${reply.status}`);
}

function decoded(value: JsonValue | undefined): string {
  return typeof value === 'string' ? decodeUtf8(decodeBase64(value) ?? new Uint8Array()) : '';
}

/** One unit alone, as `duration.ShortHumanDuration` words it. */
export function shortDuration(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 24 * 365) return `${Math.floor(hours / 24 / 365)}y`;
  if (hours >= 24) return `${Math.floor(ms / dayMs)}d`;
  if (hours >= 1) return `${hours}h`;
  return ms >= 60_000 ? `${Math.floor(ms / 60_000)}m` : humanDuration(ms);
}
