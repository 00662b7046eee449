// Patches of all three kinds, applied and made.
import * as fastCheck from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch, createMergePatch, createThreeWayMergePatch } from './merge-patch.ts';
import { changesIdentity } from './patch-error.ts';
import { createStrategicPatch, createThreeWayStrategicPatch } from './strategic-diff.ts';
import { applyStrategicMerge } from './strategic-merge.ts';

const pod = 'core.v1.Pod';
const flow = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();

describe('a JSON patch', () => {
  const rows: readonly (readonly [document: string, patch: string, result: string])[] = [
    ['{a: 1}', '[{op: add, path: /b, value: 2}]', '{ a: 1, b: 2 }'],
    ['{a: [1, 3]}', '[{op: add, path: /a/1, value: 2}]', '{ a: [ 1, 2, 3 ] }'],
    ['{a: [1]}', '[{op: add, path: /a/-, value: 2}]', '{ a: [ 1, 2 ] }'],
    ['{a: [1, 2]}', '[{op: remove, path: /a/0}]', '{ a: [ 2 ] }'],
    ['{a: {b/c: 1}}', '[{op: replace, path: /a/b~1c, value: 2}]', '{ a: { b/c: 2 } }'],
    ['{a: 1}', '[{op: test, path: /a, value: 1}, {op: move, from: /a, path: /b}]', '{ b: 1 }'],
    ['{a: 1}', '[{op: copy, from: /a, path: /b}]', '{ a: 1, b: 1 }'],
    ['{a: 1}', '[{op: replace, path: /b, value: 1}]', '{ a: 1, b: 1 }'],
  ];
  test.each(rows)('of %s by %s gives %s', (document, patch, result) => {
    expect(flow(applyJsonPatch(parse(document), parse(patch)))).toBe(result);
  });
  const bad: readonly (readonly [document: string, patch: string, message: string])[] = [
    ['{a: 1}', '[{op: test, path: /a, value: 2}]', 'testing value /a failed: test failed'],
    [
      '{a: 1}',
      '[{op: add, path: /b/c, value: 2}]',
      'add operation does not apply: doc is missing path: "/b/c": missing value',
    ],
    [
      '{a: 1}',
      '[{op: remove, path: /b}]',
      "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value",
    ],
    [
      '{a: []}',
      '[{op: replace, path: /a/0, value: 1}]',
      'replace operation does not apply: doc is missing key: /a/0: missing value',
    ],
    [
      '{a: [1]}',
      '[{op: add, path: /a/5, value: 1}]',
      "error in add for path: '/a/5': Unable to access invalid index: 5: invalid index referenced",
    ],
    [
      '{a: 1}',
      '[{op: move, from: /b, path: /c}]',
      "error in move for path: 'b': Unable to remove nonexistent key: b: missing value",
    ],
    [
      '{a: 1}',
      '[{op: test, path: /b/c, value: 1}]',
      'test operation does not apply: is missing path: /b/c: missing value',
    ],
    [
      '{a: [1]}',
      '[{op: replace, path: /a/1, value: 1}]',
      'replace operation does not apply: doc is missing key: /a/1: missing value',
    ],
    [
      '{a: 1}',
      '[{op: add, path: "", value: {}}]',
      'add operation does not apply: doc is missing path: "": missing value',
    ],
    [
      '{a: 1}',
      '[{op: copy, path: /b}]',
      'copy operation failed to decode from: operation, missing from field: missing value',
    ],
    [
      '{a: 1}',
      '[{op: 1}]',
      'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ],
    ['{a: 1}', '[null]', 'Unexpected kind: unknown'],
    ['{a: 1}', '[{op: frob, path: /a}]', 'Unexpected kind: frob'],
  ];
  test.each(bad)('of %s by %s is refused', (document, patch, message) => {
    expect(() => applyJsonPatch(parse(document), parse(patch))).toThrow(message);
  });
});

describe('a merge patch', () => {
  test('merges objects, replaces lists and removes with null', () => {
    const patched = applyMergePatch(
      parse('{a: {b: 1, c: 2}, l: [1], x: 1}'),
      parse('{a: {b: null, d: {e: null}}, l: [2]}'),
    );
    expect(flow(patched)).toBe('{ a: { c: 2, d: {} }, l: [ 2 ], x: 1 }');
  });
  test('leaves no nulls in what is new', () => {
    const patched = applyMergePatch(
      parse('{l: [1], o: {p: 1}}'),
      parse('{l: [{z: null, y: 1}, null], n: [{z: null}]}'),
    );
    expect(flow(patched)).toBe('{ l: [ { y: 1 }, null ], o: { p: 1 }, n: [ {} ] }');
  });
  test('is made from two documents', () => {
    expect(
      flow(createMergePatch(parse('{a: 1, b: {c: 1, d: 2}, l: [1]}'), parse('{b: {c: 3, d: 2}, l: [1, 2]}'))),
    ).toBe('{ b: { c: 3 }, l: [ 1, 2 ], a: null }');
  });
  test('is made from three: only what was applied before is deleted', () => {
    const patch = createThreeWayMergePatch(parse('{a: 1, b: 1}'), parse('{b: 2}'), parse('{a: 1, b: 1, server: 1}'));
    expect(flow(patch)).toBe('{ a: null, b: 2 }');
  });
});

describe('a strategic merge patch', () => {
  const rows: readonly (readonly [original: string, patch: string, result: string])[] = [
    // by merge key
    ['[{name: a, image: x}, {name: b}]', 'containers: [{name: a, image: y}]', '[ { name: a, image: y }, { name: b } ]'],
    ['[{name: a}]', 'containers: [{name: b}]', '[ { name: b }, { name: a } ]'],
    ['[{name: a}, {name: b}]', 'containers: [{name: a, $patch: delete}]', '[ { name: b } ]'],
    ['[{name: a}]', 'containers: [{$patch: replace}, {name: z}]', '[ { name: z } ]'],
    // order
    ['[{name: a}, {name: b}]', '$setElementOrder/containers: [{name: b}, {name: a}]', '[ { name: b }, { name: a } ]'],
    [
      '[{name: a}]',
      'containers: [{name: b}]\n$setElementOrder/containers: [{name: a}, {name: b}]',
      '[ { name: a }, { name: b } ]',
    ],
    // nested lists, nulls
    [
      '[{name: a, env: [{name: X, value: "1"}]}]',
      'containers: [{name: a, env: [{name: X, value: null}]}]',
      '[ { name: a, env: [ { name: X } ] } ]',
    ],
    ['[{name: a, args: [x]}]', 'containers: [{name: a, args: [y]}]', '[ { name: a, args: [ y ] } ]'],
  ];
  test.each(rows)('of containers %s by %s gives %s', (original, patch, result) => {
    const patched = applyStrategicMerge({ spec: { containers: parse(original) } }, { spec: parse(patch) }, pod);
    expect(flow(parse(stringify(patched)).spec.containers)).toBe(result);
  });

  test('merges and deletes scalars, and keeps only the keys it retains', () => {
    const finalizers = applyStrategicMerge(
      parse('metadata: {finalizers: [a, b]}'),
      parse('metadata: {finalizers: [c], $deleteFromPrimitiveList/finalizers: [a]}'),
      pod,
    );
    expect(flow(finalizers)).toBe('{ metadata: { finalizers: [ c, b ] } }');
    const strategy = applyStrategicMerge(
      parse('spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}'),
      parse('spec: {strategy: {$retainKeys: [type], type: Recreate}}'),
      'apps.v1.Deployment',
    );
    expect(flow(strategy)).toBe('{ spec: { strategy: { type: Recreate } } }');
  });

  const bad: readonly (readonly [patch: string, message: string])[] = [
    ['spec: {$patch: frob}', 'unknown patch type: frob in map: map[$patch:frob]'],
    ['spec: {containers: [{image: x}]}', 'map: map[image:x] does not contain declared merge key: name'],
    ['spec: {$retainKeys: [a], b: 1}', 'invalid patch format of retainKeys'],
  ];
  test.each(bad)('%s is refused', (patch, message) => {
    expect(() => applyStrategicMerge(parse('spec: {containers: [{name: a}]}'), parse(patch), pod)).toThrow(message);
  });

  test('is made from two objects', () => {
    const patch = createStrategicPatch(
      parse('spec: {containers: [{name: a, image: x}, {name: b}], nodeName: n}'),
      parse('spec: {containers: [{name: a, image: y}]}'),
      pod,
    );
    expect(flow(patch)).toMatchInlineSnapshot(
      `"{ spec: { containers: [ { image: y, name: a }, { $patch: delete, name: b } ], $setElementOrder/containers: [ { name: a } ], nodeName: null } }"`,
    );
  });

  test('is made from three as kubectl apply does', () => {
    const patch = createThreeWayStrategicPatch(
      {
        original: parse(
          'spec: {template: {spec: {containers: [{name: a, image: x}, {name: old, image: o}]}}, replicas: 1}',
        ),
        modified: parse('spec: {template: {spec: {containers: [{name: a, image: y}]}}}'),
        current: parse(
          'spec: {template: {spec: {containers: [{name: a, image: x, imagePullPolicy: Always}, {name: old, image: o}, {name: sidecar}]}}, replicas: 1, strategy: {type: RollingUpdate}}',
        ),
      },
      'apps.v1.Deployment',
    );
    expect(flow(patch)).toMatchInlineSnapshot(
      `"{ spec: { template: { spec: { containers: [ { image: y, name: a }, { $patch: delete, name: old } ], $setElementOrder/containers: [ { name: a } ] } }, replicas: null } }"`,
    );
  });

  test('changing the type of a deployment strategy retains only its keys', () => {
    const versions = {
      original: parse('spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}'),
      modified: parse('spec: {strategy: {type: Recreate}}'),
      current: parse('spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}'),
    };
    expect(flow(createThreeWayStrategicPatch(versions, 'apps.v1.Deployment'))).toMatchInlineSnapshot(
      `"{ spec: { strategy: { rollingUpdate: null, $retainKeys: [ type ], type: Recreate } } }"`,
    );
  });

  test('fields that two changed differently conflict when nobody may be overwritten', () => {
    const versions = {
      original: { spec: { replicas: 1 } },
      modified: { spec: { replicas: 2 } },
      current: { spec: { replicas: 3 } },
    };
    expect(() => createThreeWayStrategicPatch(versions, 'apps.v1.Deployment', { overwrite: false })).toThrow(
      'patch:\nspec:\n  replicas: 2\n\nconflicts with changes made from original to current:\nspec:\n  replicas: 3\n',
    );
  });

  test('knows a patch that changes what an object is', () => {
    expect(changesIdentity({ metadata: { name: 'x' } })).toBe(true);
    expect(changesIdentity({ metadata: { labels: {} }, spec: {} })).toBe(false);
  });

  test('made from two pods leads from the one to the other', () => {
    const name = fastCheck.constantFrom('a', 'b', 'c', 'd');
    const variable = fastCheck.record({ name, value: fastCheck.constantFrom('1', '2') });
    const variables = fastCheck.uniqueArray(variable, { selector: (item) => item.name, maxLength: 4 });
    const image = fastCheck.constantFrom('i', 'j');
    const container = fastCheck.record({ name, image, env: variables }, { requiredKeys: ['name'] });
    const containers = fastCheck.uniqueArray(container, { selector: (item) => item.name, minLength: 1, maxLength: 4 });
    const finalizers = fastCheck.uniqueArray(name, { minLength: 1, maxLength: 4 });
    const pods = fastCheck.record({
      metadata: fastCheck.record({ finalizers }),
      spec: fastCheck.record({ containers }),
    });
    const runs = { numRuns: 300, seed: 20260101 };
    fastCheck.assert(
      fastCheck.property(pods, pods, (original, modified) => {
        const patched = applyStrategicMerge(original, createStrategicPatch(original, modified, pod), pod);
        expect(withoutEmptyLists(patched)).toEqual(withoutEmptyLists(modified));
      }),
      runs,
    );
    fastCheck.assert(
      fastCheck.property(pods, pods, (original, modified) => {
        expect(applyMergePatch(original, createMergePatch(original, modified))).toEqual(modified);
      }),
      runs,
    );
  });
});

/** An empty list and none are the same once stored. */
function withoutEmptyLists(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, item) => (Array.isArray(item) && item.length === 0 ? undefined : item)));
}
