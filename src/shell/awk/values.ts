// awk's values: numbers, texts, and texts from input that count as numbers when they look like them.
import { formatGeneral } from '../text/printf.ts';
import { AwkError } from './ast.ts';

export type Value = number | string | { readonly input: string };

export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return value.input;
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value === 0 ? 0 : value) : formatGeneral(value);
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : value.input;
  const match = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(text);
  return match ? Number(match[0]) : 0;
}

function looksNumeric(value: Value): boolean {
  if (typeof value === 'number') return true;
  return (
    typeof value !== 'string' &&
    (value.input === '' ? false : /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value.input))
  );
}

export function toBoolean(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string' && looksNumeric(value)) return toNumber(value) !== 0;
  return toText(value) !== '';
}

export function compareValues(left: Value, right: Value): number {
  const empty = (value: Value) => typeof value === 'object' && value.input === '';
  const numeric =
    (looksNumeric(left) || empty(left)) && (looksNumeric(right) || empty(right)) && !(empty(left) && empty(right));
  const isNumeric =
    numeric &&
    !(typeof left === 'object' && empty(left) && typeof right === 'object') &&
    !(typeof right === 'object' && empty(right) && typeof left === 'object');
  if (isNumeric) return toNumber(left) - toNumber(right);
  const [a, b] = [toText(left), toText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Comparison and arithmetic of two values. */
export function arithmetic(operator: string, left: Value, right: Value): Value {
  if (['<', '<=', '==', '!=', '>', '>='].includes(operator)) {
    const order = compareValues(left, right);
    const holds = {
      '<': order < 0,
      '<=': order <= 0,
      '==': order === 0,
      '!=': order !== 0,
      '>': order > 0,
      '>=': order >= 0,
    }[operator];
    return holds ? 1 : 0;
  }
  const [a, b] = [toNumber(left), toNumber(right)];
  if ((operator === '/' || operator === '%') && b === 0)
    throw new AwkError(operator === '/' ? 'division by zero' : 'division by zero in %');
  return { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b, '^': a ** b }[operator] ?? 0;
}
