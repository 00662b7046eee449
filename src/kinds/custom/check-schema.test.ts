// Values against schemas, and what upstream's validator says of them.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fieldErrorText } from '../../api/field-error.ts';
import { checkRules } from './check-rules.ts';
import { checkSchema } from './check-schema.ts';
import { prune } from './prune.ts';
import { withDefaults, withoutNulls } from './schema-defaults.ts';

const texts = (schema: string, value: string, before?: string): readonly string[] =>
  checkSchema(parse(schema), parse(value), before === undefined ? {} : { before: { value: parse(before) } }).map(
    fieldErrorText,
  );

const spec = (schema: string): string => `{type: object, properties: {spec: ${schema}}}`;

describe('a schema', () => {
  const rows: readonly (readonly [schema: string, value: string, errors: readonly string[]])[] = [
    // types
    ['{type: integer}', '3', []],
    ['{type: integer}', 'two', ['spec: Invalid value: "string": spec in body must be of type integer: "string"']],
    [
      '{type: integer}',
      '1.5',
      [
        'spec: Invalid value: "number": spec in body must be of type integer: "number"',
        '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec',
      ],
    ],
    ['{type: number}', '3', []],
    ['{type: string, nullable: true}', 'null', []],
    ['{x-kubernetes-int-or-string: true}', '50%', []],
    [
      '{x-kubernetes-int-or-string: true}',
      'true',
      ['spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"'],
    ],
    // bounds
    [
      '{type: integer, maximum: 10}',
      '50',
      ['spec: Invalid value: 50: spec in body should be less than or equal to 10'],
    ],
    ['{type: integer, minimum: 1}', '0', ['spec: Invalid value: 0: spec in body should be greater than or equal to 1']],
    ['{type: string, maxLength: 2}', 'abc', ['spec: Too long: may not be more than 2 bytes']],
    ['{type: string, minLength: 2}', 'a', ['spec: Invalid value: "a": spec in body should be at least 2 chars long']],
    ['{type: string, pattern: "^a$"}', 'b', [`spec: Invalid value: "b": spec in body should match '^a$'`]],
    ['{type: string, enum: [a, b]}', 'c', ['spec: Unsupported value: "c": supported values: "a", "b"']],
    ['{type: string, format: ipv4}', 'x', ['spec: Invalid value: "x": spec in body must be of type ipv4: "x"']],
    ['{type: string, format: odd}', 'x', []],
    // lists and objects
    [
      '{type: array, maxItems: 1, items: {type: string}}',
      '[a, 2]',
      [
        'spec[1]: Invalid value: "integer": spec[1] in body must be of type string: "integer"',
        'spec: Too many: 2: must have at most 1 item',
      ],
    ],
    ['{type: object, required: [a]}', '{}', ['spec.a: Required value']],
    ['{type: object, additionalProperties: {type: string}}', '{a: b}', []],
    // alternatives
    [
      '{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}',
      '{}',
      [
        '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid',
        'spec.a: Required value',
      ],
    ],
    ['{type: string, not: {enum: [a]}}', 'a', ['<nil>: Invalid value: "": "spec" must not validate the schema (not)']],
  ];
  test.each(rows)('%s checks %s', (schema, value, errors) => {
    expect(texts(spec(schema), `{spec: ${value}}`)).toEqual(errors);
  });

  test('lets what was wrong before and did not change stay', () => {
    const schema = spec('{type: object, properties: {a: {type: integer, maximum: 1}, b: {type: integer, maximum: 1}}}');
    expect(texts(schema, '{spec: {a: 5, b: 5}}', '{spec: {a: 5, b: 1}}')).toEqual([
      'spec.b: Invalid value: 5: spec.b in body should be less than or equal to 1',
    ]);
  });

  test('prunes what it does not name, and tells of it', () => {
    const schema = parse(spec('{type: object, properties: {a: {type: string}}}'));
    const value = parse('{spec: {b: 1, a: x}, kind: K, odd: {}}');
    expect(prune(value, schema, { root: true })).toEqual({
      value: { kind: 'K', spec: { a: 'x' } },
      unknown: ['odd', 'spec.b'],
    });
  });

  test('keeps everything where unknown fields are preserved', () => {
    const schema = parse(spec('{type: object, x-kubernetes-preserve-unknown-fields: true}'));
    const value = parse('{spec: {b: {c: 1}}}');
    expect(prune(value, schema, { root: true })).toEqual({ value, unknown: [] });
  });

  test('fills in defaults, for nulls too where null is not allowed', () => {
    const schema = parse(spec('{type: object, properties: {a: {type: integer, default: 1}, b: {type: string}}}'));
    expect(withoutNulls(parse('{spec: {a: null, b: null}}'), schema)).toEqual({ spec: { a: null } });
    expect(withDefaults(parse('{spec: {a: null}}'), schema)).toEqual({ spec: { a: 1 } });
  });
});

