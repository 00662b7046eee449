// Dialing on the simulated network: who answers, what a client hears when nobody does, and how long that takes.
import { describe, expect, test } from 'vitest';
import type { NetworkHost } from '../../api/network.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { httpGet } from '../../base/http.ts';
import { Simulation } from '../sim/simulation.ts';
import { createNetwork } from './network.ts';
import type { NodeProxy } from './route.ts';

function world() {
  const simulation = new Simulation({ seed: 1, startsAt: 0 });
  const network = createNetwork(simulation.root.child('network'));
  const learner = network.attach({ id: 'learner', ips: ['172.18.0.1'], node: undefined });
  const [one, two] = [1, 2].map((i) =>
    network.attach({ id: `node/worker-${i}`, ips: [`172.18.0.${i + 2}`], node: `worker-${i}` }),
  );
  const pod = (id: string, ip: string, node: string): NetworkHost =>
    network.attach({
      id: `pod/${id}`,
      ips: [ip],
      node,
      dns: { servers: ['10.96.0.10'], searches: ['default.svc.cluster.local', 'svc.cluster.local'], ndots: 5 },
    });
  /** What becomes of a connection, and after how many whole milliseconds. */
  const dial = (from: NetworkHost, host: string, port: number, timeoutMs?: number): string => {
    const began = simulation.now;
    let outcome = '';
    from.dial(
      { host, port, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
      {
        connected: (socket) => {
          socket.onData((bytes) => {
            outcome = decodeUtf8(bytes);
          });
        },
        failed: ({ message }) => {
          outcome = message;
        },
      },
    );
    simulation.runWhen(() => outcome !== '', 200_000);
    return `${outcome} after ${Math.floor(simulation.now - began)} ms`;
  };
  const greet = (host: NetworkHost, port: number): (() => void) | undefined =>
    host.listen(port, {
      accept: (socket) => socket.send(encodeUtf8(`hello ${socket.remote.ip}, this is ${host.ips[0]}:${port}`)),
    });
  return { simulation, network, learner, one, two, pod, dial, greet };
}

describe('dialing', () => {
  test('reaches a listener, by address or as localhost', () => {
    const { pod, dial, greet } = world();
    const [client, server] = [pod('a', '10.244.1.2', 'worker-1'), pod('b', '10.244.2.2', 'worker-2')];
    greet(server, 80);
    expect(dial(client, '10.244.2.2', 80)).toMatchInlineSnapshot(
      `"hello 10.244.1.2, this is 10.244.2.2:80 after 0 ms"`,
    );
    expect(dial(server, 'localhost', 80)).toMatchInlineSnapshot(`"hello 10.244.2.2, this is 10.244.2.2:80 after 0 ms"`);
  });

  test('fails as a kernel would say it', () => {
    const { pod, dial, network } = world();
    const [client, server] = [pod('a', '10.244.1.2', 'worker-1'), pod('b', '10.244.2.2', 'worker-2')];
    const text = [
      `nothing listens: ${dial(client, '10.244.2.2', 80)}`,
      `nobody there: ${dial(client, '10.244.2.99', 80)}`,
      `far away: ${dial(client, '203.0.113.7', 80)}`,
      `less patient: ${dial(client, '203.0.113.7', 80, 1000)}`,
      `no such name: ${dial(client, 'nowhere', 80)}`,
    ];
    network.cut('worker-2', true);
    text.push(`cut off: ${dial(client, '10.244.2.2', 80, 5000)}`);
    network.cut('worker-2', false);
    server.close();
    text.push(`gone: ${dial(client, '10.244.2.2', 80, 500)}`);
    expect(text.join('\n')).toMatchInlineSnapshot(`
      "nothing listens: connect: connection refused after 0 ms
      nobody there: connect: no route to host after 3000 ms
      far away: connect: connection timed out after 130000 ms
      less patient: i/o timeout after 1000 ms
      no such name: lookup nowhere on 10.96.0.10:53: i/o timeout after 10000 ms
      cut off: i/o timeout after 5000 ms
      gone: i/o timeout after 500 ms"
    `);
  });

  test('a port is taken once, and free again after its listener has stopped', () => {
    const { pod, greet } = world();
    const host = pod('a', '10.244.1.2', 'worker-1');
    const stop = greet(host, 80);
    expect(greet(host, 80)).toBeUndefined();
    stop?.();
    expect(greet(host, 80)).toBeDefined();
  });

  test('the outside answers HTTP', () => {
    const { simulation, learner } = world();
    let body = '';
    httpGet(
      learner,
      { host: 'example.com', port: 80 },
      {
        response: (response) => {
          body = decodeUtf8(response.body);
        },
        failed: (message) => {
          body = message;
        },
      },
    );
    simulation.runFor(1000);
    expect(body).toContain('<title>Example Domain</title>');
  });

  test('a connection ends on both sides when one host goes away', () => {
    const { simulation, pod } = world();
    const [client, server] = [pod('a', '10.244.1.2', 'worker-1'), pod('b', '10.244.2.2', 'worker-2')];
    const heard: string[] = [];
    server.listen(80, { accept: (socket) => socket.onClose(() => heard.push('server side closed')) });
    client.dial(
      { host: '10.244.2.2', port: 80 },
      {
        connected: (socket) => socket.onClose(() => heard.push('client side closed')),
        failed: ({ message }) => heard.push(message),
      },
    );
    simulation.runFor(100);
    server.close();
    simulation.runFor(100);
    expect(heard).toEqual(['server side closed', 'client side closed']);
  });
});

describe('services on the way', () => {
  const web = { service: 'shop/web', endpoints: 1 };
  const rules: NodeProxy = {
    route: ({ ip, port }) =>
      ip === '10.96.0.7' && port === 80
        ? { kind: 'to', ip: '10.244.2.2', port: 8080, masquerade: false, ...web }
        : ip === '10.96.0.8'
          ? { kind: 'reject', service: 'shop/web' }
          : ip === '10.96.0.9'
            ? { kind: 'drop', service: 'shop/web' }
            : ip === '203.0.113.50'
              ? { kind: 'to', ip: '10.244.2.2', port: 8080, masquerade: true, ...web }
              : undefined,
    routeNodePort: ({ port }) =>
      port === 30080 ? { kind: 'to', ip: '10.244.2.2', port: 8080, masquerade: true, ...web } : undefined,
    serves: (ip) => ip === '203.0.113.50',
  };

  test('a cluster address, a node port and a load balancer lead to an endpoint', () => {
    const { network, learner, pod, dial, greet } = world();
    for (const node of ['worker-1', 'worker-2']) network.setProxy(node, rules);
    const [client, server] = [pod('a', '10.244.1.2', 'worker-1'), pod('b', '10.244.2.2', 'worker-2')];
    greet(server, 8080);
    const text = [
      `cluster address: ${dial(client, '10.96.0.7', 80)}`,
      `no endpoints: ${dial(client, '10.96.0.8', 80)}`,
      `local policy, no endpoint here: ${dial(client, '10.96.0.9', 80, 2000)}`,
      `node port: ${dial(learner, '172.18.0.3', 30080)}`,
      `node port from a pod: ${dial(client, '172.18.0.4', 30080)}`,
      `no such node port: ${dial(learner, '172.18.0.3', 30081)}`,
      `load balancer: ${dial(learner, '203.0.113.50', 80)}`,
      `cluster address from outside: ${dial(learner, '10.96.0.7', 80)}`,
      `pod from outside: ${dial(learner, '10.244.2.2', 8080)}`,
      `missing neighbour of the learner: ${dial(learner, '172.18.0.77', 80)}`,
    ];
    expect(text.join('\n')).toMatchInlineSnapshot(`
      "cluster address: hello 10.244.1.2, this is 10.244.2.2:8080 after 0 ms
      no endpoints: connect: connection refused after 0 ms
      local policy, no endpoint here: i/o timeout after 2000 ms
      node port: hello 172.18.0.3, this is 10.244.2.2:8080 after 0 ms
      node port from a pod: hello 172.18.0.4, this is 10.244.2.2:8080 after 0 ms
      no such node port: connect: connection refused after 0 ms
      load balancer: hello 172.18.0.3, this is 10.244.2.2:8080 after 0 ms
      cluster address from outside: connect: connection timed out after 130000 ms
      pod from outside: connect: connection timed out after 130000 ms
      missing neighbour of the learner: connect: no route to host after 2999 ms"
    `);
  });

  test('policies drop what they do not allow', () => {
    const { network, pod, dial, greet } = world();
    const [client, server] = [pod('a', '10.244.1.2', 'worker-1'), pod('b', '10.244.2.2', 'worker-2')];
    greet(server, 80);
    greet(server, 81);
    network.setFilter('worker-2', {
      blockedBy: ({ direction, port }) => (direction === 'egress' || port === 81 ? undefined : ['shop/web']),
    });
    expect([dial(client, '10.244.2.2', 80, 1000), dial(client, '10.244.2.2', 81)]).toMatchInlineSnapshot(`
      [
        "i/o timeout after 1000 ms",
        "hello 10.244.1.2, this is 10.244.2.2:81 after 0 ms",
      ]
    `);
  });

  test('names are looked up under the search domains', () => {
    const { network, pod, dial, greet } = world();
    const [client, server] = [pod('a', '10.244.1.2', 'worker-1'), pod('b', '10.244.2.2', 'worker-2')];
    greet(server, 80);
    const asked: string[] = [];
    network.serveNames('10.96.0.10', {
      lookup: (name) => {
        asked.push(name);
        return name === 'web.shop.svc.cluster.local' ? ['10.244.2.2'] : undefined;
      },
    });
    expect([dial(client, 'web.shop', 80), ...asked]).toMatchInlineSnapshot(`
      [
        "hello 10.244.1.2, this is 10.244.2.2:80 after 1 ms",
        "web.shop.default.svc.cluster.local",
        "web.shop.svc.cluster.local",
      ]
    `);
  });
});
