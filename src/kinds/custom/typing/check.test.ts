// What the checker of CEL says of expressions: where, and in which words.
import { describe, expect, test } from 'vitest';
import type { Schema } from '../schema-node.ts';
import { checkTypes } from './check.ts';
import { parseExpression } from './parse.ts';
import { schemaType } from './schema-type.ts';
import { dyn, typeText } from './types.ts';

const text = { type: 'string' } as const;
const schema: Schema = {
  type: 'object',
  properties: {
    s: text,
    i: { type: 'integer' },
    b: { type: 'boolean' },
    l: { type: 'array', items: text },
    li: { type: 'array', items: { type: 'integer' } },
    m: { type: 'object', additionalProperties: { type: 'integer' } },
    o: { type: 'object', properties: { x: text, 'z-z': text } },
    d: { type: 'string', format: 'date-time' },
    du: { type: 'string', format: 'duration' },
    ios: { 'x-kubernetes-int-or-string': true },
  },
};
const variables = new Map([['self', schemaType(schema, 'self', true) ?? dyn]]);

function said(expression: string): string {
  const parsed = parseExpression(expression);
  if (!parsed) return 'no syntax';
  const { type, problems } = checkTypes(parsed.expression, variables);
  const found = parsed.problems.length > 0 ? parsed.problems : problems;
  if (found.length === 0) return typeText(type);
  const sorted = [...found].sort((a, b) => a.at - b.at);
  return sorted.map(({ at, what }) => `${at + 1}: ${what.replace(" (in container '')", '')}`).join('; ');
}

describe('an expression is of a type', () => {
  test.each([
    ['self.i + 1', 'int'],
    ['self.i > 1.0', 'bool'],
    ['self.o == null', 'bool'],
    ['self.o.z__dash__z', 'string'],
    ['self.ios + 1 == 2', 'bool'],
    ['self.l.map(x, size(x))', 'list(int)'],
    ['self.m.all(k, v, v > 0)', 'bool'],
    ['self.m.transformMap(k, v, v > 1, string(v))', 'map(string, string)'],
    ['self.l.sortBy(x, x.size())', 'list(string)'],
    ['self.?o.x', 'optional_type(string)'],
    ["self.m[?'a'].orValue(1)", 'int'],
    ["self.?s.optMap(x, x + 'a')", 'optional_type(string)'],
    ["[?self.?s, 'a']", 'list(string)'],
    ["'%d %s'.format([1, 'a'])", 'string'],
    ['self.d - self.d', 'duration'],
    ["url('a').getQuery()", 'map(string, list(string))'],
    ['quantity(self.s).add(1).isGreaterThan(quantity("1"))', 'bool'],
    ['format.dns1123Label().validate(self.s).value()', 'list(string)'],
    ['type(self.s) == string', 'bool'],
    ['[].all(x, x)', 'bool'],
    ['google.protobuf.Duration{seconds: 1} == self.du', 'bool'],
    ["r'\\d' + '''a\nb'''", 'string'],
  ])('%s: %s', (expression, wanted) => expect(said(expression)).toBe(wanted));
});

describe('an expression is refused', () => {
  test.each([
    ['self.nope', "5: undefined field 'nope'"],
    ['has(self.nope)', "4: undefined field 'nope'"],
    ['has(self)', '5: invalid argument to has() macro'],
    ['self.s.x', "7: type 'string' does not support field selection"],
    ['self.l.all(x, x)', "15: expected type 'bool' but found 'string'"],
    [
      'self.l.filter(x, x)',
      "14: found no matching overload for '_?_:_' applied to '(string, list(string), list(string))'",
    ],
    ['self.l.all(x)', "11: undeclared reference to 'all'; 12: undeclared reference to 'x'"],
    ['self.l.all(1, true)', '12: argument must be a simple name'],
    [
      'self.all(x, true)',
      "1: expression of type 'self' cannot be range of a comprehension (must be list, map, or dynamic)",
    ],
    ['1 in self.m', "3: found no matching overload for '@in' applied to '(int, map(string, int))'"],
    ["[1, 'a']", "5: expected type 'int' but found 'string'"],
    ["{'a': 1, 2: 3}", "10: expected type 'string' but found 'int'"],
    ['self.i && self.b', "5: expected type 'bool' but found 'int'"],
    ["self.b ? 1 : 'a'", "8: found no matching overload for '_?_:_' applied to '(bool, int, string)'"],
    ['self.s == null', "8: found no matching overload for '_==_' applied to '(string, null)'"],
    ["self.d == '2020'", "8: found no matching overload for '_==_' applied to '(timestamp, string)'"],
    ['self.li.join()', "13: found no matching overload for 'join' applied to 'list(int).()'"],
    ['math.ceil(1.2)', "1: undeclared reference to 'math'; 10: undeclared reference to 'ceil'"],
    ["duration('abc')", '10: invalid duration argument'],
    ["self.s.matches('(')", '16: invalid matches argument'],
    ["url('a').x", "9: unexpected failed resolution of 'kubernetes.URL'"],
    ['9223372036854775808', '1: invalid int literal'],
    ['Object{x: 1}', "7: undeclared reference to 'Object'"],
  ])('%s: %s', (expression, wanted) => expect(said(expression)).toBe(wanted));

  test.each([
    'self..s',
    '1 +',
    'true true',
    "'a",
    '(1',
    '[1,,2]',
    'f(1,)',
    'a.in',
    `${'('.repeat(400)}1${')'.repeat(400)}`,
  ])('for its syntax: %s', (expression) => expect(said(expression)).toBe('no syntax'));
});
