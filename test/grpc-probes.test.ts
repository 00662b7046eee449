// gRPC probes: of services that are well, unwell or unknown, and of servers that do not speak gRPC.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const etcd =
  '/usr/local/bin/etcd --listen-client-urls http://0.0.0.0:2379 --advertise-client-urls http://127.0.0.1:2379';

/** Name, image, command or arguments, probe. */
const pods = [
  ['etcd', 'registry.k8s.io/etcd:3.5.1-0', `command: [${etcd.split(' ').join(', ')}]`, 'port: 2379'],
  [
    'well',
    'registry.k8s.io/e2e-test-images/agnhost:2.53',
    'args: [grpc-health-checking, --service=a]',
    'port: 5000, service: a',
  ],
  ['unknown', 'registry.k8s.io/e2e-test-images/agnhost:2.53', 'args: [grpc-health-checking]', 'port: 5000, service: a'],
  [
    'unwell',
    'registry.k8s.io/e2e-test-images/agnhost:2.53',
    'args: [grpc-health-checking, --delay-unhealthy-sec=0]',
    'port: 5000',
  ],
  ['http', 'nginx', 'args: []', 'port: 80'],
  ['closed', 'nginx', 'args: []', 'port: 81'],
];

test('a gRPC probe asks the health service, and says what came of it in upstream’s words', async () => {
  const { line, session } = await recordedSession();
  const yaml = pods.map(
    ([name, image, how, grpc]) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n  - name: c\n    image: ${image}\n    ${how}\n    readinessProbe: {grpc: {${grpc}}, periodSeconds: 3}\n`,
  );
  session.machine.files.writeFile('/home/learner/pods.yaml', yaml.join('---\n'));
  await line('kubectl apply -f pods.yaml; sleep 20');
  expect(await line('kubectl get pods --no-headers | tr -s " " | cut -d" " -f1-3')).toMatchInlineSnapshot(`
    "closed 0/1 Running
    etcd 1/1 Running
    http 0/1 Running
    unknown 0/1 Running
    unwell 0/1 Running
    well 1/1 Running
    "
  `);
  expect(
    await line(
      "kubectl get events --field-selector reason=Unhealthy -o custom-columns=:.involvedObject.name,:.message --no-headers | sort -u | sed 's/10.244.[0-9.]*:/IP:/'",
    ),
  ).toMatchInlineSnapshot(`
    "closed    Readiness probe failed: timeout: failed to connect service "IP:81" within 1s: context deadline exceeded
    http      Readiness probe failed: timeout: failed to connect service "IP:80" within 1s: context deadline exceeded
    unknown   Readiness probe failed: error: health rpc probe failed: rpc error: code = NotFound desc = unknown service
    unwell    Readiness probe failed: service unhealthy (responded with "NOT_SERVING")
    "
  `);
  await line('kubectl exec well -- curl -s localhost:8080/make-not-serving; sleep 12');
  expect(await line('kubectl get pod well --no-headers | tr -s " " | cut -d" " -f1-3')).toBe('well 0/1 Running\n');
});
