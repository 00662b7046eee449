// The official JavaScript client against `tabernetes serve`: what a program written for a real cluster does.
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  ApiException,
  AppsV1Api,
  AuthenticationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  type V1ConfigMap,
  type V1Deployment,
  V1MicroTime,
  type V1Pod,
  type V1Status,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from './support/serve.ts';

const namespace = 'default';

let served: Served;
let config: KubeConfig;
let core: CoreV1Api;
let apps: AppsV1Api;

beforeAll(async () => {
  served = await serve('--speed', '20');
  config = new KubeConfig();
  config.loadFromFile(served.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
  apps = config.makeApiClient(AppsV1Api);
});
afterAll(() => served.stop());

function deployment(name: string, replicas: number): V1Deployment {
  const labels = { app: name };
  return {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  };
}

function shellPod(name: string, script: string): V1Pod {
  return {
    metadata: { name },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', script] }] },
  };
}

/** Watches until an object is as wanted. */
async function seen<T>(path: string, name: string, wanted: (object: T) => boolean): Promise<T> {
  let stop = (): void => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      new Watch(config)
        .watch(
          path,
          { fieldSelector: `metadata.name=${name}` },
          (_phase, object: T) => {
            if (wanted(object)) resolve(object);
          },
          reject,
        )
        .then((controller) => {
          stop = () => controller.abort();
        }, reject);
    });
  } finally {
    stop();
  }
}

const podSeen = (name: string, wanted: (pod: V1Pod) => boolean) =>
  seen<V1Pod>(`/api/v1/namespaces/${namespace}/pods`, name, wanted);
const isReady = (pod: V1Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

async function refusal(call: Promise<unknown>): Promise<{ readonly code: number; readonly status: V1Status }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof ApiException)) throw new Error(`no refusal: ${error}`);
  return { code: error.code, status: JSON.parse(error.body) };
}

describe('objects', () => {
  test('are created, read, listed, patched, replaced and deleted', async () => {
    const made = await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'a' }, data: { k: '1' } },
    });
    expect(made.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date);

    const strategy = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    const patched = await core.patchNamespacedConfigMap({ namespace, name: 'a', body: { data: { l: '2' } } }, strategy);
    expect(patched.data).toEqual({ k: '1', l: '2' });

    const json = [{ op: 'remove', path: '/data/k' }];
    await core.patchNamespacedConfigMap(
      { namespace, name: 'a', body: json },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    );
    const read = await core.readNamespacedConfigMap({ namespace, name: 'a' });
    expect(read.data).toEqual({ l: '2' });

    await core.replaceNamespacedConfigMap({ namespace, name: 'a', body: { ...read, data: { m: '3' } } });
    const { status, code } = await refusal(core.replaceNamespacedConfigMap({ namespace, name: 'a', body: read }));
    expect(code).toBe(409);
    expect(status.message).toBe(
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );

    expect((await core.deleteNamespacedConfigMap({ namespace, name: 'a' })).status).toBe('Success');
    const list = await core.listNamespacedConfigMap({ namespace });
    expect(list.items.map(({ metadata }) => metadata?.name)).toEqual(['kube-root-ca.crt']);
  });

  test('are applied by the server under a field manager', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const wanted = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace }, data: { k: '1' } };
    const apply = (body: typeof wanted, manager: string) =>
      objects.patch<V1ConfigMap>(body, undefined, undefined, manager, false, PatchStrategy.ServerSideApply);
    const made = await apply(wanted, 'one');
    expect(made.metadata?.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
      'one Apply',
    ]);
    const { code, status } = await refusal(apply({ ...wanted, data: { k: '2' } }, 'two'));
    expect(code).toBe(409);
    expect(status.message).toBe('Apply failed with 1 conflict: conflict with "one": .data.k');
  });

  test('that do not exist or make no sense are refused with a Status', async () => {
    const missing = await refusal(core.readNamespacedPod({ namespace, name: 'nope' }));
    expect(missing.code).toBe(404);
    expect(missing.status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'pods "nope" not found',
      reason: 'NotFound',
      details: { name: 'nope', kind: 'pods' },
      code: 404,
    });
    const invalid = await refusal(core.createNamespacedPod({ namespace, body: { metadata: { name: 'UPPER' } } }));
    expect(invalid.code).toBe(422);
    expect(invalid.status.reason).toBe('Invalid');
    expect(invalid.status.details?.causes?.map(({ field }) => field)).toEqual(['metadata.name', 'spec.containers']);
  });

  test('are listed page by page', async () => {
    for (const name of ['p1', 'p2', 'p3'])
      await core.createNamespacedSecret({ namespace, body: { metadata: { name, labels: { page: 'yes' } } } });
    const first = await core.listNamespacedSecret({ namespace, labelSelector: 'page=yes', limit: 2 });
    expect(first.items.map(({ metadata }) => metadata?.name)).toEqual(['p1', 'p2']);
    expect(first.metadata?.remainingItemCount).toBe(undefined); // as upstream: unknown with a label selector
    const next = { _continue: first.metadata?._continue ?? '' };
    const second = await core.listNamespacedSecret({ namespace, labelSelector: 'page=yes', limit: 2, ...next });
    expect(second.items.map(({ metadata }) => metadata?.name)).toEqual(['p3']);
    expect(second.metadata?._continue).toBeFalsy();
  });
});

