// What events are refused for.
import { expect, test } from 'vitest';
import { refusalOf } from '../testing/refusal.ts';

function event(fields: string, namespace = 'default'): string {
  return `apiVersion: v1\nkind: Event\nmetadata: {name: e, namespace: ${namespace}}\n${fields}`;
}

test.each([
  [event('involvedObject: {namespace: default}'), 'fine'],
  [event('involvedObject: {}'), 'fine'],
  [event('involvedObject: {}', 'a'), 'involvedObject.namespace: Invalid value: "": does not match event.namespace'],
  [
    event('involvedObject: {namespace: b}', 'a'),
    'involvedObject.namespace: Invalid value: "b": does not match event.namespace',
  ],
  [
    event(
      `involvedObject: {}\neventTime: 2026-01-01T00:00:00.000000Z\nreportingComponent: a.b/c\nreason: ${'r'.repeat(129)}`,
    ),
    'reportingInstance: Required value\naction: Required value\nreason: Invalid value: "": can have at most 128 characters',
  ],
])('%s', (yaml, refusal) => {
  expect(refusalOf(yaml)).toBe(refusal);
});
