import { expect, test } from 'vitest';
import { emitYaml } from './yaml-emit.ts';

const values = [
  '',
  'true',
  'y',
  '0o14',
  '1.5',
  'null',
  'a: b',
  'a #b',
  '- a',
  "it's",
  "'q'",
  'a\nb',
  'a\nb\n',
  'a\n\n',
  ' a',
  'a ',
  'a \nb',
  '\ta',
  'é',
  '😀',
  'x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x',
  'k: word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word ',
  '2001-01-01',
  '12:30',
  '<<',
  '=',
  '@a',
  '*a',
  '{}',
  '\n a',
  '10.0.0.1',
  '1e3',
  '.inf',
  'http://a/b',
];

// Recorded from `kubectl create configmap --dry-run=client -o yaml` v1.36.3.
const recorded = [
  'apiVersion: v1',
  'data:',
  '  k0: ""',
  '  k1: "true"',
  '  k2: "y"',
  '  k3: "0o14"',
  '  k4: "1.5"',
  '  k5: "null"',
  "  k6: 'a: b'",
  "  k7: 'a #b'",
  "  k8: '- a'",
  "  k9: it's",
  "  k10: '''q'''",
  '  k11: |-',
  '    a',
  '    b',
  '  k12: |',
  '    a',
  '    b',
  '  k13: |+',
  '    a',
  '',
  "  k14: ' a'",
  "  k15: 'a '",
  '  k16: "a \\nb"',
  '  k17: "\\ta"',
  '  k18: é',
  '  k19: "\\U0001F600"',
  '  k20: x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x',
  '    x x x x x x x x x x x x x x x x x x x x x x',
  "  k21: 'k: word word word word word word word word word word word word word word word",
  "    word word word word word word word word word word word word word word word '",
  '  k22: "2001-01-01"',
  '  k23: "12:30"',
  '  k24: <<',
  '  k25: =',
  "  k26: '@a'",
  "  k27: '*a'",
  "  k28: '{}'",
  '  k29: |2-',
  '',
  '     a',
  '  k30: 10.0.0.1',
  '  k31: "1e3"',
  '  k32: ".inf"',
  '  k33: http://a/b',
  'kind: ConfigMap',
  'metadata:',
  '  name: x',
  '',
];

test('every style of text is chosen and folded as kubectl does it', () => {
  const data = Object.fromEntries(values.map((value, i) => [`k${i}`, value]));
  expect(emitYaml({ apiVersion: 'v1', data, kind: 'ConfigMap', metadata: { name: 'x' } }).split('\n')).toEqual(
    recorded,
  );
});

test('lists stand at the indentation of their key', () => {
  expect(emitYaml({ a: [{ b: 1, c: [] }, ['x']], d: {} })).toMatchInlineSnapshot(`
    "a:
    - b: 1
      c: []
    - - x
    d: {}
    "
  `);
});
