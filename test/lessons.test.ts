// Every lesson can be played to its end: each check fails before its step, and passes after the step's solution.
import { describe, expect, test } from 'vitest';
import { readLessons } from '../scripts/read-lessons.ts';
import { fetchPage } from '../src/driver/fetch-page.ts';
import { beginStep, type CheckPorts, holds } from '../src/lessons/checks.ts';
import type { Lesson } from '../src/lessons/lesson.ts';
import { lessonLines } from '../src/lessons/setup.ts';
import { recordedSession } from './support/session.ts';

/** Virtual time that a check may take to hold after the last line of a solution. */
const patienceMs = 60_000;
const lookMs = 500;

const lessons = readLessons();

test('there are eight, each with an end', () => {
  expect(lessons.map(({ title }) => title)).toMatchInlineSnapshot(`
    [
      "The cluster and its parts",
      "A first deployment that cannot pull",
      "Build, tag, push",
      "Run it",
      "Expose it",
      "Pods come and go",
      "Containers of one pod",
      "A canary",
    ]
  `);
});

describe.each(lessons.map((lesson) => [lesson.id, lesson] as const))('%s', (_id, lesson) => {
  test('each check fails before its step and passes after', async () => {
    const player = await playerOf(lesson);
    for (const step of lesson.steps) {
      player.ran.length = 0;
      const memory = await player.until(beginStep(step, player.ports));
      const check = async (at: number): Promise<boolean> => {
        const one = step.checks[at];
        return one !== undefined && player.until(holds(one, player.ports, memory.known.get(at)));
      };
      for (const [at, { says }] of step.checks.entries())
        expect(await check(at), `holds already before "${step.title}": ${says}`).toBe(false);
      for (const line of step.solution) await player.line(line);
      for (const [at, { says }] of step.checks.entries()) {
        let held = await check(at);
        for (let waited = 0; !held && waited < patienceMs; waited += lookMs) {
          await player.wait(lookMs);
          held = await check(at);
        }
        expect(held, `does not hold after "${step.title}": ${says}\n${player.output()}`).toBe(true);
      }
    }
  });

  test('every command that its prose shows is one that the shell knows', async () => {
    const { line, output } = await playerOf({ ...lesson, setup: { ...lesson.setup, lines: [] } });
    const blocks = [...lesson.intro, ...lesson.steps.flatMap(({ prose }) => prose), ...lesson.outro];
    for (const block of blocks)
      if (block.kind === 'commands') for (const command of block.lines) await line(`type ${command.split(' ')[0]}`);
    expect(output()).not.toContain('not found');
  });
});

async function playerOf(lesson: Lesson) {
  const profile = lesson.profile === 'minikube' ? 'minikube' : '3-node';
  const { session, line, output } = await recordedSession({ profile });
  for (const text of lessonLines(lesson.setup)) await line(text);
  const ran: string[] = [];
  const ports: CheckPorts = {
    kube: session.kubePort,
    fetch: async (url) => {
      const page = await fetchPage(session.network, url);
      return page.kind === 'page' ? page.body : undefined;
    },
    ran,
  };
  return {
    ports,
    ran,
    output,
    until: <T>(result: Promise<T>) => session.driver.runUntil(result),
    wait: (ms: number) => session.driver.runFor(ms),
    async line(text: string) {
      const code = await session.driver.runUntil(session.input({ kind: 'line', text }));
      if (code === 0) ran.push(text);
    },
  };
}
