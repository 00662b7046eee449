// CPU and memory of one container over time.
import { describe, expect, test } from 'vitest';
import { Simulation } from '../../sim/simulation.ts';
import { ContainerUsage } from './container-usage.ts';

function began(limits: Readonly<Record<string, string>> = {}) {
  const simulation = new Simulation({ seed: 1, startsAt: 0 });
  const scope = simulation.root.child('container');
  const killed: number[] = [];
  const usage = new ContainerUsage({
    scope,
    id: 'c',
    profile: { idleMillicores: 0, memoryMebibytes: 0 },
    machine: { cores: 4, memoryBytes: 1000 },
    resources: () => ({ limits }),
    overflow: () => killed.push(scope.now),
  });
  const startCpuMs = usage.cpuMs;
  return { usage, killed, simulation, cpuMs: () => usage.cpuMs - startCpuMs };
}

describe('CPU', () => {
  test('is the area under what is used, from the first call to the last', () => {
    const { usage, simulation, cpuMs } = began();
    const stop = usage.use({ cores: 0.5 });
    simulation.runFor(1000);
    usage.use({ cores: 2 });
    simulation.runFor(1000);
    stop();
    simulation.runFor(1000);
    expect(cpuMs()).toBeCloseTo(0.996 * (500 + 2500 + 2000));
    usage.end();
    simulation.runFor(1000);
    expect(cpuMs()).toBeCloseTo(0.996 * 5000);
  });

  test.each([
    // no limit: one core for each, as many at a time as there are
    { cpu: undefined, jobs: 5, doneAt: [100, 100, 100, 100, 200] },
    // half a core: the first period's share goes fast
    { cpu: '500m', jobs: 3, doneAt: [100, 300, 500] },
    { cpu: '2', jobs: 3, doneAt: [100, 100, 200] },
  ])('jobs of 100 ms with a limit of $cpu', ({ cpu, jobs, doneAt }) => {
    const { usage, simulation, cpuMs } = began(cpu === undefined ? {} : { cpu });
    const done: number[] = [];
    for (let job = 0; job < jobs; job++) usage.work(100, () => done.push(simulation.now));
    simulation.runFor(2000);
    expect(done).toEqual(doneAt);
    expect(cpuMs()).toBeCloseTo(jobs * 100);
  });
});

describe('memory', () => {
  test('more than the limit is too much, once', () => {
    const { usage, killed } = began({ memory: '100' });
    const stop = usage.use({ memoryBytes: 100 });
    expect(killed).toEqual([]);
    usage.use({ memoryBytes: 1 });
    usage.use({ memoryBytes: 1 });
    expect(killed).toEqual([0]);
    stop();
    expect(usage.memoryBytes).toBe(2);
  });

  test('without a limit there is as much as the machine has', () => {
    const { usage, killed } = began();
    usage.use({ memoryBytes: 1000 });
    expect(killed).toEqual([]);
    usage.use({ memoryBytes: 1 });
    expect(killed).toEqual([0]);
  });
});
