// Custom resources whose versions a webhook converts, in a whole cluster.
import { beforeAll, describe, expect, test } from 'vitest';
import { customResourceDefinitions, deployments, secrets, services } from '../src/api/generated/resources.ts';
import type { CustomResourceDefinition } from '../src/api/generated/types.ts';
import type { KubeObject } from '../src/api/meta.ts';
import type { WatchEvent } from '../src/api/request.ts';
import type { Resource } from '../src/api/resource.ts';
import { ApiError } from '../src/api/status.ts';
import type { Work } from '../src/engine/sim/work.ts';
import { webhookCertificate } from './support/webhook-certificate.ts';
import { type EngineWorld, engineWorld } from './support/world.ts';

interface Endpoint extends KubeObject {
  readonly hostPort?: string;
  readonly host?: string;
  readonly port?: string;
}

const namespace = 'default';
const [one, two] = ['v1', 'v2'].map(
  (version): Resource<Endpoint> => ({
    group: 'stable.example.com',
    version,
    resource: 'endpoints',
    kind: 'Endpoint',
    namespaced: true,
  }),
) as [Resource<Endpoint>, Resource<Endpoint>]; // edge: two of two

const text = { type: 'string' } as const;
const definition = (service: string, caBundle?: string): CustomResourceDefinition => ({
  metadata: { name: 'endpoints.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'endpoints', kind: 'Endpoint' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { hostPort: text } } },
      },
      {
        name: 'v2',
        served: true,
        storage: false,
        schema: { openAPIV3Schema: { type: 'object', properties: { host: text, port: text } } },
      },
    ],
    conversion: {
      strategy: 'Webhook',
      webhook: {
        clientConfig: { service: { name: service, namespace, path: '/crdconvert' }, ...(caBundle && { caBundle }) },
        conversionReviewVersions: ['v1', 'v1beta1'],
      },
    },
  },
});

let world: EngineWorld;

beforeAll(() => {
  world = engineWorld({ workers: 1 });
  const { run, client, simulation } = world;
  const labels = { app: 'converter' };
  const container = {
    name: 'converter',
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
    args: ['crd-conversion-webhook', '--port=9443'],
  };
  const metadata = { name: 'converter', namespace };
  const certificate = webhookCertificate({ ...metadata, at: simulation.now });
  const template = { metadata: { labels }, spec: certificate.mountedIn(container) };
  run(client.create(secrets, certificate.secret));
  run(client.create(deployments, { metadata, spec: { selector: { matchLabels: labels }, template } }));
  run(client.create(services, { metadata, spec: { selector: labels, ports: [{ port: 443, targetPort: 9443 }] } }));
  run(client.create(customResourceDefinitions, definition('converter', certificate.caBundle)));
  simulation.runFor(30_000);
  run(client.create(one, { metadata: { name: 'first', namespace }, hostPort: 'localhost:1234' }));
});

function problem(work: Work<unknown>): string {
  try {
    world.run(work);
    return '';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

const shown = ({ host, port, hostPort }: Endpoint): unknown => ({ host, port, hostPort });

describe('another version than the stored one', () => {
  test('is read as the webhook makes it', () => {
    const { run, client } = world;
    const got = run(client.get(two, { name: 'first', namespace }));
    expect(got).toMatchObject({ apiVersion: 'stable.example.com/v2', host: 'localhost', port: '1234' });
    expect(got.metadata?.uid).toBe(run(client.get(one, { name: 'first', namespace })).metadata?.uid);
  });

  test('is written, changed and listed', () => {
    const { run, client } = world;
    run(client.create(two, { metadata: { name: 'second', namespace }, host: 'there', port: '80' }));
    const second = { name: 'second', namespace };
    expect(shown(run(client.get(one, second)))).toEqual({ hostPort: 'there:80' });
    const before = run(client.get(two, second));
    run(client.update(two, { ...before, port: '81' }));
    expect(shown(run(client.get(one, second)))).toEqual({ hostPort: 'there:81' });
    run(client.patch(two, { ...second, patchType: 'application/merge-patch+json' }, { host: 'elsewhere' }));
    expect(run(client.list(two, { namespace })).items.map(shown)).toEqual([
      { host: 'localhost', port: '1234' },
      { host: 'elsewhere', port: '81' },
    ]);
    run(client.delete(two, second));
    expect(run(client.list(one, { namespace })).items.map(shown)).toEqual([{ hostPort: 'localhost:1234' }]);
  });

  test('is watched', () => {
    const { run, client, simulation } = world;
    const seen: string[] = [];
    const told = ({ type, object }: WatchEvent): void => {
      const { metadata, host } = object as Endpoint; // edge: an object of the watched kind
      seen.push(`${type} ${metadata?.name} ${host}`);
    };
    const stop = run(client.watch(two, { namespace }, { events: (events) => events.forEach(told), closed() {} }));
    simulation.runFor(1000);
    run(client.create(one, { metadata: { name: 'watched', namespace }, hostPort: 'a:1' }));
    run(client.delete(one, { name: 'watched', namespace }));
    simulation.runFor(1000);
    stop();
    expect(seen).toEqual(['ADDED first localhost', 'ADDED watched a', 'DELETED watched a']);
  });
});

test('a webhook that cannot be called fails reads of other versions, no others', () => {
  const { run, client } = world;
  const before = run(client.get(customResourceDefinitions, { name: 'endpoints.stable.example.com' }));
  run(client.update(customResourceDefinitions, { ...before, spec: definition('nobody').spec }));
  world.simulation.runFor(1000);
  expect(problem(client.get(one, { name: 'first', namespace }))).toBe('');
  expect(problem(client.get(two, { name: 'first', namespace }))).toBe(
    '500 conversion webhook for stable.example.com/v1, Kind=Endpoint failed: Post ' +
      '"https://nobody.default.svc:443/crdconvert?timeout=30s": service "nobody" not found',
  );
});
