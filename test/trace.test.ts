// The trace tells why things happened: from what a learner typed to what runs, step by step.
import { describe, expect, test } from 'vitest';
import type { Session } from '../src/driver/session.ts';
import type { TraceStep } from '../src/engine/sim/trace.ts';
import { fold } from './support/fold.ts';
import { recordedSession } from './support/session.ts';

interface Told {
  readonly lines: readonly string[];
  /** What happens after the lines. */
  readonly after?: (session: Session) => Promise<void>;
  /** The step to explain: the last that is so. */
  readonly step: (step: TraceStep) => boolean;
  readonly options?: Parameters<typeof recordedSession>[0];
}

/** A step of a new world and everything that it goes back to, first cause first. */
async function chain({ lines, after, step: matches, options }: Told): Promise<string> {
  const { session, line } = await recordedSession({ ...options });
  for (const text of lines) await line(text);
  await after?.(session);
  const { trace } = session.driver.simulation;
  const told: string[] = [];
  for (let step = trace.since(0).findLast(matches); step; step = trace.get(step.cause)) told.unshift(textOf(step));
  return `\n${told.join('\n')}\n`;
}

/** Ids are left out, hashes and generated names masked. */
function textOf({ component, action, subject, detail, way }: TraceStep): string {
  const by = component === 'apiserver' && detail !== undefined ? ` (for ${detail})` : '';
  const gone = way ? `${detail ? `: ${detail}` : ''}  [${way.join(' > ')}]` : '';
  return fold(`${component}: ${action} ${subject}${by}${gone}`).replace(/\b10\.(96|\d+)\.\d+\.\d+/g, '10.$1.x.x');
}

const isAction =
  (wanted: string) =>
  ({ action }: TraceStep) =>
    action === wanted;
const createsWeb = ['kubectl create deployment web --image=nginx', 'kubectl rollout status deployment web'];