describe('a rule', () => {
  const check = (rule: string, value: string, before?: string): readonly string[] => {
    const schema = parse(`
type: object
properties:
  a: {type: integer}
  list: {type: array, items: {type: object, properties: {n: {type: string}}}}
  map: {type: object, additionalProperties: {type: integer}}
  odd-name: {type: string}
x-kubernetes-validations: [${rule}]`);
    const old = before === undefined ? undefined : { value: parse(before) };
    return checkRules(schema, { value: parse(value), before: old }, { below: 'spec' }).map(fieldErrorText);
  };
  const rows: readonly (readonly [
    rule: string,
    value: string,
    before: string | undefined,
    errors: readonly string[],
  ])[] = [
    ['{rule: self.a > 1}', '{a: 2}', undefined, []],
    ['{rule: self.a > 1}', '{a: 1}', undefined, ['spec: Invalid value: failed rule: self.a > 1']],
    ['{rule: self.a > 1, message: too small}', '{a: 1}', undefined, ['spec: Invalid value: too small']],
    [
      `{rule: self.a > 1, messageExpression: "'got ' + string(self.a)"}`,
      '{a: 1}',
      undefined,
      ['spec: Invalid value: got 1'],
    ],
    [
      '{rule: self.a > 1, message: no, reason: FieldValueForbidden, fieldPath: .a}',
      '{a: 1}',
      undefined,
      ['spec.a: Forbidden: no'],
    ],
    [
      '{rule: self.a > 1}',
      '{}',
      undefined,
      ['spec: Invalid value: "object": no such key: a evaluating rule: self.a > 1'],
    ],
    [
      `{rule: "!has(self.a) || self.a == oldSelf.a", message: fixed}`,
      '{a: 2}',
      '{a: 1}',
      ['spec: Invalid value: fixed'],
    ],
    ['{rule: self.a == oldSelf.a}', '{a: 2}', undefined, []],
    ['{rule: self == oldSelf, message: fixed}', '{a: 2}', '{a: 1}', ['spec: Invalid value: fixed']],
    [
      `{rule: "self.list.all(x, x.n != 'b')", message: no b}`,
      '{list: [{n: a}, {n: b}]}',
      undefined,
      ['spec: Invalid value: no b'],
    ],
    [
      `{rule: "self.map.all(k, self.map[k] < 3)", message: too much}`,
      '{map: {x: 5}}',
      undefined,
      ['spec: Invalid value: too much'],
    ],
    [
      `{rule: "self.odd__dash__name.startsWith('x')", message: no x}`,
      '{odd-name: y}',
      undefined,
      ['spec: Invalid value: no x'],
    ],
    [
      '{rule: "oldSelf.hasValue() || self.a == 1", optionalOldSelf: true, message: begin with 1}',
      '{a: 2}',
      undefined,
      ['spec: Invalid value: begin with 1'],
    ],
    [
      '{rule: "oldSelf.hasValue() || self.a == 1", optionalOldSelf: true, message: begin with 1}',
      '{a: 2}',
      '{a: 1}',
      [],
    ],
  ];
  test.each(rows)('%s looks at %s (before: %s)', (rule, value, before, errors) => {
    expect(check(rule, value, before)).toEqual(errors);
  });
});
