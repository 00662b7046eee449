// Which endpoint a node's rules choose for a service's address, and which names DNS answers, from objects alone.
import { describe, expect, test } from 'vitest';
import type { EndpointSlice, Namespace, Service } from '../../api/generated/types.ts';
import { keyOf, Store } from '../client/store.ts';
import { Simulation } from '../sim/simulation.ts';
import { clusterNames } from './dns.ts';
import type { Dialed } from './route.ts';
import { indexForRules, ServiceRules } from './service-rules.ts';

type Where = readonly [
  ip: string,
  node: string,
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean },
];

function given(spec: Service['spec'], endpoints: readonly Where[], status: Service['status'] = {}) {
  const services = new Store<Service>();
  const slices = new Store<EndpointSlice>();
  const namespaces = new Store<Namespace>();
  indexForRules(services, slices);
  const service: Service = { metadata: { name: 'web', namespace: 'shop' }, spec, status };
  services.set(keyOf(service), service);
  namespaces.set('shop', { metadata: { name: 'shop' } });
  slices.set('shop/web-1', {
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: endpoints.map(([ip, nodeName, conditions = { ready: true }], i) => ({
      addresses: [ip],
      nodeName,
      hostname: `web-${i}`,
      conditions,
    })),
  });
  const { root } = new Simulation({ seed: 1, startsAt: 0 });
  const rules = new ServiceRules(root, 'worker-1', services, slices);
  const dialed = (ip: string, port: number, fromCluster: boolean): Dialed => ({
    ip,
    port,
    protocol: 'TCP',
    sourceIp: '10.244.1.9',
    fromCluster,
  });
  const text = (route: ReturnType<ServiceRules['route']>): string =>
    !route
      ? 'not ours'
      : route.kind === 'to'
        ? `${route.ip}:${route.port}${route.masquerade ? ' as node' : ''}`
        : route.kind;
  return {
    inside: (ip: string, port = 80) => text(rules.route(dialed(ip, port, true))),
    outside: (ip: string, port = 80) => text(rules.route(dialed(ip, port, false))),
    nodePort: (port: number) => text(rules.routeNodePort(dialed('172.18.0.3', port, false))),
    serves: (ip: string, port = 80) => rules.serves(ip, port),
    names: clusterNames({ services, slices, namespaces }),
  };
}

const ports = [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP', nodePort: 30080 }];
const here: Where = ['10.244.1.2', 'worker-1'];
const there: Where = ['10.244.2.2', 'worker-2'];

describe('rules', () => {
  test('choose among ready endpoints by chance', () => {
    const { inside } = given({ clusterIP: '10.96.0.7', ports }, [here, there]);
    expect(new Set(Array.from({ length: 20 }, () => inside('10.96.0.7')))).toEqual(
      new Set(['10.244.1.2:8080', '10.244.2.2:8080']),
    );
    expect([inside('10.96.0.7', 81), inside('10.96.0.8')]).toEqual(['not ours', 'not ours']);
  });

  test('reject without endpoints, and use those that still serve when none is ready', () => {
    expect(given({ clusterIP: '10.96.0.7', ports }, []).inside('10.96.0.7')).toBe('reject');
    const draining: Where = ['10.244.1.2', 'worker-1', { ready: false, serving: true, terminating: true }];
    const starting: Where = ['10.244.1.3', 'worker-1', { ready: false, serving: false }];
    expect(given({ clusterIP: '10.96.0.7', ports }, [draining, starting]).inside('10.96.0.7')).toBe('10.244.1.2:8080');
  });

  test('a client with affinity stays with its endpoint', () => {
    const { inside } = given({ clusterIP: '10.96.0.7', ports, sessionAffinity: 'ClientIP' }, [here, there]);
    expect(new Set(Array.from({ length: 20 }, () => inside('10.96.0.7'))).size).toBe(1);
  });

  test.each([
    ['internal Local with one here', { internalTrafficPolicy: 'Local' }, [here, there], '10.244.1.2:8080'],
    ['internal Local with none here', { internalTrafficPolicy: 'Local' }, [there], 'drop'],
  ])('%s', (_what, policy, endpoints, expected) => {
    expect(given({ clusterIP: '10.96.0.7', ports, ...policy }, endpoints).inside('10.96.0.7')).toBe(expected);
  });

  test('node ports and load balancers hide the client unless their policy is Local', () => {
    const status = { loadBalancer: { ingress: [{ ip: '203.0.113.50' }] } };
    const cluster = given({ clusterIP: '10.96.0.7', type: 'LoadBalancer', ports }, [there], status);
    const local = given(
      { clusterIP: '10.96.0.7', type: 'LoadBalancer', ports, externalTrafficPolicy: 'Local' },
      [there],
      status,
    );
    expect([cluster.nodePort(30080), cluster.outside('203.0.113.50'), cluster.serves('203.0.113.50')]).toEqual([
      '10.244.2.2:8080 as node',
      '10.244.2.2:8080 as node',
      true,
    ]);
    expect([local.nodePort(30080), local.inside('203.0.113.50'), local.serves('203.0.113.50')]).toEqual([
      'drop',
      '10.244.2.2:8080',
      false,
    ]);
  });
});

describe('names', () => {
  test('of a service, of a headless one and its endpoints, of pods', () => {
    const plain = given({ clusterIP: '10.96.0.7', ports }, [here]).names;
    const headless = given({ clusterIP: 'None', ports }, [here, there]).names;
    const ask = (names: typeof plain, name: string): string =>
      `${name}: ${names.lookup(name)?.join(' ') ?? 'NXDOMAIN'}`;
    expect(
      [
        ask(plain, 'web.shop.svc.cluster.local'),
        ask(plain, 'web-0.web.shop.svc.cluster.local'),
        ask(plain, 'web.other.svc.cluster.local'),
        ask(headless, 'web.shop.svc.cluster.local'),
        ask(headless, 'web-1.web.shop.svc.cluster.local'),
        ask(headless, 'web-9.web.shop.svc.cluster.local'),
        ask(plain, '10-244-1-2.shop.pod.cluster.local'),
        ask(plain, '10-244-1-2.nowhere.pod.cluster.local'),
        ask(plain, 'example.com'),
      ].join('\n'),
    ).toMatchInlineSnapshot(`
      "web.shop.svc.cluster.local: 10.96.0.7
      web-0.web.shop.svc.cluster.local: NXDOMAIN
      web.other.svc.cluster.local: NXDOMAIN
      web.shop.svc.cluster.local: 10.244.1.2 10.244.2.2
      web-1.web.shop.svc.cluster.local: 10.244.2.2
      web-9.web.shop.svc.cluster.local: NXDOMAIN
      10-244-1-2.shop.pod.cluster.local: 10.244.1.2
      10-244-1-2.nowhere.pod.cluster.local: NXDOMAIN
      example.com: 93.184.215.14"
    `);
  });

  test('external names lead on', () => {
    const { names } = given({ type: 'ExternalName', externalName: 'example.com' }, []);
    expect(names.lookup('web.shop.svc.cluster.local')).toEqual(['93.184.215.14']);
  });
});
