// Which fields a write has changed.
import { expect, test } from 'vitest';
import { fieldsToJson } from './field-set.ts';
import type { Shape } from './shape.ts';
import { compareFields } from './value-fields.ts';

const unknown: Shape = { kind: 'deduced' };

test.each([
  [{ a: 1 }, { a: 2 }, { 'f:a': {} }, {}],
  // What becomes something else loses its fields.
  [{ x: { any: 1 } }, { x: 5 }, { 'f:x': {} }, { 'f:x': { 'f:any': {} } }],
  [{ x: 5 }, { x: { any: 1 } }, { 'f:x': { '.': {}, 'f:any': {} } }, {}],
])('%j to %j', (before, after, written, removed) => {
  const changes = compareFields(before, after, unknown);
  expect(fieldsToJson(changes.written)).toEqual(written);
  expect(fieldsToJson(changes.removed)).toEqual(removed);
});
