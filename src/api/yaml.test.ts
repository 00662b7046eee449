import { expect, test } from 'vitest';
import { parseYaml } from './yaml.ts';

// Recorded from kubectl v1.36.3.
const problems: readonly (readonly [text: string, problem: string])[] = [
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: x\n',
    'yaml: line 4: found character that cannot start any token',
  ],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n labels: y\n', 'yaml: line 4: did not find expected key'],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n   labels: y\n',
    'yaml: line 5: mapping values are not allowed in this context',
  ],
  ['apiVersion: v1\nkind: a: b\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['apiVersion: v1\nkind: "abc\nmetadata: x\n', 'yaml: line 4: found unexpected end of stream'],
  ["apiVersion: v1\nkind: 'abc\n", 'yaml: line 3: found unexpected end of stream'],
  ['apiVersion: v1\nkind: [a, b\n', "yaml: line 2: did not find expected ',' or ']'"],
  ['apiVersion: v1\nkind: {a: b\nmetadata: x\n', "yaml: line 2: did not find expected ',' or '}'"],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata\n  name: x\n', "yaml: line 4: could not find expected ':'"],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\nfoo\n', "yaml: line 6: could not find expected ':'"],
  ['apiVersion: v1\nkind: *foo\n', "yaml: unknown anchor 'foo' referenced"],
  ['apiVersion: v1\nkind: @foo\n', 'yaml: line 2: found character that cannot start any token'],
  ['apiVersion: v1\nkind: `foo\n', 'yaml: line 2: found character that cannot start any token'],
  ['apiVersion: v1\nkind: %foo\n', 'yaml: line 2: found character that cannot start any token'],
  ['apiVersion: v1\nlist:\n- a\n- b\n c: d\n', 'yaml: line 5: mapping values are not allowed in this context'],
  ['apiVersion: v1\nlist:\n- a\nb\n', "yaml: line 5: could not find expected ':'"],
  ['apiVersion: v1\nlist:\n  - a\n - b\n', 'yaml: line 3: did not find expected key'],
  ['apiVersion: v1\nx: - a\n', 'yaml: line 2: block sequence entries are not allowed in this context'],
  ['apiVersion: v1\nx: "a\\qb"\n', 'yaml: line 2: found unknown escape character'],
  ['a: b: c: d\n', 'yaml: mapping values are not allowed in this context'],
  ['a: b\n  c: d\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a:\n  - b\n  c: d\n', "yaml: line 2: did not find expected '-' indicator"],
  ['a:\n- b: c\n   d: e\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['a: [b, c]]\n', 'yaml: did not find expected key'],
  ['a: {b: c}}\n', 'yaml: did not find expected key'],
  ["a: 'b' c\n", 'yaml: did not find expected key'],
  ['a: "b" c\n', 'yaml: did not find expected key'],
  ['a: !!binary x\n', 'yaml: !!binary value contains invalid base64 data'],
  ['a: &x\n  b: *x\n', "yaml: anchor 'x' value contains itself"],
  ['a: |\n  x\n y\n', 'yaml: line 2: did not find expected key'],
  ['a: >\n\tx\n', 'yaml: line 2: found a tab character where an indentation space is expected'],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec:\n  containers:\n  - name: c\n    image: a\n   ports:\n',
    'yaml: line 8: did not find expected key',
  ],
  ['apiVersion: v1\nkind: Pod\nmetadata: name: x\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['apiVersion:v1\nkind: Pod\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['apiVersion: v1\nkind Pod\n', "yaml: line 3: could not find expected ':'"],
  ['a: b\n\tc: d\n', 'yaml: line 2: found a tab character that violates indentation'],
  ['a:\n  b: c\n\td: e\n', 'yaml: line 3: found a tab character that violates indentation'],
  [
    'a: 0o14\nb: 014\nc: 1_000\nd: 0x1F\ne: 1e3\nf: 12:30:45\ng: 2001-01-01\nh: y\ni: yes\nj: ~\nk: .inf\n',
    'json: unsupported value: +Inf',
  ],
];

test.each(problems)('%j is refused in the words of go-yaml', (text, problem) => {
  expect(parseYaml(text)).toEqual({ value: undefined, problem });
});

// One row for each rule of plain scalars.
const scalars = [
  ['y', true],
  ['yes', true],
  ['Off', false],
  ['~', null],
  ['014', 12],
  ['0o14', 12],
  ['0x1F', 31],
  ['1_000', 1000],
  ['1e3', 1000],
  ['12:30:45', '12:30:45'],
  ['2001-01-01', '2001-01-01'],
  ['"1"', '1'],
  ['!!str 1', '1'],
  ['!!int "3"', 3],
  ['!!binary YWJj', 'abc'],
  ["'it''s'", "it's"],
] as const;

test.each(scalars)('the scalar %s is read as go-yaml reads it', (text, value) => {
  expect(parseYaml(`a: ${text}`).value).toEqual({ a: value });
});

test('merge keys give way to own keys, and of two equal keys the last counts', () => {
  expect(parseYaml('x: &x {a: 1, b: 2}\nw: {<<: *x, b: 3}\nz: 1\nz: 2\n').value).toEqual({
    x: { a: 1, b: 2 },
    w: { a: 1, b: 3 },
    z: 2,
  });
});

test('aliases cannot blow a document up', () => {
  const levels = Array.from({ length: 30 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}]`);
  expect(parseYaml(`l0: &l0 [a]\n${levels.join('\n')}\n`).problem).toBe('yaml: document contains excessive aliasing');
});

test('keys named like inherited properties are plain keys', () => {
  expect(Object.keys(parseYaml('__proto__: {a: 1}\nconstructor: b\n').value ?? {})).toEqual([
    '__proto__',
    'constructor',
  ]);
});
