// Webhooks of admission in a whole cluster: called through a Service, over the network, from the control plane.

import { beforeAll, describe, expect, test } from 'vitest';
import {
  configMaps,
  deployments,
  mutatingWebhookConfigurations,
  pods,
  secrets,
  services,
  validatingWebhookConfigurations,
} from '../src/api/generated/resources.ts';
import type { ConfigMap, Pod, ValidatingWebhook } from '../src/api/generated/types.ts';
import type { KubeBody } from '../src/api/ports.ts';
import { ApiError } from '../src/api/status.ts';
import type { Work } from '../src/engine/sim/work.ts';
import { webhookCertificate } from './support/webhook-certificate.ts';
import { type EngineWorld, engineWorld } from './support/world.ts';

const namespace = 'default';
let world: EngineWorld;
let made = 0;
const certificate = webhookCertificate({ name: 'webhook', namespace, at: Date.UTC(2026, 0, 1) });
const { caBundle } = certificate;

beforeAll(() => {
  world = engineWorld({ workers: 1 });
  const labels = { app: 'webhook' };
  const plain = { app: 'plain' };
  const args = ['webhook', '--port=8443', '--sidecar-image=busybox'];
  const container = { name: 'webhook', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args };
  world.run(world.client.create(secrets, certificate.secret));
  const template = { metadata: { labels }, spec: certificate.mountedIn(container) };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  const metadata = { name: 'webhook', namespace };
  world.run(world.client.create(deployments, { metadata, spec }));
  world.run(
    world.client.create(services, { metadata, spec: { selector: labels, ports: [{ port: 443, targetPort: 8443 }] } }),
  );
  const others = { nobody: { selector: { app: 'nobody' } }, other: { selector: labels }, plain: { selector: plain } };
  for (const [name, { selector }] of Object.entries(others))
    world.run(
      world.client.create(services, {
        metadata: { name, namespace },
        spec: { selector, ports: [{ port: 443, targetPort: name === 'plain' ? 80 : 8443 }] },
      }),
    );
  world.run(
    world.client.create(pods, {
      metadata: { name: 'plain', namespace, labels: plain },
      spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] },
    }),
  );
  world.simulation.runFor(30_000);
});

const webhook = (path: string, more: Partial<ValidatingWebhook> = {}): ValidatingWebhook => ({
  name: 'check.example.com',
  clientConfig: { service: { name: 'webhook', namespace, path }, caBundle },
  rules: [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'DELETE'], resources: ['configmaps', 'pods'] },
  ],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  objectSelector: { matchLabels: { checked: 'yes' } },
  ...more,
});