describe('causes of what the cluster does', () => {
  test('from kubectl create deployment to a started container', async () => {
    expect(await chain({ lines: createsWeb, step: isAction('Started') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl create deployment web --image=nginx
      kubectl: POST /apis/apps/v1/namespaces/default/deployments
      apiserver: create deployments default/web (for kubectl)
      apiserver: create replicasets default/web-<hash> (for deployment-controller)
      apiserver: create pods default/web-<hash>- (for replicaset-controller)
      kube-scheduler: assign pods default/web-<hash>-<suffix>
      apiserver: create pods/binding default/web-<hash>-<suffix> (for kube-scheduler)
      kubelet/<node>: Pulling pods default/web-<hash>-<suffix>
      kubelet/<node>: Pulled pods default/web-<hash>-<suffix>
      kubelet/<node>: Created pods default/web-<hash>-<suffix>
      kubelet/<node>: Started pods default/web-<hash>-<suffix>
      "
    `);
  });

  test('from kubectl create deployment to its status', async () => {
    const step = ({ subject }: TraceStep) => subject === 'deployments/status default/web';
    expect(await chain({ lines: createsWeb, step })).toMatchInlineSnapshot(`
      "
      learner: line kubectl create deployment web --image=nginx
      kubectl: POST /apis/apps/v1/namespaces/default/deployments
      apiserver: create deployments default/web (for kubectl)
      apiserver: create replicasets default/web-<hash> (for deployment-controller)
      apiserver: create pods default/web-<hash>- (for replicaset-controller)
      kube-scheduler: assign pods default/web-<hash>-<suffix>
      apiserver: create pods/binding default/web-<hash>-<suffix> (for kube-scheduler)
      kubelet/<node>: Pulling pods default/web-<hash>-<suffix>
      kubelet/<node>: Pulled pods default/web-<hash>-<suffix>
      kubelet/<node>: Created pods default/web-<hash>-<suffix>
      kubelet/<node>: Started pods default/web-<hash>-<suffix>
      apiserver: patch pods/status default/web-<hash>-<suffix> (for kubelet)
      apiserver: update replicasets/status default/web-<hash> (for replicaset-controller)
      apiserver: update deployments/status default/web (for deployment-controller)
      "
    `);
  });

  const deletes = [...createsWeb, 'kubectl delete pod -l app=web', 'kubectl rollout status deployment web'];

  test('from kubectl delete to a stopped container', async () => {
    expect(await chain({ lines: deletes, step: isAction('Killing') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl delete pod -l app=web
      kubectl: DELETE /api/v1/namespaces/default/pods/web-<hash>-<suffix>
      apiserver: delete pods default/web-<hash>-<suffix> (for kubectl)
      kubelet/<node>: Killing pods default/web-<hash>-<suffix>
      "
    `);
  });

  test('from kubectl delete to the replacement', async () => {
    expect(await chain({ lines: deletes, step: isAction('Started') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl delete pod -l app=web
      kubectl: DELETE /api/v1/namespaces/default/pods/web-<hash>-<suffix>
      apiserver: delete pods default/web-<hash>-<suffix> (for kubectl)
      apiserver: create pods default/web-<hash>- (for replicaset-controller)
      kube-scheduler: assign pods default/web-<hash>-<suffix>
      apiserver: create pods/binding default/web-<hash>-<suffix> (for kube-scheduler)
      kubelet/<node>: Pulling pods default/web-<hash>-<suffix>
      kubelet/<node>: Pulled pods default/web-<hash>-<suffix>
      kubelet/<node>: Created pods default/web-<hash>-<suffix>
      kubelet/<node>: Started pods default/web-<hash>-<suffix>
      "
    `);
  });

  const powerFailure = {
    lines: createsWeb,
    after: async (session: Session) => {
      await session.driver.runUntil(session.input({ kind: 'power', node: 'worker-1', on: false }));
      await session.driver.runFor(400_000);
    },
    options: { workers: 1 },
  };

  test('from a power failure to evicted pods', async () => {
    const step = ({ action, subject }: TraceStep) => action === 'delete' && subject.startsWith('pods ');
    expect(await chain({ ...powerFailure, step })).toMatchInlineSnapshot(`
      "
      apiserver: update nodes <node> (for node-lifecycle-controller)
      apiserver: delete pods default/web-<hash>-<suffix> (for taint-eviction-controller)
      "
    `);
  });

  test('from a power failure to pods that find no place', async () => {
    expect(await chain({ ...powerFailure, step: isAction('unschedulable') })).toMatchInlineSnapshot(`
      "
      apiserver: update nodes <node> (for node-lifecycle-controller)
      apiserver: delete pods default/web-<hash>-<suffix> (for taint-eviction-controller)
      apiserver: create pods default/web-<hash>- (for replicaset-controller)
      kube-scheduler: unschedulable pods default/web-<hash>-<suffix>
      "
    `);
  });
});

describe('ways of connections', () => {
  const serves = [
    'kubectl create deployment web --image=nginx --replicas=3; kubectl expose deployment web --port=80 --type=NodePort',
    'kubectl run client --image=busybox -- sleep infinity',
    'kubectl rollout status deployment web; kubectl wait --for=condition=Ready pod client',
  ];
  const ask = 'kubectl exec client -- wget -qO- -T 2 web';

  test('from a pod to a service by name, and back', async () => {
    expect(await chain({ lines: [...serves, ask], step: isAction('answer') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl exec client -- wget -qO- -T 2 web
      kubectl: GET /api/v1/namespaces/default/pods/client/exec
      kube-proxy/<node>: choose services default/web: <ip>:80, one of 3  [pod/default/client > service/default/web]
      pod/default/web-<hash>-<suffix>: accept port 80  [service/default/web > pod/default/web-<hash>-<suffix>]
      pod/default/web-<hash>-<suffix>: answer GET /: 200 OK  [pod/default/web-<hash>-<suffix> > pod/default/client]
      "
    `);
  });

  test('from the learner to a node port', async () => {
    const port = `$(kubectl get service web -o jsonpath='{.spec.ports[0].nodePort}')`;
    const lines = [...serves, `curl -s 172.18.0.3:${port}`];
    expect(await chain({ lines, step: isAction('answer') })).toMatchInlineSnapshot(`
      "
      learner: line curl -s <node-ip>:$(kubectl get service web -o jsonpath='{.spec.ports[0].nodePort}')
      kube-proxy/<node>: choose services default/web: <ip>:80, one of 3  [laptop > kube-proxy/<node> > service/default/web]
      pod/default/web-<hash>-<suffix>: accept port 80  [service/default/web > pod/default/web-<hash>-<suffix>]
      pod/default/web-<hash>-<suffix>: answer GET /: 200 OK  [pod/default/web-<hash>-<suffix> > laptop]
      "
    `);
  });

  test('to a load balancer', async () => {
    const lines = [
      ...serves,
      `kubectl patch service web -p '{"spec":{"type":"LoadBalancer"}}'; kubectl wait service web --for=jsonpath='{.status.loadBalancer.ingress}'`,
      `curl -s $(kubectl get service web -o jsonpath='{.status.loadBalancer.ingress[0].ip}')`,
    ];
    expect(await chain({ lines, step: isAction('answer'), options: { profile: 'cloud' } })).toMatchInlineSnapshot(`
      "
      learner: line curl -s $(kubectl get service web -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
      kube-proxy/<node>: choose services default/web: <ip>:80, one of 3  [laptop > balancer/default/web > kube-proxy/<node> > service/default/web]
      pod/default/web-<hash>-<suffix>: accept port 80  [service/default/web > pod/default/web-<hash>-<suffix>]
      pod/default/web-<hash>-<suffix>: answer GET /: 200 OK  [pod/default/web-<hash>-<suffix> > laptop]
      "
    `);
  });

  test('to a service without endpoints', async () => {
    const lines = [...serves, 'kubectl scale deployment web --replicas=0; sleep 5', ask];
    expect(await chain({ lines, step: isAction('reject') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl exec client -- wget -qO- -T 2 web
      kubectl: GET /api/v1/namespaces/default/pods/client/exec
      kube-proxy/<node>: reject services default/web: the service has no ready endpoints  [pod/default/client > service/default/web]
      "
    `);
  });

  test('to a port that nothing listens on', async () => {
    const lines = [
      ...serves,
      `kubectl patch service web -p '{"spec":{"ports":[{"port":80,"targetPort":81}]}}'; sleep 1`,
      ask,
    ];
    expect(await chain({ lines, step: isAction('refuse') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl exec client -- wget -qO- -T 2 web
      kubectl: GET /api/v1/namespaces/default/pods/client/exec
      kube-proxy/<node>: choose services default/web: <ip>:81, one of 3  [pod/default/client > service/default/web]
      pod/default/web-<hash>-<suffix>: refuse port 81: nothing listens on port 81  [service/default/web > pod/default/web-<hash>-<suffix>]
      "
    `);
  });

  test('to a pod that a policy protects', async () => {
    const policy = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: closed}, spec: {podSelector: {matchLabels: {app: web}}}}`;
    const lines = [...serves, `echo '${policy}' | kubectl apply -f -; sleep 1`, ask];
    expect(await chain({ lines, step: isAction('drop') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl exec client -- wget -qO- -T 2 web
      kubectl: GET /api/v1/namespaces/default/pods/client/exec
      kube-proxy/<node>: choose services default/web: <ip>:80, one of 3  [pod/default/client > service/default/web]
      network-plugin/<node>: drop pods default/web-<hash>-<suffix>: NetworkPolicy default/closed does not allow it coming in  [service/default/web > pod/default/web-<hash>-<suffix>]
      "
    `);
  });

  test('to a name that nobody knows, and to an address that nobody has', async () => {
    const lines = [...serves, 'kubectl exec client -- wget -qO- -T 2 nowhere'];
    expect(await chain({ lines, step: isAction('resolve') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl exec client -- wget -qO- -T 2 nowhere
      kubectl: GET /api/v1/namespaces/default/pods/client/exec
      coredns: resolve nowhere: no such host  [pod/default/client > coredns]
      "
    `);
    const lost = ['kubectl exec client -- wget -qO- -T 2 10.244.9.9'];
    expect(await chain({ lines: [...serves, ...lost], step: isAction('lose') })).toMatchInlineSnapshot(`
      "
      learner: line kubectl exec client -- wget -qO- -T 2 <ip>
      kubectl: GET /api/v1/namespaces/default/pods/client/exec
      network: lose <ip>:80: nobody has this address  [pod/default/client]
      "
    `);
  });

  test('probes are not told of', async () => {
    const { session, line } = await recordedSession();
    for (const text of serves) await line(text);
    await line(
      `kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","livenessProbe":{"httpGet":{"port":80}}}]}}}}'`,
    );
    const { trace } = session.driver.simulation;
    const before = trace.last;
    await session.driver.runFor(60_000);
    expect(trace.since(before).filter(({ way }) => way)).toEqual([]);
  });

  test('a load of requests leaves room for the rest of the trace', async () => {
    const { session, line } = await recordedSession();
    for (const text of serves) await line(text);
    const { trace } = session.driver.simulation;
    const before = trace.last;
    await line(`kubectl run load --image=busybox -- sh -c 'while true; do wget -qO- web; done'; sleep 60`);
    const told = trace.since(before).filter(({ way }) => way).length;
    expect(told).toBeGreaterThan(1000);
    expect(told).toBeLessThan(6000);
  });
});

test('almost nothing that a line brings about is without a cause', async () => {
  const { session, line } = await recordedSession();
  const { trace } = session.driver.simulation;
  const before = trace.last;
  await line('kubectl create deployment web --image=nginx --replicas=5; kubectl expose deployment web --port=80');
  await line('kubectl rollout status deployment web; kubectl scale deployment web --replicas=2');
  await line('kubectl delete deployment web; kubectl wait --for=delete pod -l app=web');
  const rootless = trace.since(before).filter(({ cause, component }) => cause === 0 && component !== 'learner');
  const kinds = new Set(rootless.map(textOf).map((text) => text.replace(/worker-\d|control-plane/g, '<node>')));
  expect([...kinds].sort()).toMatchInlineSnapshot(`[]`);
});
