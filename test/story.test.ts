// What the page tells of a command: the rows of its trace, from the request to the container.
import { describe, expect, test } from 'vitest';
import { rowText, story } from '../src/ui/trace/story.ts';
import { effectOf, traceFrom } from '../src/worker/serve-trace.ts';
import { fold } from './support/fold.ts';
import { type RecordedSession, recordedSession } from './support/session.ts';

/** The rows of the last line, as the trace pane shows them; bookkeeping left out. */
function told({ session }: RecordedSession): string {
  const { trace } = session.driver.simulation;
  const root = trace.since(0).findLast(({ action }) => action === 'line')?.id ?? 0;
  const rows = story(traceFrom(session, root).steps).filter((row) =>
    row.told.some(({ weight }) => weight !== 'bookkeeping'),
  );
  const texts = rows.map((row) => {
    const { who, verb, object } = rowText(row);
    return fold(`${who} ${verb} ${object}${row.heard ? ` (heard of ${row.heard.object})` : ''}`);
  });
  return `\n${texts.join('\n')}\n`;
}

test('a deployment, from the request to its containers', async () => {
  const recorded = await recordedSession({ journal: true });
  await recorded.line('kubectl create deployment web --image=nginx --replicas=2');
  await recorded.session.driver.runFor(5000);
  expect(told(recorded)).toMatchInlineSnapshot(`
    "
    kubectl asks to create Deployment
    kube-apiserver lets in and checks Deployment web
    etcd stores Deployment web
    deployment-controller creates ReplicaSet web-<hash> (heard of Deployment web)
    deployment-controller notes the status of Deployment web (heard of Deployment web)
    replicaset-controller creates 2 Pods (heard of ReplicaSet web-<hash>)
    kube-scheduler chooses nodes for 2 Pods (heard of Pod web-<hash>-<suffix>)
    kube-scheduler binds 2 Pods
    replicaset-controller notes the status of ReplicaSet web-<hash> (heard of ReplicaSet web-<hash>)
    replicaset-controller notes the status of ReplicaSet web-<hash>
    kubelet of 2 nodes notes the status of 2 Pods (heard of Pod web-<hash>-<suffix>)
    deployment-controller notes the status of Deployment web (heard of ReplicaSet web-<hash>)
    kubelet of 2 nodes pulls the image of 2 Pods (heard of Pod web-<hash>-<suffix>)
    kubelet of 2 nodes has the image of 2 Pods
    kubelet of 2 nodes creates a container of 2 Pods
    kubelet of 2 nodes starts a container of 2 Pods
    kubelet of 2 nodes notes the status of 2 Pods
    replicaset-controller notes the status of ReplicaSet web-<hash> (heard of Pod web-<hash>-<suffix>)
    deployment-controller notes the status of Deployment web (heard of ReplicaSet web-<hash>)
    "
  `);
});

test('a refused request says who refused it and why', async () => {
  const recorded = await recordedSession({ journal: true });
  await recorded.line('kubectl create namespace default');
  expect(told(recorded)).toMatchInlineSnapshot(`
    "
    kubectl asks to create Namespace
    kube-apiserver checks Namespace default
    kube-apiserver refuses Namespace default
    "
  `);
});

describe('connections', () => {
  const serves = `kubectl create deployment web --image=nginx --replicas=3; kubectl expose deployment web --port=80
    kubectl run client --image=busybox -- sleep infinity
    kubectl rollout status deployment web; kubectl wait --for=condition=Ready pod client`;
  const closed = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: closed}, spec: {podSelector: {matchLabels: {app: web}}}}`;
  const ask = 'kubectl exec client -- wget -qO- -T 1';

  test.each([
    [
      'answered',
      '',
      `${ask} web`,
      [
        'kube-proxy on <node> chooses an endpoint of Service web',
        'Pod web-<hash>-<suffix> accepts the connection on port 80',
        'Pod web-<hash>-<suffix> answers GET /',
      ],
    ],
    [
      'without endpoints',
      'kubectl scale deployment web --replicas=0; sleep 3',
      `${ask} web`,
      ['kube-proxy on <node> refuses connections to Service web'],
    ],
    [
      'that a policy forbids',
      `echo '${closed}' | kubectl apply -f -; sleep 1`,
      `${ask} web`,
      [
        'kube-proxy on <node> chooses an endpoint of Service web',
        'network-plugin on <node> drops packets for Pod web-<hash>-<suffix>',
      ],
    ],
    ['to a name that is none', '', `${ask} nowhere`, []],
  ])('%s', async (_what, before, line, rows) => {
    const recorded = await recordedSession({ journal: true });
    await recorded.line(serves);
    await recorded.line(before);
    await recorded.line(line);
    const asks = [
      'kubectl reads Pod client',
      'kubectl runs a command in Pod client',
      `coredns looks up ${line.split(' ').at(-1)}`,
    ];
    expect(told(recorded)).toBe(`\n${[...asks, ...rows].join('\n')}\n`);
  });
});

test('a step knows the object before and after', async () => {
  const recorded = await recordedSession({ journal: true });
  await recorded.line('kubectl create deployment web --image=nginx');
  await recorded.line('kubectl scale deployment web --replicas=3');
  const { trace } = recorded.session.driver.simulation;
  const scaled = trace.since(0).findLast(({ subject }) => subject === 'deployments/scale default/web');
  const [change] = effectOf(recorded.session, scaled?.id ?? 0).changes;
  expect(change?.before).toContain('replicas: 1');
  expect(change?.after).toContain('replicas: 3');
});
