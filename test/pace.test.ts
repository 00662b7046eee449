// Pace: the world follows a clock, stands still, goes step by step, or jumps ahead. The clock is the test's own.
import { expect, test } from 'vitest';
import { type SessionControl, sessionControl } from '../src/driver/control-port.ts';
import type { Host } from '../src/driver/driver.ts';
import { type Session, startSession } from '../src/driver/session.ts';
import { quiet } from '../src/host.ts';
import { fold } from './support/fold.ts';
import { recordedSession, startsAt } from './support/session.ts';

/** A wall clock that moves only when somebody naps, or when told to. */
class ManualHost implements Host {
  private now = 0;
  private woken: (() => void) | undefined;
  private left = 0;

  readonly quiet = quiet;
  readonly steadyClock = (): number => this.now;
  readonly nap = (ms: number): { readonly done: Promise<void>; readonly wake: () => void } => {
    let wake = (): void => {};
    const done = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.woken = () => {
      const step = Math.min(ms, this.left);
      this.left -= step;
      this.now += step;
      if (step > 0 || ms === 0) wake();
    };
    this.woken();
    return { done, wake };
  };

  /** Lets that much real time pass; resolves once the world has gone along. */
  async pass(ms: number): Promise<void> {
    this.left += ms;
    while (this.left > 0) {
      this.woken?.();
      await quiet();
    }
    for (let i = 0; i < 3; i++) await quiet();
  }
}

interface Running {
  readonly host: ManualHost;
  readonly session: Session;
  readonly control: SessionControl;
  /** Virtual milliseconds since it began to run. */
  elapsed(): number;
  stop(): Promise<void>;
}

async function running(): Promise<Running> {
  const host = new ManualHost();
  const session = await startSession({ profile: '3-node', seed: 1, startsAt, host, interactive: true });
  const control = sessionControl(session);
  const begin = session.driver.simulation.now;
  let end = (): void => {};
  const ended = control.run(
    new Promise((resolve) => {
      end = resolve;
    }),
  );
  return {
    host,
    session,
    control,
    elapsed: () => Math.round(control.clock.now() - begin),
    stop: async () => {
      end();
      await host.pass(1);
      await ended;
    },
  };
}

test('virtual time follows the wall clock times the speed, and stands still in a pause', async () => {
  const { host, control, elapsed, stop } = await running();
  await host.pass(1000);
  expect(elapsed()).toBe(1000);
  control.setSpeed(10);
  await host.pass(1000);
  expect(elapsed()).toBe(11_000);
  control.pause();
  expect(control.speed).toBe(0);
  await host.pass(5000);
  expect(elapsed()).toBe(11_000);
  control.resume();
  await host.pass(100);
  expect(elapsed()).toBe(12_000);
  await stop();
});

test('what is typed in a pause waits, and a step lets one thing happen', async () => {
  const { host, session, control, stop } = await running();
  const { trace } = session.driver.simulation;
  await host.pass(500);
  control.pause();
  const done = session.input({ kind: 'line', text: 'kubectl create deployment web --image=nginx' });
  await host.pass(1000);
  const actions: string[] = [];
  for (let i = 0; i < 6; i++) {
    const before = trace.last;
    const stepped = control.step();
    await host.pass(1);
    await stepped;
    actions.push(...trace.since(before).map(({ component, action, subject }) => `${component} ${action} ${subject}`));
  }
  expect(actions.map((text) => fold(text.replace(/\.[0-9a-f]{16}$/, '')))).toMatchInlineSnapshot(`
    [
      "kubectl POST /apis/apps/v1/namespaces/default/deployments",
      "apiserver create deployments default/web",
      "apiserver create replicasets default/web-<hash>",
      "apiserver create events default/web",
      "apiserver update deployments/status default/web",
      "apiserver create pods default/web-<hash>-",
    ]
  `);
  control.resume();
  await host.pass(2000);
  expect(await done).toBe(0);
  await stop();
});

test('runs to an instant at full speed, then goes on at its own', async () => {
  const { host, session, control, elapsed, stop } = await running();
  control.pause();
  await host.pass(10);
  const jumped = control.runUntil(session.driver.simulation.now + 600_000);
  await host.pass(1);
  await jumped;
  expect(elapsed()).toBe(600_000);
  await host.pass(1000);
  expect(elapsed()).toBe(600_000);
  control.resume();
  await host.pass(1000);
  expect(elapsed()).toBe(601_000);
  await stop();
});

test('nodes lose power and network through the same port, and the log keeps it', async () => {
  const { host, session, control, stop } = await running();
  const done = Promise.all([control.powerOff('worker-1'), control.partition('worker-2', true)]);
  await host.pass(10);
  await done;
  expect(session.log.map(({ input }) => input)).toEqual([
    { kind: 'power', node: 'worker-1', on: false },
    { kind: 'partition', node: 'worker-2', cut: true },
  ]);
  control.setSpeed(100);
  await host.pass(1000);
  const codes = session.driver.simulation.trace
    .since(0)
    .filter(({ subject }) => /events default\/worker-[12]\./.test(subject));
  expect(codes.length).toBeGreaterThan(0);
  await stop();
});

test('a session that followed the wall clock replays headless to the same trace', async () => {
  const { host, session, control, stop } = await running();
  await host.pass(1234.5);
  const first = session.input({
    kind: 'line',
    text: 'kubectl create deployment web --image=nginx --replicas=3; sleep 60',
  });
  await host.pass(3333.25);
  control.setSpeed(7);
  await host.pass(500);
  await Promise.all([session.input({ kind: 'interrupt' }), host.pass(100)]);
  await host.pass(100);
  await first;
  control.pause();
  await host.pass(50);
  const jumped = control.runUntil(session.driver.simulation.now + 30_000);
  await host.pass(1);
  await jumped;
  await stop();

  const { session: again } = await recordedSession();
  await again.replay(JSON.parse(JSON.stringify(session.log)), session.driver.simulation.now);
  expect(again.driver.simulation.now).toBe(session.driver.simulation.now);
  expect(again.driver.simulation.trace.hash()).toBe(session.driver.simulation.trace.hash());
});
