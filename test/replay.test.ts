// Replay: a seed and the log of what came from outside make the same world again, byte for byte and step for step.
import { expect, test } from 'vitest';
import type { SessionInput } from '../src/driver/session.ts';
import { Chance } from '../src/engine/sim/random.ts';
import { type RecordedSession, recordedSession } from './support/session.ts';

async function replayOf({ session }: RecordedSession, seed: number): Promise<RecordedSession> {
  const again = await recordedSession({ seed });
  const log = JSON.parse(JSON.stringify(session.log)); // as from a share link
  await again.session.replay(log, session.driver.simulation.now);
  return again;
}

function traceOf({ session }: RecordedSession): { readonly at: number; readonly hash: string; readonly steps: number } {
  const { simulation } = session.driver;
  return { at: simulation.now, hash: simulation.trace.hash(), steps: simulation.trace.last };
}

test('a session with a power failure, Ctrl-C and background jobs runs again exactly', async () => {
  const first = await recordedSession({ seed: 7 });
  const { driver } = first.session;
  await first.line('kubectl create deployment web --image=nginx --replicas=4');
  await first.line('(for i in 1 2 3; do sleep 7; kubectl get pods --no-headers | wc -l; done; echo done) &');
  await driver.runFor(1234.5);
  await driver.runUntil(first.session.input({ kind: 'power', node: 'worker-1', on: false }));

  const watching = first.session.input({ kind: 'line', text: 'kubectl get nodes -w' });
  await driver.runFor(60_000);
  await driver.runUntil(first.session.input({ kind: 'interrupt' }));
  expect(await driver.runUntil(watching)).toBe(130);

  await first.line('jobs; wait; kubectl get nodes');
  await driver.runUntil(first.session.input({ kind: 'power', node: 'worker-1', on: true }));
  await driver.runFor(30_000);
  await driver.runFor(30_000);
  await first.line('kubectl scale deployment web --replicas=2; kubectl get pods -o wide; kubectl get events');
  await driver.runFor(5000);

  const again = await replayOf(first, 7);
  expect(again.output()).toBe(first.output());
  expect(traceOf(again)).toEqual(traceOf(first));
  expect(again.session.log).toEqual(first.session.log);
  expect(first.output()).toContain('NotReady');
  expect(first.output()).toContain('done');
});

test('lines that were typed ahead and inputs of one instant keep their order', async () => {
  const first = await recordedSession({ seed: 3 });
  const { driver, session } = { driver: first.session.driver, session: first.session };
  const all = [
    session.input({ kind: 'line', text: 'sleep 2; echo one' }),
    session.input({ kind: 'line', text: 'echo two; kubectl run a --image=nginx' }),
    session.input({ kind: 'partition', node: 'worker-2', cut: true }),
    session.input({ kind: 'line', text: 'kubectl wait --for=condition=Ready pod/a; echo three' }),
  ];
  await driver.runUntil(Promise.all(all));
  const again = await replayOf(first, 3);
  expect(again.output()).toBe(first.output());
  expect(traceOf(again)).toEqual(traceOf(first));
  expect(again.output()).toMatch(/^one\ntwo\n/);
});

test('another seed makes another world of the same inputs', async () => {
  const first = await recordedSession({ seed: 1 });
  await first.line('kubectl create deployment web --image=nginx; kubectl get pods');
  const other = await replayOf(first, 2);
  expect(traceOf(other).hash).not.toBe(traceOf(first).hash);
});

test('what the page asks of the API server is part of the log', async () => {
  const first = await recordedSession({ seed: 4 });
  const { session } = first;
  const body = { kind: 'json', value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made' } } } as const;
  const path = '/api/v1/namespaces/default/configmaps';
  const headers = { 'content-type': 'application/json', 'user-agent': 'page' };
  const reply = await session.driver.runUntil(session.kubePort.request({ method: 'POST', path, headers, body }));
  expect(reply.status).toBe(201);
  await session.driver.runUntil(session.kubePort.request({ method: 'DELETE', path: `${path}/nope`, headers }));
  await first.line('kubectl get configmaps');
  const again = await replayOf(first, 4);
  expect(again.output()).toBe(first.output());
  expect(again.output()).toContain('made');
  expect(traceOf(again)).toEqual(traceOf(first));
});

const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: Number(process.env.SEEDS ?? 10) }, (_, i) => i + 1);

/** What somebody impatient does. */
const inputs: readonly SessionInput[] = [
  { kind: 'line', text: 'kubectl create deployment web --image=nginx --replicas=3' },
  { kind: 'line', text: 'kubectl delete deployment web --wait=false; kubectl get pods' },
  { kind: 'line', text: 'kubectl get pods -w' },
  { kind: 'line', text: 'kubectl rollout status deployment web --timeout=20s' },
  { kind: 'line', text: 'for i in 1 2 3 4 5; do kubectl get nodes --no-headers | wc -l; sleep 1.5; done &' },
  { kind: 'line', text: 'kubectl run p$RANDOM --image=busybox --restart=Never -- sh -c "date; sleep 3; date"' },
  { kind: 'line', text: 'kubectl logs -l run --prefix; kubectl get events | tail -n 3; jobs' },
  { kind: 'interrupt' },
  { kind: 'interrupt' },
  { kind: 'power', node: 'worker-1', on: false },
  { kind: 'power', node: 'worker-1', on: true },
  { kind: 'partition', node: 'worker-2', cut: true },
  { kind: 'partition', node: 'worker-2', cut: false },
];

test.each(seeds)('whatever is typed whenever runs again exactly: seed %i', async (seed) => {
  const first = await recordedSession({ seed });
  const { session } = first;
  const random = new Chance(seed).stream('inputs');
  const given: Promise<number>[] = [];
  for (let i = 0; i < 25; i++) {
    const input = random.pick(inputs);
    if (input) given.push(session.input(input));
    await session.driver.runFor(random.fraction() * (random.pick([1, 100, 3000, 30_000]) ?? 0));
  }
  for (let i = 0; i < given.length; i++) {
    await session.driver.runUntil(session.input({ kind: 'interrupt' }));
    await session.driver.runFor(1000);
  }
  const again = await replayOf(first, seed);
  expect(again.output()).toBe(first.output());
  expect(traceOf(again)).toEqual(traceOf(first));
});
