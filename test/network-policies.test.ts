// Network policies in a whole cluster: what the documentation's walkthrough shows, and each form of a rule.
import { beforeAll, describe, expect, test } from 'vitest';
import { type RecordedSession, recordedSession } from './support/session.ts';

let learner: RecordedSession;

beforeAll(async () => {
  learner = await recordedSession();
  await learner.line(`
    kubectl create deployment nginx --image=nginx; kubectl expose deployment nginx --port=80
    kubectl run friend --image=busybox --labels=access=true -- sleep infinity
    kubectl run stranger --image=busybox -- sleep infinity
    kubectl create namespace far; kubectl label namespace far team=far
    kubectl run -n far visitor --image=busybox -- sleep infinity
    kubectl rollout status deployment nginx
    kubectl wait --for=condition=Ready pod friend stranger; kubectl wait -n far --for=condition=Ready pod visitor`);
});

/** Applies a policy of that spec, called `policy`; what comes before it is taken away. */
async function policy(spec: string): Promise<void> {
  const text = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: policy}, spec: ${spec}}`;
  await learner.line(`kubectl delete networkpolicy --all; echo '${text}' | kubectl apply -f -; sleep 1`);
}

/** What each of some pods hears of the service. */
async function reached(from: readonly string[]): Promise<string> {
  const outcomes: string[] = [];
  for (const pod of from) {
    const namespace = pod === 'visitor' ? '-n far' : '';
    const printed = await learner.line(
      `kubectl exec ${namespace} ${pod} -- wget -q --spider -T 1 nginx.default && echo open`,
    );
    outcomes.push(printed.split('\n')[0]?.replace('wget: ', '') ?? '');
  }
  return outcomes.join(', ');
}

const everybody = ['friend', 'stranger', 'visitor'];

test('the walkthrough: open, declared, closed to all but pods with the label', async () => {
  const { line } = learner;
  const masked = async (text: string): Promise<string> =>
    (await line(text)).replace(/10\.\d+\.\d+\.\d+/g, '<ip>').replace(/pod\/\w+-\w+/g, 'pod/<name>');
  const access = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: access-nginx}, spec: {podSelector: {matchLabels: {app: nginx}}, ingress: [{from: [{podSelector: {matchLabels: {access: "true"}}}]}]}}`;
  const ask = 'wget --spider --timeout=1 nginx';
  const run = (labels: string) =>
    `kubectl run busybox --rm -i ${labels} --image=busybox:1.28 --restart=Never -- ${ask}`;
  const told = [
    await masked(run('')),
    await masked(`echo '${access}' | kubectl apply -f -`),
    await masked(run('')),
    await masked(`sleep 2; ${run('--labels=access=true')}`),
  ];
  expect(told.join('')).toMatchInlineSnapshot(`
    "Connecting to nginx (<ip>:80)
    remote file exists
    All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
    If you don't see a command prompt, try pressing enter.
    pod "busybox" deleted from default namespace
    networkpolicy.networking.k8s.io/access-nginx created
    Connecting to nginx (<ip>:80)
    All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
    If you don't see a command prompt, try pressing enter.
    wget: download timed out
    pod default/busybox terminated (Error)
    pod "busybox" deleted from default namespace
    Connecting to nginx (<ip>:80)
    remote file exists
    All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
    If you don't see a command prompt, try pressing enter.
    pod "busybox" deleted from default namespace
    "
  `);
});

