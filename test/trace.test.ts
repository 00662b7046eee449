// The trace tells why things happened: from what a learner typed to what runs, step by step.
import { expect, test } from 'vitest';
import type { Trace, TraceStep } from '../src/engine/sim/trace.ts';
import { fold } from './support/fold.ts';
import { recordedSession } from './support/session.ts';

/** A step and everything that it goes back to, first cause first. */
function chain(trace: Trace, last: TraceStep | undefined): string {
  const lines: string[] = [];
  for (let step = last; step; step = trace.get(step.cause)) lines.unshift(textOf(step));
  return `\n${lines.join('\n')}\n`;
}

/** Ids are left out, hashes and generated names masked. */
function textOf({ component, action, subject, detail }: TraceStep): string {
  const by = component === 'apiserver' && detail !== undefined ? ` (for ${detail})` : '';
  return fold(`${component}: ${action} ${subject}${by}`);
}

/** The last step that a session has recorded of a kind. */
function last(trace: Trace, matches: (step: TraceStep) => boolean): TraceStep | undefined {
  return trace.since(0).findLast(matches);
}

test('from kubectl create deployment to a started container', async () => {
  const { session, line } = await recordedSession();
  await line('kubectl create deployment web --image=nginx');
  await line('kubectl rollout status deployment web');
  const { trace } = session.driver.simulation;
  const started = last(trace, ({ action }) => action === 'Started');
  expect(chain(trace, started)).toMatchInlineSnapshot(`
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
  const available = last(trace, ({ subject }) => subject === 'deployments/status default/web');
  expect(chain(trace, available)).toMatchInlineSnapshot(`
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

test('from kubectl delete to a stopped container and its replacement', async () => {
  const { session, line } = await recordedSession();
  await line('kubectl create deployment web --image=nginx; kubectl rollout status deployment web');
  await line('kubectl delete pod -l app=web');
  await line('kubectl rollout status deployment web');
  const { trace } = session.driver.simulation;
  const killed = last(trace, ({ action }) => action === 'Killing');
  expect(chain(trace, killed)).toMatchInlineSnapshot(`
    "
    learner: line kubectl delete pod -l app=web
    kubectl: DELETE /api/v1/namespaces/default/pods/web-<hash>-<suffix>
    apiserver: delete pods default/web-<hash>-<suffix> (for kubectl)
    kubelet/<node>: Killing pods default/web-<hash>-<suffix>
    "
  `);
  const started = last(trace, ({ action }) => action === 'Started');
  expect(chain(trace, started)).toMatchInlineSnapshot(`
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

test('from a power failure to pods elsewhere', async () => {
  const { session, line } = await recordedSession({ workers: 1 });
  await line('kubectl create deployment web --image=nginx; kubectl rollout status deployment web');
  await session.driver.runUntil(session.input({ kind: 'power', node: 'worker-1', on: false }));
  await session.driver.runFor(400_000);
  const { trace } = session.driver.simulation;
  const evicted = last(trace, ({ action, subject }) => action === 'delete' && subject.startsWith('pods '));
  const unschedulable = last(trace, ({ action }) => action === 'unschedulable');
  expect(chain(trace, evicted)).toMatchInlineSnapshot(`
    "
    apiserver: update nodes <node> (for node-lifecycle-controller)
    apiserver: delete pods default/web-<hash>-<suffix> (for taint-eviction-controller)
    "
  `);
  expect(chain(trace, unschedulable)).toMatchInlineSnapshot(`
    "
    apiserver: update nodes <node> (for node-lifecycle-controller)
    apiserver: delete pods default/web-<hash>-<suffix> (for taint-eviction-controller)
    apiserver: create pods default/web-<hash>- (for replicaset-controller)
    kube-scheduler: unschedulable pods default/web-<hash>-<suffix>
    "
  `);
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
