// What the server writes: everything in its order, what is always written also where it was never set.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ordered } from './field-order.ts';

const rows: readonly (readonly [definition: string, yaml: string, json: string])[] = [
  // Lists, structs, texts and pointers that are always written.
  ['rbac.v1.Role', 'metadata: {name: a}', '{"metadata":{"name":"a"},"rules":null}'],
  ['rbac.v1.Role', 'rules: [{verbs: [get]}]\nmetadata: {}', '{"metadata":{},"rules":[{"verbs":["get"]}]}'],
  ['rbac.v1.RoleBinding', '{}', '{"metadata":{},"roleRef":{"apiGroup":"","kind":"","name":""}}'],
  [
    'core.v1.PodCondition',
    'status: "True"\ntype: Ready',
    '{"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":null}',
  ],
  ['core.v1.Container', 'image: i', '{"name":"","image":"i","resources":{}}'],
  ['storage.v1.StorageClass', 'provisioner: p', '{"metadata":{},"provisioner":"p"}'],
  // What is empty is left out of fields that say so, and stays in the others.
  ['rbac.v1.Role', 'metadata: {labels: {}}\nrules: []', '{"metadata":{},"rules":[]}'],
  ['core.v1.ConfigMap', 'data: {}\nimmutable: false', '{"metadata":{},"immutable":false}'],
  ['core.v1.Volume', 'emptyDir: {}\nname: v', '{"name":"v","emptyDir":{}}'],
  // Maps by key.
  ['core.v1.ConfigMap', 'data: {b: x, a: ""}', '{"metadata":{},"data":{"a":"","b":"x"}}'],
];

test.each(rows)('%s writes %s', (definition, yaml, json) => {
  expect(JSON.stringify(ordered(parse(yaml), definition))).toBe(json);
});

test('what is whole and in order already is not copied', () => {
  const role = { metadata: { name: 'a' }, rules: [{ verbs: ['get'] }] };
  const shown = ordered(role, 'rbac.v1.Role');
  expect(shown.rules).toBe(role.rules);
  expect(shown.metadata).toBe(role.metadata);
});
