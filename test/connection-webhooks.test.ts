// Webhooks and policies that hear of connections: exec, attach, port-forward and proxies.
import { beforeAll, describe, expect, test } from 'vitest';
import { type RecordedSession, recordedSession, startsAt } from './support/session.ts';
import { webhookCertificate } from './support/webhook-certificate.ts';

const namespace = 'default';
let recorded: RecordedSession;

beforeAll(async () => {
  recorded = await recordedSession();
  const { session, line } = recorded;
  const certificate = webhookCertificate({ name: 'webhook', namespace, at: startsAt });
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'webhook', labels: { app: 'webhook' } },
    spec: certificate.mountedIn({ name: 'webhook', image, args: ['webhook', '--port=8443'] }),
  };
  const webhook = (subresource: string, path: string) => ({
    name: `${subresource.replace('/', '-')}.example.com`,
    clientConfig: { service: { name: 'webhook', namespace, path }, caBundle: certificate.caBundle },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: [subresource] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  });
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'connections' },
    webhooks: [
      webhook('pods/attach', '/pods/attach'),
      webhook('services/proxy', '/always-deny'),
      {
        ...webhook('pods/exec', '/always-deny'),
        matchConditions: [
          { name: 'shells', expression: 'object.command[0] == "sh" && request.kind.kind == "PodExecOptions"' },
        ],
      },
    ],
  };
  const items = [{ apiVersion: 'v1', kind: 'Secret', ...certificate.secret }, pod, configuration];
  session.machine.files.writeFile('/tmp/webhook.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await line('kubectl apply -f /tmp/webhook.json; kubectl expose pod webhook --port=443 --target-port=8443');
  await line(
    'kubectl run to-be-attached-pod --image=nginx:1.27 --overrides=\'{"spec":{"containers":[{"name":"container1","image":"nginx:1.27","stdin":true}]}}\'',
  );
  await line('kubectl run web --image=nginx:1.27; kubectl expose pod web --port=80');
  await line('kubectl wait --for=condition=Ready pod --all');
});

const upgrade = 'error: unable to upgrade connection: ';
const denied = (webhook: string): string => `admission webhook "${webhook}.example.com" denied the request: `;

describe('a webhook for CONNECT', () => {
  test.each([
    ['kubectl exec web -- sh -c ls', `${upgrade}${denied('pods-exec')}this webhook denies all requests\n`],
    ['kubectl exec web -- echo hello', 'hello\n'],
    [
      'kubectl attach to-be-attached-pod -i -c container1 2>&1 | tail -1',
      `${upgrade}${denied('pods-attach')}attaching to pod 'to-be-attached-pod' is not allowed\n`,
    ],
    [
      'kubectl get --raw /api/v1/namespaces/default/services/web/proxy/',
      `Error from server: ${denied('services-proxy')}this webhook denies all requests\n`,
    ],
    ['kubectl get --raw /api/v1/namespaces/default/pods/web/proxy/ | grep title', '<title>Welcome to nginx!</title>\n'],
  ])('hears of %s', async (command, said) => {
    expect(await recorded.line(command)).toBe(said);
  });
});

describe('a MutatingAdmissionPolicy for CONNECT', () => {
  test('changes what is asked for', async () => {
    const { session, line } = recorded;
    const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }];
    const expression = '[JSONPatch{op: "replace", path: "/command", value: ["echo", "changed"]}]';
    const group = 'admissionregistration.k8s.io/v1';
    const policy = {
      apiVersion: group,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'echo' },
      spec: {
        matchConstraints: { resourceRules: rules },
        matchConditions: [{ name: 'dates', expression: 'object.command[0] == "date"' }],
        reinvocationPolicy: 'Never',
        mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
      },
    };
    const binding = {
      apiVersion: group,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: 'echo' },
      spec: { policyName: 'echo' },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [policy, binding] };
    session.machine.files.writeFile('/tmp/policy.json', JSON.stringify(list));
    await line('kubectl apply -f /tmp/policy.json');
    expect(await line('kubectl exec web -- date')).toBe('changed\n');
    expect(await line('kubectl exec web -- echo as it is')).toBe('as it is\n');
  });
});
