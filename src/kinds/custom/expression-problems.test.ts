// Expressions that do not compile, in cel-go's words, and where it points to.
import { expect, test } from 'vitest';
import { loadLateCode } from '../../base/late.ts';
import { compileRules } from './rule-compiler.ts';
import type { Schema } from './schema-node.ts';

await loadLateCode();

const schema: Schema = {
  type: 'object',
  properties: {
    n: { type: 'integer' },
    s: { type: 'string' },
    list: { type: 'array', items: { type: 'string' } },
  },
};

test.each<[string, string]>([
  ['self.n == self.s', "1:8: found no matching overload for '_==_' applied to '(int, string)'"],
  ['self.n in self.list', "1:8: found no matching overload for '@in' applied to '(int, list(string))'"],
  ['!self.n', "1:1: found no matching overload for '!_' applied to '(int)'"],
  ["self.list['a'] == 'b'", "1:10: found no matching overload for '_[_]' applied to '(list(string), string)'"],
  ["true ? self.n : 'a'", "1:6: found no matching overload for '_?_:_' applied to '(bool, int, string)'"],
  ['self.s.startsWith(1)', "1:18: found no matching overload for 'startsWith' applied to 'string.(int)'"],
  ['self.list.exists(x, x)', "1:21: expected type 'bool' but found 'string'"],
  ['self.n.x', "1:7: type 'int' does not support field selection"],
  // Names that there are not.
  ['self.x == 1', "1:5: undefined field 'x'"],
  ['other == 1', "1:1: undeclared reference to 'other' (in container '')"],
  ['self.s.unknown()', "1:15: undeclared reference to 'unknown' (in container '')"],
  // What is no expression.
  [
    'self.n ==',
    "1:10: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
  ],
  ['(self.n == 1', "1:13: Syntax error: missing ')' at '<EOF>'"],
  ['self.list[0', "1:12: Syntax error: missing ']' at '<EOF>'"],
])('%s: %s', (rule, expected) => {
  const [compiled] = compileRules({ ...schema, 'x-kubernetes-validations': [{ rule }] }, false);
  const [first = ''] = (compiled?.problem ?? '').split('\n');
  expect(first.replace('compilation failed: ERROR: <input>:', '')).toBe(expected);
});
