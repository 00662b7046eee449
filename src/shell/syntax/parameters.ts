// Parses ${…}: the parameter, its index, the operator and its operands.
import type { Parameter, Word } from './ast.ts';
import type { Scanner } from './scanner.ts';

type ParseOperand = (scanner: Scanner, ends: string, inDouble: boolean) => Word;

const operators = [
  ':-',
  ':=',
  ':?',
  ':+',
  '##',
  '%%',
  '//',
  '/#',
  '/%',
  '^^',
  ',,',
  '-',
  '=',
  '?',
  '+',
  '#',
  '%',
  '/',
  '^',
  ',',
  ':',
  '@',
];

/** After `${`; consumes the closing brace. */
export function parseBraced(scanner: Scanner, inDouble: boolean, parseOperand: ParseOperand): Parameter {
  const start = scanner.at;
  const prefix = parsePrefix(scanner);
  const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])/.exec(
    scanner.text.slice(scanner.at, scanner.at + 300),
  )?.[0];
  if (name === undefined) return badSubstitution(scanner, start);
  scanner.at += name.length;
  let index: Word | undefined;
  if (scanner.char === '[') {
    scanner.at++;
    index = parseOperand(scanner, ']', inDouble);
    scanner.at++;
  }
  const operator = operators.find((candidate) => scanner.startsWith(candidate)) ?? '';
  scanner.at += operator.length;
  const operands = operator === '' ? [] : parseOperands(scanner, operator, { inDouble, parseOperand });
  if (scanner.ended) scanner.fail({ kind: 'unterminated', detail: '}', incomplete: true });
  if (scanner.char !== '}') return badSubstitution(scanner, start);
  scanner.at++;
  return { kind: 'parameter', name, index, prefix, operator, operands };
}

function parsePrefix(scanner: Scanner): '#' | '!' | undefined {
  const { char } = scanner;
  const next = scanner.text.charAt(scanner.at + 1);
  const isName =
    /[A-Za-z_0-9@*]/.test(next) ||
    (char === '#' && /[?$!#-]/.test(next) && scanner.text.charAt(scanner.at + 2) === '}');
  if ((char !== '#' && char !== '!') || !isName) return undefined;
  scanner.at++;
  return char;
}

function parseOperands(
  scanner: Scanner,
  operator: string,
  { inDouble, parseOperand }: { readonly inDouble: boolean; readonly parseOperand: ParseOperand },
): readonly Word[] {
  const separator = operator.startsWith('/') ? '/' : operator === ':' ? ':' : '';
  // A pattern's quotes count even inside double quotes: "${x#"$y"}".
  const first = parseOperand(scanner, `${separator}}`, inDouble);
  if (separator === '' || scanner.char !== separator) return [first];
  scanner.at++;
  return [first, parseOperand(scanner, '}', inDouble)];
}

/** Kept as a parameter that the evaluator refuses: bash says `bad substitution` only when it gets there. */
function badSubstitution(scanner: Scanner, start: number): Parameter {
  while (!scanner.ended && scanner.char !== '}') scanner.at++;
  if (scanner.ended) scanner.fail({ kind: 'unterminated', detail: '}', incomplete: true });
  const name = scanner.text.slice(start, scanner.at);
  scanner.at++;
  return { kind: 'parameter', name, index: undefined, prefix: undefined, operator: 'bad', operands: [] };
}