describe('who may come in', () => {
  const nginx = 'podSelector: {matchLabels: {app: nginx}}';
  test.each([
    [
      'nobody',
      `{podSelector: {}, policyTypes: [Ingress]}`,
      'download timed out, download timed out, download timed out',
    ],
    ['everybody', `{podSelector: {}, ingress: [{}]}`, 'open, open, open'],
    [
      'pods of the own namespace',
      `{${nginx}, ingress: [{from: [{podSelector: {}}]}]}`,
      'open, open, download timed out',
    ],
    [
      'pods by label',
      `{${nginx}, ingress: [{from: [{podSelector: {matchLabels: {access: "true"}}}]}]}`,
      'open, download timed out, download timed out',
    ],
    [
      'a namespace by label',
      `{${nginx}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: far}}}]}]}`,
      'download timed out, download timed out, open',
    ],
    [
      'a namespace by the name that it is always labelled with',
      `{${nginx}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: far}}}]}]}`,
      'download timed out, download timed out, open',
    ],
    ['addresses', `{${nginx}, ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16}}]}]}`, 'open, open, open'],
    [
      'addresses but for some',
      `{${nginx}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.244.0.0/16]}}]}]}`,
      'download timed out, download timed out, download timed out',
    ],
    ['all, at that port', `{${nginx}, ingress: [{ports: [{port: 80}]}]}`, 'open, open, open'],
    [
      'all, at another port',
      `{${nginx}, ingress: [{ports: [{port: 81}]}]}`,
      'download timed out, download timed out, download timed out',
    ],
    ['all, at a range of ports', `{${nginx}, ingress: [{ports: [{port: 79, endPort: 90}]}]}`, 'open, open, open'],
    [
      'all, by UDP',
      `{${nginx}, ingress: [{ports: [{port: 80, protocol: UDP}]}]}`,
      'download timed out, download timed out, download timed out',
    ],
  ])('%s', async (_who, spec, outcome) => {
    await policy(spec);
    expect(await reached(everybody)).toBe(outcome);
  });
});

describe('who may go out', () => {
  const dns = '{ports: [{port: 53, protocol: UDP}]}';
  const kubeDns =
    'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}';
  test.each([
    [
      'nowhere: not even to the name server',
      '{podSelector: {}, policyTypes: [Egress]}',
      "bad address 'nginx.default', open",
    ],
    [
      'to the name server alone',
      `{podSelector: {}, policyTypes: [Egress], egress: [${dns}]}`,
      'download timed out, open',
    ],
    [
      'to pods by label',
      `{podSelector: {}, policyTypes: [Egress], egress: [${dns}, {to: [{podSelector: {matchLabels: {app: nginx}}}]}]}`,
      'open, open',
    ],
    [
      'to DNS by its pods',
      `{podSelector: {}, policyTypes: [Egress], egress: [{to: [{${kubeDns}}]}, {ports: [{port: 80}]}]}`,
      'open, open',
    ],
    [
      'to addresses',
      `{podSelector: {}, policyTypes: [Egress], egress: [${dns}, {to: [{ipBlock: {cidr: 192.168.0.0/16}}]}]}`,
      'download timed out, open',
    ],
  ])('%s', async (_where, spec, outcome) => {
    await policy(spec);
    expect(await reached(['friend', 'visitor'])).toBe(outcome);
  });
});

test('a port by name is the one that the pod gives it', async () => {
  const { line } = learner;
  await line(
    `kubectl patch deployment nginx -p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","ports":[{"name":"web","containerPort":80}]}]}}}}'; kubectl rollout status deployment nginx`,
  );
  await policy('{podSelector: {matchLabels: {app: nginx}}, ingress: [{ports: [{port: web}]}]}');
  expect(await reached(['stranger'])).toBe('open');
  await policy('{podSelector: {matchLabels: {app: nginx}}, ingress: [{ports: [{port: other}]}]}');
  expect(await reached(['stranger'])).toBe('download timed out');
});

test('curl says while what it ran out of time', async () => {
  const { line } = learner;
  await policy('{podSelector: {matchLabels: {app: nginx}}, policyTypes: [Ingress]}');
  await line('kubectl run curl --image=curlimages/curl -- sleep infinity; kubectl wait --for=condition=Ready pod curl');
  const told = [
    await line('kubectl exec curl -- curl -sS -m 2 nginx'),
    await line('kubectl exec curl -- curl -sS --connect-timeout 2 nginx'),
  ];
  await policy('{podSelector: {}, policyTypes: [Egress]}');
  told.push(await line('kubectl exec curl -- curl -sS -m 2 nginx'));
  expect(told.join('')).toMatchInlineSnapshot(`
    "curl: (28) Connection timed out after 2001 milliseconds
    command terminated with exit code 28
    curl: (28) Failed to connect to nginx port 80 after 2000 ms: Timeout was reached
    command terminated with exit code 28
    curl: (28) Resolving timed out after 2001 milliseconds
    command terminated with exit code 28
    "
  `);
});

test('the kubelet probes its pods whatever policies say', async () => {
  const { line } = learner;
  await policy('{podSelector: {}, policyTypes: [Ingress, Egress]}');
  await line(
    `kubectl patch deployment nginx -p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","readinessProbe":{"httpGet":{"path":"/","port":80}}}]}}}}'`,
  );
  expect(await line('kubectl rollout status deployment nginx')).toContain('successfully rolled out');
});
