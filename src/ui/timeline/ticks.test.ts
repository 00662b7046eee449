// What becomes a tick, and which one a pointer means.
import { expect, test } from 'vitest';
import { nearest, tickOf } from './ticks.ts';

const rows: readonly (readonly [component: string, action: string, subject: string, tick: string])[] = [
  ['learner', 'line', 'kubectl get pods', 'command: $ kubectl get pods'],
  ['apiserver', 'create', 'pods default/web-1', 'change: pods default/web-1 created by who'],
  ['kubelet/worker-1', 'Started', 'pods default/web-1', 'work: pods default/web-1: Started'],
  ['kubelet/worker-1', 'BackOff', 'pods default/web-1', 'trouble: pods default/web-1: BackOff'],
  // bookkeeping makes none
  ['apiserver', 'update', 'leases kube-node-lease/worker-1', 'none'],
  ['kubelet/worker-1', 'renew', 'leases kube-node-lease/worker-1', 'none'],
  ['kubectl', 'GET', '/api/v1/pods', 'none'],
];

test.each(rows)('%s %s %s: %s', (component, action, subject, expected) => {
  const tick = tickOf({ id: 2, cause: 1, at: 0, component, action, subject, detail: 'who' });
  expect(tick ? `${tick.kind}: ${tick.text}` : 'none').toBe(expected);
});

test('a command is meant before a change that is a little nearer', () => {
  const ticks = [
    { at: 100, kind: 'command', text: 'a' },
    { at: 120, kind: 'change', text: 'b' },
  ] as const;
  expect(nearest(ticks, 112, 50)?.text).toBe('a');
  expect(nearest(ticks, 400, 50)).toBeUndefined();
});
