// The real helm v4 against `tabernetes serve`: a chart with hooks and a test, from its installation to its end.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, transcript } from './support/real-kubectl.ts';
import { root, type Served, serve } from './support/serve.ts';

const program = join(root, 'node_modules/.cache/real/helm');
const chart = join(root, 'test/support/chart');

let served: Served;
beforeAll(async () => {
  served = await serve('--speed', '20', '--tls-port', '0');
});
afterAll(() => served.stop());

/** What helm prints, times and blanks made alike. */
async function helm(line: string): Promise<string> {
  const env = { HOME: served.folder, KUBECONFIG: served.kubeconfig, PATH: process.env.PATH };
  const child = spawn(program, line.split(' '), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const shown = `$ helm ${line}\n${output}${errors}`.replaceAll(chart, 'chart');
  return shown
    .replace(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}/g, '<time>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000 UTC/g, '<time>')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '');
}

test('a release is installed once the hook before it has succeeded', async () => {
  expect(await helm(`install shop ${chart} --wait --timeout 60s`)).toMatchInlineSnapshot(`
    "$ helm install shop chart --wait --timeout 60s
    NAME: shop
    LAST DEPLOYED: <time>
    NAMESPACE: default
    STATUS: deployed
    REVISION: 1
    DESCRIPTION: Install complete
    "
  `);
  expect(
    await transcript(served, ['logs job/shop-pre-install', 'get deployment,service,configmap -o name']),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl logs job/shop-pre-install
    pre-install of shop
    $ kubectl get deployment,service,configmap -o name
    deployment.apps/shop
    service/kubernetes
    service/shop
    configmap/kube-root-ca.crt
    configmap/shop
    "
  `);
});

test('its test reaches the service by its name', async () => {
  expect(await helm('test shop --timeout 60s')).toMatchInlineSnapshot(`
    "$ helm test shop --timeout 60s
    NAME: shop
    LAST DEPLOYED: <time>
    NAMESPACE: default
    STATUS: deployed
    REVISION: 1
    DESCRIPTION: Install complete
    TEST SUITE: shop-reachable
    Last Started: <time>
    Last Completed: <time>
    Phase: Succeeded
    "
  `);
  expect(await run(served, 'logs shop-reachable')).toContain('Welcome to nginx!');
});

test('an upgrade changes what differs and runs the hook after it', async () => {
  expect(await helm(`upgrade shop ${chart} --set replicas=2,greeting=bye --wait --timeout 60s`)).toMatchInlineSnapshot(`
    "$ helm upgrade shop chart --set replicas=2,greeting=bye --wait --timeout 60s
    Release "shop" has been upgraded. Happy Helming!
    NAME: shop
    LAST DEPLOYED: <time>
    NAMESPACE: default
    STATUS: deployed
    REVISION: 2
    DESCRIPTION: Upgrade complete
    "
  `);
  expect(
    await transcript(served, [
      'logs job/shop-post-upgrade',
      `get deployment shop -o jsonpath='{.status.readyReplicas}'`,
      `get configmap shop -o jsonpath='{.data.greeting}'`,
    ]),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl logs job/shop-post-upgrade
    post-upgrade of shop
    $ kubectl get deployment shop -o jsonpath='{.status.readyReplicas}'
    2$ kubectl get configmap shop -o jsonpath='{.data.greeting}'
    bye"
  `);
});

test('a rollback goes back, and history tells of all', async () => {
  expect(await helm('rollback shop 1 --wait --timeout 60s')).toMatchInlineSnapshot(`
    "$ helm rollback shop 1 --wait --timeout 60s
    Rollback was a success! Happy Helming!
    "
  `);
  expect(await helm('history shop')).toMatchInlineSnapshot(`
    "$ helm history shop
    REVISION UPDATED STATUS CHART APP VERSION DESCRIPTION
    1 <time> superseded shop-1.0.0 1.27 Install complete
    2 <time> superseded shop-1.0.0 1.27 Upgrade complete
    3 <time> deployed shop-1.0.0 1.27 Rollback to 1
    "
  `);
  expect(await helm('list')).toMatchInlineSnapshot(`
    "$ helm list
    NAME NAMESPACE REVISION UPDATED STATUS CHART APP VERSION
    shop default 3 <time> deployed shop-1.0.0 1.27
    "
  `);
  expect(await run(served, `get configmap shop -o jsonpath='{.data.greeting}'`)).toBe('hello');
});

test('what cannot be installed is said in the words of the server', async () => {
  expect(await helm(`install shop ${chart}`)).toMatchInlineSnapshot(`
    "$ helm install shop chart
    level=ERROR msg="release name check failed" error="cannot reuse a name that is still in use"
    Error: INSTALLATION FAILED: release name check failed: cannot reuse a name that is still in use
    "
  `);
  expect(await helm(`install Bad_Name ${chart}`)).toMatchInlineSnapshot(`
    "$ helm install Bad_Name chart
    level=ERROR msg="release name check failed" error="release name \\"Bad_Name\\": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53"
    Error: INSTALLATION FAILED: release name check failed: release name "Bad_Name": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53
    "
  `);
  expect(await helm(`install other ${chart} --set replicas=-1 --no-hooks`)).toMatchInlineSnapshot(`
    "$ helm install other chart --set replicas=-1 --no-hooks
    Error: INSTALLATION FAILED: server-side apply failed for object default/other apps/v1, Kind=Deployment: Deployment.apps "other" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0
    "
  `);
});

test('nothing is left after it is uninstalled', async () => {
  expect(await helm('uninstall shop --wait --timeout 60s')).toMatchInlineSnapshot(`
    "$ helm uninstall shop --wait --timeout 60s
    release "shop" uninstalled
    "
  `);
  expect(await run(served, 'get deployment,service,secret -l app.kubernetes.io/instance=shop')).toBe(
    '! No resources found in default namespace.\n',
  );
});
