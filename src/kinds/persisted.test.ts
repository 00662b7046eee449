// Storing: empty lists are gone, everything else stays.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { persisted } from './persisted.ts';

const rows: readonly (readonly [definition: string, yaml: string, json: string])[] = [
  ['rbac.v1.Role', 'rules: []', '{}'],
  ['rbac.v1.Role', 'rules: [{verbs: [], resources: [pods]}]', '{"rules":[{"resources":["pods"]}]}'],
  [
    'core.v1.Pod',
    'spec: {volumes: [{emptyDir: {}, name: v}], tolerations: []}',
    '{"spec":{"volumes":[{"emptyDir":{},"name":"v"}]}}',
  ],
  ['apps.v1.ControllerRevision', 'data: {a: []}', '{"data":{"a":[]}}'],
];

test.each(rows)('%s keeps of %s', (definition, yaml, json) => {
  expect(JSON.stringify(persisted(definition, parse(yaml)))).toBe(json);
});

test('what has no empty list is not copied', () => {
  const role = { metadata: { labels: {} }, rules: [{ verbs: ['get'] }] };
  expect(persisted('rbac.v1.Role', role)).toBe(role);
});
