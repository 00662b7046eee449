// How the fields of custom resources are owned, and what is said of configurations that do not fit.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../base/json.ts';
import type { Schema } from '../../../kinds/custom/schema-node.ts';
import { shapeOfCustom, typedCustom } from './custom-shape.ts';
import { fieldsToJson } from './field-set.ts';
import { typedProblem } from './typed-problem.ts';
import { fieldsOf } from './value-fields.ts';

const text: JsonObject = { type: 'string' };
const port: JsonObject = {
  type: 'object',
  properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
};
const spec: Schema = {
  type: 'object',
  properties: {
    size: { type: 'integer' },
    tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    ports: {
      type: 'array',
      items: port,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
    },
    whole: { type: 'array', items: port },
    labels: { type: 'object', additionalProperties: text },
    fixed: { type: 'object', additionalProperties: text, 'x-kubernetes-map-type': 'atomic' },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: text } },
    either: { 'x-kubernetes-int-or-string': true },
    inner: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: text } },
    empty: { type: 'object' },
  },
};
const schema: Schema = { type: 'object', properties: { spec } };

describe('the shape of a custom resource', () => {
  test.each<[string, JsonObject, string]>([
    ['a declared field', { size: 1 }, "{'f:size':{}}"],
    ['a set, item by item', { tags: ['a'] }, "{'f:tags':{'v:\\'a\\'':{}}}"],
    [
      'a list with keys, with those that have defaults',
      { ports: [{ port: 1 }] },
      "{'f:ports':{'k:{\\'port\\':1,\\'protocol\\':\\'TCP\\'}':{'.':{},'f:port':{}}}}",
    ],
    ['an atomic list', { whole: [{ port: 1 }] }, "{'f:whole':{}}"],
    ['a map, entry by entry', { labels: { a: 'b' } }, "{'f:labels':{'f:a':{}}}"],
    ['an atomic map', { fixed: { a: 'b' } }, "{'f:fixed':{}}"],
    [
      'what is preserved',
      { free: { known: 'a', odd: { b: 1 } } },
      "{'f:free':{'f:known':{},'f:odd':{'.':{},'f:b':{}}}}",
    ],
    [
      'an object inside of another',
      { inner: { kind: 'A', metadata: { finalizers: ['a'] } } },
      "{'f:inner':{'f:kind':{},'f:metadata':{'f:finalizers':{'v:\\'a\\'':{}}}}}",
    ],
  ])('owns %s', (_what, given, owned) => {
    const fields = fieldsToJson(fieldsOf({ spec: given }, shapeOfCustom(schema)));
    expect(JSON.stringify(fields).replaceAll('"', "'")).toBe(`{'f:spec':${owned}}`);
  });

  test.each<[JsonObject, string | undefined]>([
    [{ spec: { size: 1, either: 'x', free: { odd: 1 }, empty: { any: [] } } }, undefined],
    [{ spec: { odd: 1 } }, '.spec.odd: field not declared in schema'],
    [{ odd: 1 }, '.odd: field not declared in schema'],
    [{ spec: { size: 'x' } }, '.spec.size: expected numeric (int or float), got string'],
    [{ spec: { tags: ['a', 'a'] } }, '.spec.tags: duplicate entries for key [="a"]'],
    [
      { spec: { ports: [{ port: 1 }, { port: 1, protocol: 'TCP' }] } },
      '.spec.ports: duplicate entries for key [port=1,protocol="TCP"]',
    ],
    [{ spec: { whole: [{ odd: 1 }] } }, '.spec.whole[0].odd: field not declared in schema'],
    [{ metadata: { odd: 1 } }, '.metadata.odd: field not declared in schema'],
    [{ spec: { inner: { odd: 1 } } }, '.spec.inner.odd: field not declared in schema'],
  ])('%j is told: %s', (config, problem) => {
    expect(typedProblem(config, typedCustom(schema))).toBe(problem);
  });
});
