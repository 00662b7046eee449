// What network policies let through, as a table: one client, one server, one policy.
import { expect, test } from 'vitest';
import type { Namespace, NetworkPolicy, Pod } from '../../api/generated/types.ts';
import { keyOf, Store } from '../client/store.ts';
import { contains, indexByUid, PolicyFilter } from './policies.ts';

const client = { ip: '10.244.1.2', namespace: 'shop', labels: { app: 'web' } };
const stranger = { ip: '10.244.1.3', namespace: 'other', labels: { app: 'web' } };
const server = { ip: '10.244.2.2', namespace: 'shop', labels: { app: 'db' } };

function filter(...specs: readonly NetworkPolicy['spec'][]): PolicyFilter {
  const policies = new Store<NetworkPolicy>();
  const pods = new Store<Pod>();
  const namespaces = new Store<Namespace>();
  indexByUid(pods);
  for (const { ip, namespace, labels } of [client, stranger, server]) {
    const container = { name: 'c', ports: [{ name: 'sql', containerPort: 5432 }] };
    const pod: Pod = {
      metadata: { name: ip, uid: ip, namespace, labels },
      spec: { containers: [container] },
      status: { podIPs: [{ ip }] },
    };
    pods.set(keyOf(pod), pod);
    namespaces.set(namespace, { metadata: { name: namespace, labels: { team: namespace } } });
  }
  for (const [i, spec] of specs.entries())
    policies.set(`shop/p${i}`, { metadata: { name: `p${i}`, namespace: 'shop' }, ...(spec ? { spec } : {}) });
  return new PolicyFilter(policies, pods, namespaces);
}

const end = ({ ip }: { readonly ip: string }) => ({ ip, pod: ip });
const toServer = (from: { readonly ip: string }, port = 5432) =>
  ({ direction: 'ingress', source: end(from), destination: end(server), port, protocol: 'TCP' }) as const;

const db = { podSelector: { matchLabels: { app: 'db' } } };

test.each<[string, NetworkPolicy['spec'] | undefined, Parameters<PolicyFilter['blockedBy']>[0], boolean]>([
  ['without a policy all is open', undefined, toServer(stranger), true],
  ['a policy for others changes nothing', { podSelector: { matchLabels: { app: 'x' } } }, toServer(stranger), true],
  ['a policy without rules closes', { ...db }, toServer(client), false],
  ['an empty rule opens for all', { ...db, ingress: [{}] }, toServer(stranger), true],
  // Peers.
  [
    'a pod selector means its own namespace',
    { ...db, ingress: [{ from: [{ podSelector: {} }] }] },
    toServer(client),
    true,
  ],
  ['and no other', { ...db, ingress: [{ from: [{ podSelector: {} }] }] }, toServer(stranger), false],
  [
    'a namespace selector means all its pods',
    { ...db, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'other' } } }] }] },
    toServer(stranger),
    true,
  ],
  [
    'both together must match',
    { ...db, ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } }] }] },
    toServer(stranger),
    false,
  ],
  [
    'a block of addresses, less its exceptions',
    { ...db, ingress: [{ from: [{ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.1.3/32'] } }] }] },
    toServer(stranger),
    false,
  ],
  // Ports.
  ['a port by number', { ...db, ingress: [{ ports: [{ port: 80 }] }] }, toServer(client, 80), true],
  ['a range of ports', { ...db, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] }, toServer(client, 91), false],
  ['a port by name', { ...db, ingress: [{ ports: [{ port: 'sql' }] }] }, toServer(client), true],
  ['another protocol', { ...db, ingress: [{ ports: [{ protocol: 'UDP' }] }] }, toServer(client), false],
  // Directions.
  [
    'egress closed',
    { podSelector: {}, policyTypes: ['Egress'] },
    { direction: 'egress', source: end(client), destination: end(server), port: 80, protocol: 'TCP' },
    false,
  ],
  ['egress alone says nothing of ingress', { podSelector: {}, policyTypes: ['Egress'] }, toServer(client), true],
])('%s', (_what, spec, packet, allowed) => {
  expect((spec ? filter(spec) : filter()).blockedBy(packet)).toEqual(allowed ? undefined : ['shop/p0']);
});

test.each([
  ['10.0.0.0/8', '10.255.1.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['0.0.0.0/0', '200.1.2.3', true],
  ['nonsense', '10.0.0.1', false],
])('%s contains %s: %s', (cidr, ip, expected) => {
  expect(contains(cidr, ip)).toBe(expected);
});