test('an informer sees a deployment come up, scale and go', async () => {
  const labelSelector = 'app=informed';
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const list = () => core.listNamespacedPod({ namespace, labelSelector });
  const informer = makeInformer<V1Pod>(config, path, list, labelSelector);
  let check = (): void => {};
  const until = (done: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      check = () => {
        if (done()) resolve();
      };
      informer.on('error', reject);
      check();
    });
  for (const event of ['add', 'change', 'delete'] as const) informer.on(event, () => check());
  const ready = (): number => informer.list().filter(isReady).length;
  await informer.start();

  await apps.createNamespacedDeployment({ namespace, body: deployment('informed', 3) });
  await until(() => ready() === 3);
  const scale = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  await apps.patchNamespacedDeploymentScale({ namespace, name: 'informed', body: { spec: { replicas: 1 } } }, scale);
  await until(() => informer.list().length === 1);
  await apps.deleteNamespacedDeployment({ namespace, name: 'informed' });
  await until(() => informer.list().length === 0);
  await informer.stop();
});

test('of two candidates one leads, and the other follows when its lease runs out', async () => {
  const leases = config.makeApiClient(CoordinationV1Api);
  const name = 'election';
  /** What client-go's elector does in a round: takes a lease that is new, its own, or out of date. */
  async function tries(holderIdentity: string): Promise<string> {
    const now = new V1MicroTime();
    const spec = { holderIdentity, leaseDurationSeconds: 1, acquireTime: now, renewTime: now, leaseTransitions: 0 };
    try {
      const held = await leases.readNamespacedLease({ namespace, name });
      const { renewTime = now, leaseDurationSeconds = 0, holderIdentity: holder } = held.spec ?? {};
      const isOver = new Date(renewTime).getTime() + leaseDurationSeconds * 1000 < now.getTime();
      if (holder !== holderIdentity && !isOver) return holder ?? '';
      await leases.replaceNamespacedLease({ namespace, name, body: { ...held, spec } });
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      if (error.code === 409) return 'conflict';
      await leases.createNamespacedLease({ namespace, body: { metadata: { name }, spec } });
    }
    return holderIdentity;
  }
  expect(await tries('a')).toBe('a');
  expect(await tries('b')).toBe('a');
  const stale = await leases.readNamespacedLease({ namespace, name });
  expect(await tries('a')).toBe('a');
  const taken = leases.replaceNamespacedLease({ namespace, name, body: { ...stale, spec: { holderIdentity: 'b' } } });
  expect((await refusal(taken)).status.reason).toBe('Conflict');
  const past = new V1MicroTime(Date.now() - 60_000);
  const held = await leases.readNamespacedLease({ namespace, name });
  await leases.replaceNamespacedLease({
    namespace,
    name,
    body: { ...held, spec: { holderIdentity: 'a', leaseDurationSeconds: 1, renewTime: past } },
  });
  expect(await tries('b')).toBe('b');
});

