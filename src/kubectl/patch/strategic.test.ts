import { expect, test } from 'vitest';
import { parseYaml } from '../../api/yaml.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { strategicMerge } from './strategic.ts';

function yaml(text: string): JsonObject {
  const { value } = parseYaml(text);
  return isObject(value) ? value : {};
}

test.each([
  // objects
  ['fields merge', 'a: 1\nb: {c: 2, d: 3}', 'b: {c: 9}', 'a: 1\nb: {c: 9, d: 3}'],
  ['null takes a field away', 'a: 1\nb: 2', 'b: null', 'a: 1'],
  ['a replaced object keeps nothing', 'spec: {a: 1}', 'spec: {$patch: replace, b: 2}', 'spec: {b: 2}'],
  // lists
  [
    'containers merge by name',
    'spec: {containers: [{name: x, image: a}, {name: y, image: b}]}',
    'spec: {containers: [{name: y, tty: true}, {name: z, image: c}]}',
    'spec: {containers: [{name: x, image: a}, {name: y, image: b, tty: true}, {name: z, image: c}]}',
  ],
  [
    'a container is deleted by name',
    'spec: {containers: [{name: x}, {name: y}]}',
    'spec: {containers: [{$patch: delete, name: x}]}',
    'spec: {containers: [{name: y}]}',
  ],
  ['lists without a key are replaced', 'spec: {args: [a, b]}', 'spec: {args: [c]}', 'spec: {args: [c]}'],
])('%s', (_, before, patch, after) => {
  expect(strategicMerge(yaml(before), yaml(patch))).toEqual(yaml(after));
});
