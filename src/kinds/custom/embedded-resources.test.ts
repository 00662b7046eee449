// What is said of resources inside of custom resources.
import { describe, expect, test } from 'vitest';
import { fieldErrorText } from '../../api/field-error.ts';
import type { JsonObject } from '../../base/json.ts';
import { embeddedErrors } from './embedded-resources.ts';
import { prune } from './prune.ts';
import type { Schema } from './schema-node.ts';

const inner: JsonObject = {
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  'x-kubernetes-preserve-unknown-fields': true,
};
const schema: Schema = {
  type: 'object',
  properties: {
    one: inner,
    more: { type: 'array', items: inner },
    named: { type: 'object', additionalProperties: inner },
  },
};

describe('an embedded resource', () => {
  test.each<[JsonObject, string]>([
    [{ one: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } } }, ''],
    [{ one: {} }, 'one.apiVersion: Required value, one.kind: Required value'],
    [{ more: [{ apiVersion: 'v1', kind: '' }] }, 'more[0].kind: Invalid value: "": must not be empty'],
    [{ named: { a: { apiVersion: 1, kind: 'Pod' } } }, 'named[a].apiVersion: Invalid value: 1: must be a string'],
    [
      { one: { apiVersion: 'a/b/c', kind: 'Pod' } },
      'one.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ],
    [
      { one: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a/b' } } },
      `one.metadata.name: Invalid value: "a/b": may not contain '/'`,
    ],
  ])('%j: %s', (value, errors) => {
    expect(embeddedErrors(schema, value).map(fieldErrorText).join(', ')).toBe(errors);
  });

  test('loses what metadata does not have', () => {
    const { value, unknown } = prune({ one: { metadata: { name: 'a', odd: 1 }, odd: 1 } }, schema, { root: true });
    expect(value).toEqual({ one: { metadata: { name: 'a' }, odd: 1 } });
    expect(unknown).toEqual(['one.metadata.odd']);
  });
});
