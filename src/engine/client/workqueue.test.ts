import { expect, test } from 'vitest';
import { Simulation } from '../sim/simulation.ts';
import type { Work } from '../sim/work.ts';
import { WorkQueue } from './workqueue.ts';

test('a queue counts what it was asked for, how long keys waited and how long workers had them', () => {
  const simulation = new Simulation({ seed: 1, startsAt: 0 });
  const queue = new WorkQueue(simulation.root);
  for (const key of ['a', 'b', 'a']) queue.add(key);
  const worker = function* (): Work<void> {
    for (;;) {
      const key = yield* queue.take();
      yield* simulation.root.sleep(2000);
      if (key === 'b' && queue.retries === 0) queue.addRateLimited(key);
      queue.done(key);
    }
  };
  simulation.root.spawn(worker());
  simulation.runFor(1000);
  queue.add('a'); // while a worker has it: once more when that is through with it
  expect([queue.length, queue.unfinished()]).toEqual([1, [1]]);
  simulation.runFor(60_000);
  expect([queue.adds, queue.retries, queue.length, queue.unfinished()]).toEqual([4, 1, 0, []]);
  const sumOf = ({ waits, works }: WorkQueue): readonly (number | undefined)[] =>
    [waits, works].flatMap((each) => each.series().slice(-2)).map(({ value }) => value);
  // waits: a 0 s, b 2 s, a again from when it was done with 2 s, b again after its 5 ms of backoff 1.995 s
  expect(sumOf(queue)).toEqual([expect.closeTo(5.995, 3), 4, 8, 4]);
});