test('over HTTPS a certificate of the kubeconfig, or a token, says who asks', async () => {
  const secure = await serve('--tls-port', '0');
  try {
    const admin = new KubeConfig();
    admin.loadFromFile(secure.kubeconfig);
    const whoAmI = async (who: KubeConfig): Promise<string | undefined> => {
      const review = await who.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
      return review.status?.userInfo?.username;
    };
    expect(await whoAmI(admin)).toBe('kubernetes-admin');
    const { status } = await admin
      .makeApiClient(CoreV1Api)
      .createNamespacedServiceAccountToken({ namespace, name: 'default', body: { spec: { audiences: [] } } });
    const account = new KubeConfig();
    const cluster = admin.getCurrentCluster();
    if (!cluster) throw new Error('the kubeconfig names no cluster');
    account.loadFromClusterAndUser(cluster, { name: 'account', token: status?.token ?? '' });
    expect(await whoAmI(account)).toBe('system:serviceaccount:default:default');
  } finally {
    secure.stop();
  }
});

describe('what runs in a pod', () => {
  test('is read from its log, at once or as it is written', async () => {
    const script = 'echo one; sleep 1; echo two; sleep 1; echo three';
    await core.createNamespacedPod({ namespace, body: shellPod('talker', script) });
    await podSeen('talker', isReady);
    const followed = new PassThrough();
    await new Log(config).log(namespace, 'talker', 'main', followed, { follow: true });
    expect(await text(followed)).toBe('one\ntwo\nthree\n');
    const ended = await podSeen('talker', ({ status }) => status?.phase === 'Succeeded');
    expect(ended.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
    expect(await core.readNamespacedPodLog({ namespace, name: 'talker', tailLines: 1 })).toBe('three\n');
    const problem = await refusal(core.readNamespacedPodLog({ namespace, name: 'talker', container: 'other' }));
    expect(problem.status.message).toBe('container other is not valid for pod talker');
  });

  test('takes commands over a WebSocket and tells how they ended', async () => {
    await core.createNamespacedPod({ namespace, body: shellPod('target', 'sleep 1000') });
    await podSeen('target', isReady);
    expect(await execute('target', ['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      status: expect.objectContaining({
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '3' }] },
      }),
    });
    const { stdout, status } = await execute('target', ['head', '-n', '2'], 'x\ny\nz\n');
    expect({ stdout, status: status.status }).toEqual({ stdout: 'x\ny\n', status: 'Success' });
  });

  test('is reached through a forwarded port', async () => {
    await core.createNamespacedPod({
      namespace,
      body: { metadata: { name: 'server' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    });
    await podSeen('server', isReady);
    const output = new PassThrough();
    const input = new PassThrough();
    const forwarded = await new PortForward(config).portForward(namespace, 'server', [80], output, null, input);
    input.write('GET / HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n');
    const reply = await new Promise<string>((resolve) => {
      let received = '';
      output.on('data', (chunk) => {
        received += chunk;
        if (received.includes('</html>')) resolve(received);
      });
    });
    expect(reply).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(reply).toContain('Welcome to nginx!');
    if (typeof forwarded !== 'function') forwarded.close();
  });
});

async function execute(pod: string, command: string[], input?: string) {
  const stdout = sink();
  const stderr = sink();
  const stdin = input === undefined ? null : Readable.from([input]);
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec(namespace, pod, 'main', command, stdout.stream, stderr.stream, stdin, false, resolve)
      .catch(reject);
  });
  return { stdout: stdout.text(), stderr: stderr.text(), status };
}

function sink(): { readonly stream: Writable; text(): string } {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pieces.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString() };
}
