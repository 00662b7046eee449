// Storing: empty lists and maps are gone, everything else stays.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { persisted } from './persisted.ts';

const rows: readonly (readonly [definition: string, yaml: string, json: string])[] = [
  ['rbac.v1.Role', 'rules: []', '{}'],
  [
    'core.v1.ConfigMap',
    'metadata: {labels: {}, annotations: {a: b}}\ndata: {}',
    '{"metadata":{"annotations":{"a":"b"}}}',
  ],
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

test('what has neither is not copied', () => {
  const role = { metadata: { labels: { a: 'b' } }, rules: [{ verbs: ['get'] }] };
  expect(persisted('rbac.v1.Role', role)).toBe(role);
});
