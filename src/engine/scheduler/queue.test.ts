// When a pod is tried again: at once, after backoff, when the cluster changes, or after five minutes.
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../api/generated/types.ts';
import { Simulation } from '../sim/simulation.ts';
import type { Plugin } from './framework.ts';
import { type PodInfo, PodInfos } from './pod-info.ts';
import { SchedulingQueue } from './queue.ts';
import { unresolvable } from './rejection.ts';

const infos = new PodInfos();

function pod(name: string, priority = 0, labels: Record<string, string> = {}): PodInfo {
  const made: Pod = {
    metadata: { name, namespace: 'default', uid: name, labels },
    spec: { containers: [{ name: 'c' }], priority },
  };
  return infos.of(made);
}

function setup() {
  const simulation = new Simulation({ seed: 1, startsAt: 0 });
  const plugins: readonly Plugin[] = [
    {
      name: 'Gate',
      preEnqueue: ({ labels }) => (labels?.gate === 'closed' ? unresolvable('Gate', 'closed') : undefined),
      hints: [{ resource: 'Pod', actions: ['gates-eliminated'] }],
    },
    {
      name: 'Fit',
      hints: [{ resource: 'Node', actions: ['add'], helps: (_pod, _old, node) => node?.metadata?.name === 'large' }],
    },
  ];
  const queue = new SchedulingQueue(
    simulation.root,
    () => plugins,
    () => {},
  );
  /** Pops all that there is to pop. */
  const pop = (): string => {
    const names: string[] = [];
    for (let next = queue.pop(); next; next = queue.pop()) names.push(next.info.name);
    return names.join(' ');
  };
  /** Pops one pod and puts it back as unschedulable (or after an error). */
  const fail = (rejectors: readonly string[] = ['Fit']): void => {
    const next = queue.pop();
    if (next) queue.putBack(next, next.info, new Set(rejectors));
  };
  const nodeAdded = (name: string): void =>
    queue.move({ resource: 'Node', action: 'add', current: { metadata: { name } } });
  return { simulation, queue, pop, fail, nodeAdded };
}

describe('the queue', () => {
  test('gives the more important first, then the older', () => {
    const { simulation, queue, pop } = setup();
    for (const name of ['a', 'b']) queue.add(pod(name));
    simulation.runFor(10);
    queue.add(pod('c'));
    queue.add(pod('d', 100));
    expect(pop()).toBe('d a b c');
  });

  test('keeps an unschedulable pod until something happens that helps', () => {
    const { simulation, queue, pop, fail, nodeAdded } = setup();
    queue.add(pod('a'));
    fail();
    nodeAdded('small');
    queue.move({ resource: 'Pod', action: 'delete' });
    simulation.runFor(10_000);
    expect(pop()).toBe('');
    nodeAdded('large');
    expect(pop()).toBe('a');
  });

  test('tries it again in any case after five minutes', () => {
    const { simulation, queue, pop, fail } = setup();
    queue.add(pod('a'));
    fail();
    simulation.runFor(299_000);
    expect(pop()).toBe('');
    simulation.runFor(40_000);
    expect(pop()).toBe('a');
  });

  test('makes a pod that met an error wait longer each time', () => {
    const { simulation, queue, fail } = setup();
    queue.add(pod('a'));
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      fail([]);
      const began = simulation.now;
      simulation.runWhen(() => queue.ready, 60_000);
      waits.push(Math.round((simulation.now - began) / 1000));
    }
    expect(waits).toMatchInlineSnapshot(`
      [
        2,
        3,
        5,
        9,
        11,
        11,
      ]
    `);
  });

  test('lets a pod that backs off go early while there is nothing else to do', () => {
    const { queue, pop, fail, nodeAdded } = setup();
    queue.add(pod('a'));
    fail();
    nodeAdded('large');
    queue.add(pod('b'));
    expect(pop()).toBe('b a');
  });

  test('keeps a gated pod out until its gate opens', () => {
    const { queue, pop, nodeAdded } = setup();
    queue.add(pod('a', 0, { gate: 'closed' }));
    nodeAdded('large');
    expect(pop()).toBe('');
    queue.update(pod('a'), [{ resource: 'Pod', action: 'gates-eliminated' }]);
    expect(pop()).toBe('a');
  });

  test('forgets a deleted pod wherever it waits', () => {
    const { queue, pop, fail, nodeAdded } = setup();
    for (const name of ['a', 'b']) queue.add(pod(name));
    fail();
    queue.delete('a');
    queue.delete('b');
    nodeAdded('large');
    expect([pop(), queue.size]).toEqual(['', 0]);
  });
});
