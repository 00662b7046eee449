// What is no expression, in the words of cel-go's parser.
import { expect, test } from 'vitest';
import { syntaxProblem } from './syntax-problems.ts';

const operand =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

test.each([
  // Where an operand should be.
  ['1 +', 'Unexpected token: EOF', 3, `mismatched input '<EOF>' expecting ${operand}`],
  ['f( ', 'Unexpected token: EOF', 3, `mismatched input '<EOF>' expecting ${operand.replace("'(', ", "'(', ')', ")}`],
  ['f(1,', 'Unexpected token: EOF', 4, `mismatched input '<EOF>' expecting ${operand}`],
  ['[1,2, ', 'Unexpected token: EOF', 6, "missing ']' at '<EOF>'"],
  ['{"a[":1,', 'Unexpected token: EOF', 8, "missing '}' at '<EOF>'"],
  // What is open, and how it may go on.
  ['(1', 'Expected RPAREN, got EOF', 2, "missing ')' at '<EOF>'"],
  ['a[1', 'Expected RBRACKET, got EOF', 3, "missing ']' at '<EOF>'"],
  ['x in [1', 'Expected RBRACKET, got EOF', 7, "mismatched input '<EOF>' expecting {']', ','}"],
  ['{"a":1', 'Expected RBRACE, got EOF', 6, "mismatched input '<EOF>' expecting {'}', ','}"],
  ['a ? b', 'Expected COLON, got EOF', 5, "mismatched input '<EOF>' expecting ':'"],
  ['{"a"}', 'Expected COLON, got RBRACE', 4, "mismatched input '}' expecting ':'"],
  ['[1 2]', 'Expected RBRACKET, got NUMBER', 3, "extraneous input '2' expecting {']', ','}"],
  ['f(1 2)', 'Expected RPAREN, got NUMBER', 4, "extraneous input '2' expecting ')'"],
  // What is too much.
  ['x y', "Unexpected character: 'y'", 2, "extraneous input 'y' expecting <EOF>"],
  ['true false', "Unexpected character: 'e'", 5, "extraneous input 'false' expecting <EOF>"],
  ['a "b c"', "Unexpected character: '\"'", 2, 'extraneous input \'"b c"\' expecting <EOF>'],
  ['x y z', "Unexpected character: 'y'", 2, "mismatched input 'y' expecting <EOF>"],
  ['a: b', "Unexpected character: ':'", 1, "mismatched input ':' expecting <EOF>"],
])('%s: %s', (text, summary, at, problem) => {
  expect(syntaxProblem(text, summary, at)).toBe(problem);
});
