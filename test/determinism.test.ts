// Determinism: one seed and one script make the same bytes and the same trace on every host.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WorkerHost, workerInChromium } from './support/chromium.ts';
import { runScenario, type ScenarioResult } from './support/scenario.ts';

let first: ScenarioResult;
beforeAll(async () => {
  first = await runScenario(1);
});

describe('on Node', () => {
  test('the script does what it is meant to', () => {
    expect(first.output).toContain('deployment "web" successfully rolled out');
    expect(first.output).toMatch(/worker-2 +NotReady/);
    expect(first.output).not.toContain('internal error');
  });

  test('the same seed makes the same bytes and the same trace', async () => {
    expect(await runScenario(1)).toEqual(first);
  });

  test('another seed makes another world', async () => {
    const other = await runScenario(2);
    expect(other.hash).not.toBe(first.hash);
    expect(other.output).not.toBe(first.output);
  });
});

describe('in a Web Worker of Chromium', () => {
  let chromium: WorkerHost;
  beforeAll(async () => {
    chromium = await workerInChromium(fileURLToPath(new URL('./support/scenario-worker.ts', import.meta.url)));
  });
  afterAll(() => chromium.stop());

  test('the bytes and the trace are those of Node, though it began before all its code was there', async () => {
    expect(await chromium.ask(1)).toEqual(first);
  });
});