/** Runs work while webhooks are configured; what goes wrong as text. */
function under<T>(
  {
    validating = [],
    mutating = [],
  }: { validating?: readonly ValidatingWebhook[]; mutating?: readonly ValidatingWebhook[] },
  work: () => Work<T>,
): T | string {
  const { run, client } = world;
  const metadata = { name: `hooks-${++made}` };
  run(client.create(validatingWebhookConfigurations, { metadata, webhooks: validating }));
  run(client.create(mutatingWebhookConfigurations, { metadata, webhooks: mutating }));
  try {
    return run(work());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.code} ${error.message}`;
  } finally {
    run(client.delete(validatingWebhookConfigurations, metadata));
    run(client.delete(mutatingWebhookConfigurations, metadata));
  }
}

function configMap(data: ConfigMap['data'] = {}, labels = {}): ConfigMap {
  return { metadata: { name: `map-${++made}`, namespace, labels: { checked: 'yes', ...labels } }, data };
}

function pod(labels = {}): Pod {
  const containers = [{ name: 'main', image: 'nginx' }];
  return {
    metadata: { name: `pod-${++made}`, namespace, labels: { checked: 'yes', ...labels } },
    spec: { containers },
  };
}

const createMap = (data?: ConfigMap['data']) => () => world.client.create(configMaps, configMap(data));

describe('a validating webhook', () => {
  test.each([
    [
      '/always-deny',
      {},
      '400 admission webhook "check.example.com" denied the request: this webhook denies all requests',
    ],
    [
      '/configmaps',
      { 'webhook-e2e-test': 'webhook-disallow' },
      '400 admission webhook "check.example.com" denied the request: the configmap contains unwanted key and value',
    ],
  ])('that refuses at %s is quoted', (path, data, text) => {
    expect(under({ validating: [webhook(path)] }, createMap(data))).toBe(text);
  });

  test('that allows a request is not heard of', () => {
    expect(under({ validating: [webhook('/configmaps')] }, createMap({ a: 'b' }))).toMatchObject({ data: { a: 'b' } });
  });

  test('may be slow, and all are asked at once', () => {
    const { simulation } = world;
    const before = simulation.now;
    const slow = webhook('/always-allow-delay-5s');
    const both = [slow, { ...slow, name: 'second.example.com' }];
    expect(under({ validating: both }, createMap())).toMatchObject({ data: {} });
    expect(Math.round((simulation.now - before) / 1000)).toBe(5);
  });

  const failing = (text: string) => `500 Internal error occurred: failed calling webhook "check.example.com": ${text}`;

  test.each([
    [
      'too slow',
      webhook('/always-allow-delay-5s', { timeoutSeconds: 1 }),
      'failed to call webhook: Post "https://webhook.default.svc:443/always-allow-delay-5s?timeout=1s": context deadline exceeded',
    ],
    [
      'a missing service',
      webhook('/', { clientConfig: { service: { name: 'nope', namespace } } }),
      'failed to call webhook: Post "https://nope.default.svc:443/?timeout=10s": service "nope" not found',
    ],
    [
      'a missing port',
      webhook('/', { clientConfig: { service: { name: 'webhook', namespace, port: 8080 } } }),
      'failed to call webhook: Post "https://webhook.default.svc:8080/?timeout=10s": no service port 8080 found for service "webhook"',
    ],
    [
      'no endpoints',
      webhook('/', { clientConfig: { service: { name: 'nobody', namespace } } }),
      /^failed to call webhook: Post "https:\/\/nobody.default.svc:443\/\?timeout=10s": dial tcp 10\.\d+\.\d+\.\d+:443: connect: connection refused$/,
    ],
    [
      'an unknown host',
      webhook('/', { clientConfig: { url: 'https://hooks.invalid/x' } }),
      /^failed to call webhook: Post "https:\/\/hooks.invalid\/x\?timeout=10s": dial tcp: lookup hooks.invalid.*no such host$/,
    ],
    [
      'a certificate that nobody trusted signed',
      webhook('/pods', { clientConfig: { service: { name: 'webhook', namespace, path: '/pods' } } }),
      'failed to call webhook: Post "https://webhook.default.svc:443/pods?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
    [
      "another service's certificate",
      webhook('/', { clientConfig: { service: { name: 'other', namespace }, caBundle } }),
      'failed to call webhook: Post "https://other.default.svc:443/?timeout=10s": tls: failed to verify certificate: x509: certificate is valid for webhook.default.svc, not other.default.svc',
    ],
    [
      'no TLS',
      webhook('/', { clientConfig: { service: { name: 'plain', namespace }, caBundle } }),
      'failed to call webhook: Post "https://plain.default.svc:443/?timeout=10s": http: server gave HTTP response to HTTPS client',
    ],
    [
      'a bundle of nothing',
      webhook('/', { clientConfig: { service: { name: 'webhook', namespace }, caBundle: 'Tm9wZQ==' } }),
      'could not get REST client: unable to load root certificates: unable to parse bytes as PEM block',
    ],
    ['an unknown path', webhook('/zork'), 'failed to call webhook: the server could not find the requested resource'],
    [
      'a patch',
      webhook('/add-label'),
      'received invalid webhook response: validating webhook may not return response.patch',
    ],
  ] satisfies [string, ValidatingWebhook, string | RegExp][])(
    'that fails with %s fails the request, or is ignored',
    (_, hook, text) => {
      const outcome = under({ validating: [hook] }, createMap());
      if (typeof text === 'string') expect(outcome).toBe(failing(text));
      else expect(String(outcome).replace(failing(''), '')).toMatch(text);
      expect(under({ validating: [{ ...hook, failurePolicy: 'Ignore' }] }, createMap())).toMatchObject({ data: {} });
    },
  );

  test('does not hear of what its selectors, rules and conditions leave out', () => {
    const deny = webhook('/always-deny');
    const hooks = [
      { ...deny, objectSelector: { matchLabels: { checked: 'no' } } },
      { ...deny, name: 'b.example.com', namespaceSelector: { matchLabels: { env: 'prod' } } },
      { ...deny, name: 'c.example.com', rules: [{ ...deny.rules?.[0], operations: ['UPDATE'] }] },
      { ...deny, name: 'd.example.com', matchConditions: [{ name: 'x', expression: 'object.metadata.name == "x"' }] },
    ];
    expect(under({ validating: hooks }, createMap())).toMatchObject({ data: {} });
  });

  test('hears of a deletion, and of each in a collection before any is gone', () => {
    const { client, run } = world;
    const kept = run(client.create(configMaps, configMap({ 'webhook-e2e-test': 'webhook-nondeletable' })));
    const other = run(client.create(configMaps, configMap()));
    const selection = { namespace, labelSelector: 'checked=yes' };
    const outcome = under({ validating: [webhook('/configmaps')] }, () =>
      client.deleteCollection(configMaps, selection),
    );
    expect(outcome).toContain('the configmap cannot be deleted because it contains unwanted key and value');
    expect(run(client.get(configMaps, { name: other.metadata?.name ?? '', namespace })).data).toEqual({});
    expect(kept.metadata?.uid).toBeDefined();
  });
});

describe('a mutating webhook', () => {
  test('changes the object', () => {
    const outcome = under({ mutating: [webhook('/add-label')] }, createMap());
    expect(outcome).toMatchObject({ metadata: { labels: { checked: 'yes', 'added-label': 'yes' } } });
  });

  test('sees what the one before it made, and comes again where it asks for that', () => {
    const first = webhook('/mutating-configmaps', { name: 'a.example.com' });
    const second = webhook('/mutating-configmaps', { name: 'b.example.com' });
    const data = { 'mutation-start': 'yes' };
    const once = { 'mutation-start': 'yes', 'mutation-stage-1': 'yes' };
    expect(under({ mutating: [first] }, createMap(data))).toMatchObject({ data: once });
    const both = under({ mutating: [first, second] }, createMap(data));
    expect(both).toMatchObject({ data: { ...once, 'mutation-stage-2': 'yes' } });
  });

  test('makes an object that is validated and defaulted as any other', () => {
    const outcome = under({ mutating: [webhook('/mutating-pods-sidecar')] }, () => world.client.create(pods, pod()));
    expect(outcome).toMatchObject({
      spec: { containers: [{ name: 'main' }, { name: 'webhook-added-sidecar', imagePullPolicy: 'Always' }] },
    });
  });

  test('is not called for a dry run when it has side effects', () => {
    const hook = webhook('/always-deny', { sideEffects: 'NoneOnDryRun' });
    const outcome = under({ mutating: [hook] }, () =>
      world.client.create(configMaps, configMap(), { dryRun: ['All'] }),
    );
    expect(outcome).toContain('denied the request');
  });
});

test('a webhook that waits for ever holds its request for as long as it may', () => {
  const before = world.simulation.now;
  const hook = webhook('/pods', { timeoutSeconds: 3 });
  const outcome = under({ validating: [hook] }, () =>
    world.client.create(pods, pod({ 'webhook-e2e-test': 'wait-forever' })),
  );
  expect(outcome).toContain('context deadline exceeded');
  expect(Math.round((world.simulation.now - before) / 1000)).toBe(3);
  let metrics = '';
  const body = (piece: KubeBody): void => {
    if (piece.kind === 'text') metrics += piece.text;
  };
  world.cluster.edge()?.http({ method: 'GET', path: '/metrics' }, { head() {}, body, end() {} });
  const told = (pattern: RegExp): readonly string[] => metrics.split('\n').filter((line) => pattern.test(line));
  expect(told(/^apiserver_admission_webhook_(request|rejection).*(code="500"|calling)/)).toMatchInlineSnapshot(`
    [
      "apiserver_admission_webhook_rejection_count{error_type="calling_webhook_error",name="check.example.com",operation="CREATE",rejection_code="0",type="validating"} 10",
      "apiserver_admission_webhook_request_total{code="500",name="check.example.com",operation="CREATE",rejected="true",type="validating"} 10",
    ]
  `);
  expect(
    told(
      /^apiserver_admission_webhook_admission_duration_seconds_bucket.*rejected="true",type="validating".*"(2.5|10)"/,
    ),
  ).toMatchInlineSnapshot(`
    [
      "apiserver_admission_webhook_admission_duration_seconds_bucket{name="check.example.com",operation="CREATE",rejected="true",type="validating",le="2.5"} 11",
      "apiserver_admission_webhook_admission_duration_seconds_bucket{name="check.example.com",operation="CREATE",rejected="true",type="validating",le="10"} 12",
      "apiserver_admission_webhook_admission_duration_seconds_bucket{name="check.example.com",operation="DELETE",rejected="true",type="validating",le="2.5"} 1",
      "apiserver_admission_webhook_admission_duration_seconds_bucket{name="check.example.com",operation="DELETE",rejected="true",type="validating",le="10"} 1",
    ]
  `);
});
