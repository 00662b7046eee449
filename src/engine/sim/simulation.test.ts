import { describe, expect, test } from 'vitest';
import { Mailbox, Signal } from './signal.ts';
import { Simulation } from './simulation.ts';
import type { Work } from './work.ts';

const simulation = (seed = 1) => new Simulation({ seed, startsAt: 0 });

describe('tasks', () => {
  test('run by time, then in the order in which they were scheduled', () => {
    const sim = simulation();
    const seen: string[] = [];
    for (const [delay, name] of [
      [5, 'c'],
      [1, 'a'],
      [5, 'd'],
      [2, 'b'],
      [0, 'first'],
    ] as const) {
      sim.schedule(delay, () => seen.push(`${name}@${sim.now}`));
    }
    sim.runFor(10);
    expect(seen.join(' ')).toBe('first@0 a@1 b@2 c@5 d@5');
    expect(sim.now).toBe(10);
  });

  test('thousands in random order come out sorted, cancelled ones do not come', () => {
    const sim = simulation();
    const random = sim.random('test');
    const seen: number[] = [];
    const tasks = Array.from({ length: 5000 }, () => sim.schedule(random.below(1000), () => seen.push(sim.now)));
    for (const task of tasks.filter((_, i) => i % 3 !== 0)) sim.cancel(task);
    sim.runFor(1000);
    expect(seen).toHaveLength(Math.ceil(5000 / 3));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

describe('scopes', () => {
  test('a stopped scope does nothing any more, nor do its children, and finally blocks run', () => {
    const sim = simulation();
    const seen: string[] = [];
    const node = sim.root.child('node');
    const kubelet = node.child('kubelet');
    node.every(10, () => seen.push(`beat ${sim.now}`));
    kubelet.spawn(
      (function* (): Work<void> {
        try {
          yield* kubelet.sleep(1000);
          seen.push('woke');
        } finally {
          seen.push('ended');
        }
      })(),
    );
    sim.runFor(25);
    node.stop();
    sim.runFor(5000);
    expect(seen).toEqual(['beat 10', 'beat 20', 'ended']);
  });

  test('work that stops its own scope ends at its next wait', () => {
    const sim = simulation();
    const scope = sim.root.child('self');
    const seen: string[] = [];
    scope.spawn(
      (function* (): Work<void> {
        yield* scope.sleep(1);
        scope.stop();
        seen.push('still here');
        yield* scope.sleep(1);
        seen.push('never');
      })(),
    );
    sim.runFor(10);
    expect(seen).toEqual(['still here']);
  });
});

describe('causes', () => {
  test('what a step sets off carries it as its cause over waits, signals and mailboxes', () => {
    const sim = simulation();
    const scope = sim.root.child('part');
    const box = new Mailbox<string>(scope);
    const signal = new Signal(scope);
    scope.spawn(
      (function* (): Work<void> {
        const item = yield* box.take();
        yield* scope.sleep(5);
        scope.record('took', item);
        signal.notify();
      })(),
    );
    scope.spawn(
      (function* (): Work<void> {
        yield* signal.wait();
        scope.record('woken', 'by signal');
      })(),
    );
    sim.schedule(1, () => {
      scope.record('asked', 'by the user');
      box.put('apple');
      scope.schedule(3, () => scope.record('later', 'by the same'));
    });
    sim.runFor(20);
    const steps = sim.trace.since(0).map(({ id, cause, at, action }) => `${id} <- ${cause} @${at} ${action}`);
    expect(steps).toMatchInlineSnapshot(`
      [
        "1 <- 0 @1 asked",
        "2 <- 1 @4 later",
        "3 <- 1 @6 took",
        "4 <- 3 @6 woken",
      ]
    `);
  });

  test('equal runs have equal hashes, another seed another one', () => {
    const run = (seed: number): string => {
      const sim = simulation(seed);
      sim.root.every(7, () => sim.root.record('draw', sim.random('x').name(5)));
      sim.runFor(100);
      return sim.trace.hash();
    };
    expect(run(1)).toBe(run(1));
    expect(run(1)).not.toBe(run(2));
  });
});

describe('chance', () => {
  test('streams do not disturb each other and go on from a saved state', () => {
    const one = simulation(42);
    const alone = Array.from({ length: 3 }, () => one.random('a').below(1000));
    const two = simulation(42);
    two.random('b').below(10);
    expect(Array.from({ length: 3 }, () => two.random('a').below(1000))).toEqual(alone);
    const restored = new Simulation({ seed: 42, startsAt: 0, randomStates: one.randomStates() });
    expect(restored.random('a').below(1000)).toBe(one.random('a').below(1000));
  });
});
