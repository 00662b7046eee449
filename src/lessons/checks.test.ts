// Checks against an API that answers with what each row says.
import { describe, expect, test } from 'vitest';
import { ConnectionError, type KubeReply } from '../api/ports.ts';
import type { JsonObject } from '../base/json.ts';
import { beginStep, type CheckPorts, holds, lookAt } from './checks.ts';
import { valuesAt } from './field.ts';
import type { ObjectCheck, Step } from './lesson.ts';

const asks: ObjectCheck = {
  kind: 'objects',
  says: 'A pod runs',
  resource: 'v1/pods',
  namespace: 'default',
  name: undefined,
  selector: 'app=web',
  fresh: false,
  where: [{ field: '.status.phase', is: 'Running' }],
  count: { min: 1, max: 9 },
};

function portsOf(items: readonly JsonObject[] | undefined, ran: readonly string[] = []): CheckPorts {
  return {
    kube: {
      async request({ path }): Promise<KubeReply> {
        expect(path).toBe('/api/v1/namespaces/default/pods?labelSelector=app%3Dweb');
        if (!items) throw new ConnectionError('connection refused');
        return { status: 200, headers: {}, body: { kind: 'json', value: { items: [...items] } } };
      },
    },
    fetch: async () => undefined,
    ran,
  };
}
const pod = (uid: string, phase: string): JsonObject => ({ metadata: { uid }, status: { phase } });

describe('objects', () => {
  test.each([
    ['one that fits is enough', asks, [pod('a', 'Pending'), pod('b', 'Running')], true],
    ['none fits', asks, [pod('a', 'Pending')], false],
    ['there is none, as asked', { ...asks, where: [], count: { min: 0, max: 0 } }, [], true],
    // nobody answers: nothing is known, not even that there is none
    ['no cluster', asks, undefined, false],
    ['no cluster, and none is asked for', { ...asks, where: [], count: { min: 0, max: 0 } }, undefined, false],
  ] as const)('%s', async (_name, check, items, held) => {
    expect(await holds(check, portsOf(items))).toBe(held);
  });

  test('fresh ones came after the step began; what has held stays ticked', async () => {
    const step: Step = { title: '', prose: [], hints: [], solution: [], checks: [{ ...asks, fresh: true }] };
    const memory = await beginStep(step, portsOf([pod('old', 'Running')]));
    expect((await lookAt(step, memory, portsOf([pod('old', 'Running')]))).passed.size).toBe(0);
    const done = await lookAt(step, memory, portsOf([pod('new', 'Running')]));
    expect([...(await lookAt(step, done, portsOf([]))).passed]).toEqual([0]);
  });
});

test('a line of the terminal counts when it fits', async () => {
  const check = { kind: 'ran', says: '', command: '^docker push ' } as const;
  expect(await holds(check, portsOf([], ['docker tag a b']))).toBe(false);
  expect(await holds(check, portsOf([], ['docker push b']))).toBe(true);
});

test.each([
  ['.a.b', [1]],
  [".a['x/y']", [2]],
  ['.list[*].n', [3, 4]],
  ['.list[1].n', [4]],
  ['.missing.b', []],
  ['.__proto__', []],
])('%s leads to %j', (path, values) => {
  expect(valuesAt({ a: { b: 1, 'x/y': 2 }, list: [{ n: 3 }, { n: 4 }] }, path)).toEqual(values);
});
