// The API alone: create, get, list and watch of pods that no node runs, ours and the rival's in one run. Ours go through
// the HTTP edge, bodies and answers as text; the rival's through its own client.
import process from 'node:process';
import { Cluster } from '@ngrok/webernetes';
import type { KubeBody, KubeRequest } from '../../src/api/ports.ts';
import { loadLateCode } from '../../src/base/late.ts';
import { createApiServer } from '../../src/engine/apiserver/api-server.ts';
import { EtcdStore } from '../../src/engine/etcd/store.ts';
import { Simulation } from '../../src/engine/sim/simulation.ts';
import { cpuMs } from './rival.ts';

await loadLateCode();

interface Costs {
  /** CPU milliseconds for each object created, read, or listed, and for each event delivered. */
  readonly create: number;
  readonly get: number;
  readonly list: number;
  readonly event: number;
}

interface Amounts {
  readonly pods: number;
  readonly lists: number;
  readonly watchers: number;
  readonly changes: number;
}

function pod(i: number, change = '') {
  const containers = [{ name: 'c', image: 'registry.k8s.io/pause:3.9' }];
  const labels = { app: 'bench', change };
  const metadata = { name: `pod-${i}`, namespace: 'default', labels };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'nowhere', containers } };
}

const path = '/api/v1/namespaces/default/pods';

function ours({ pods, lists, watchers, changes }: Amounts): Costs {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const store = new EtcdStore();
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store });
  let bytes = 0;
  const take = (piece: KubeBody): void => {
    bytes += piece.kind === 'json' ? JSON.stringify(piece.value).length : 0;
  };
  const ask = (request: KubeRequest): void => {
    api.http(request, { head() {}, body: take, end() {} });
  };
  const send = (method: 'POST' | 'PATCH', to: string, value: object, type = 'application/json'): void =>
    ask({ method, path: to, headers: { 'content-type': type }, body: { kind: 'text', text: JSON.stringify(value) } });
  send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const create = each(pods, (i) => send('POST', path, pod(i)));
  const get = each(pods, (i) => ask({ method: 'GET', path: `${path}/pod-${i}` }));
  const list = each(lists, () => ask({ method: 'GET', path })) / pods;
  let events = 0;
  for (let i = 0; i < watchers; i++) {
    const sink = { head() {}, body: () => void events++, end() {} };
    api.http({ method: 'GET', path: `${path}?watch=1&resourceVersion=${store.revision}` }, sink);
  }
  const patchType = 'application/merge-patch+json';
  const change = each(changes, (i) => {
    send('PATCH', `${path}/pod-${i}`, { metadata: { labels: { change: 'x' } } }, patchType);
    simulation.runFor(1);
  });
  if (bytes === 0 || events < watchers * changes) throw new Error(`${events} events`);
  return { create, get, list, event: change / watchers };
}

async function theirs({ pods, lists, watchers, changes }: Amounts): Promise<Costs> {
  const cluster = new Cluster({ nodes: 1 });
  await cluster.init();
  const { corev1 } = cluster.api;
  const namespace = 'default';
  const create = await eachAsync(pods, (i) => corev1.createNamespacedPod({ namespace, body: pod(i) }));
  const get = await eachAsync(pods, (i) => corev1.readNamespacedPod({ namespace, name: `pod-${i}` }));
  const list = (await eachAsync(lists, () => corev1.listNamespacedPod({ namespace }))) / pods;
  let events = 0;
  for (let i = 0; i < watchers; i++) cluster.informer('pods', () => events++);
  const settle = () => new Promise((resolve) => setTimeout(resolve, 10));
  for (let i = 0; i < 500 && events < watchers * pods; i++) await settle();
  events = 0;
  const change = await eachAsync(changes, async (i) => {
    await corev1.replaceNamespacedPod({ namespace, name: `pod-${i}`, body: pod(i, 'x') });
    while (events < watchers * (i + 1)) await settle();
  });
  await cluster.close();
  return { create, get, list, event: change / watchers };
}

function each(count: number, run: (i: number) => void): number {
  const before = cpuMs();
  for (let i = 0; i < count; i++) run(i);
  return (cpuMs() - before) / count;
}

async function eachAsync(count: number, run: (i: number) => Promise<unknown>): Promise<number> {
  const before = cpuMs();
  for (let i = 0; i < count; i++) await run(i);
  return (cpuMs() - before) / count;
}

const micros = (ms: number): string => `${(ms * 1000).toFixed(ms < 0.01 ? 2 : 0)} µs`;
const amounts: Amounts = { pods: 10_000, lists: 10, watchers: 100, changes: 200 };
ours({ ...amounts, pods: 2000 }); // warms the process up
const own = ours(amounts);
const rival = process.argv.includes('--ours')
  ? undefined
  : await theirs({ pods: 1000, lists: 5, watchers: 20, changes: 20 });
for (const [what, key] of [
  ['create a pod', 'create'],
  ['get a pod', 'get'],
  ['list, for each of 10,000 pods', 'list'],
  ['watch, for each event of 100 watchers', 'event'],
] as const) {
  const compared = rival && `, @ngrok/webernetes ${micros(rival[key])}, ratio ${(rival[key] / own[key]).toFixed(1)}`;
  console.log(`${what}: ours ${micros(own[key])} CPU${compared ?? ''}`);
}
process.exit(0);
