// jq's values: order, types, arithmetic, printing.
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import { JqError } from './ast.ts';

export function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  return typeof value === 'object' ? 'object' : typeof value;
}

const ranks = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];

function rank(value: JsonValue): number {
  return ranks.indexOf(typeof value === 'boolean' ? String(value) : typeName(value));
}

export function compare(a: JsonValue, b: JsonValue): number {
  const order = rank(a) - rank(b);
  if (order !== 0) return order;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (isList(a) && isList(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const inner = compare(a[i] ?? null, b[i] ?? null);
      if (inner !== 0) return inner;
    }
    return a.length - b.length;
  }
  if (!isObject(a) || !isObject(b)) return 0;
  const [left, right] = [Object.keys(a).sort(), Object.keys(b).sort()];
  const keys = compare(left, right);
  if (keys !== 0) return keys;
  for (const key of left) {
    const inner = compare(a[key] ?? null, b[key] ?? null);
    if (inner !== 0) return inner;
  }
  return 0;
}

/** A value as an error message shows it. */
export function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return `${typeName(value)} (${text.length > 11 ? `${text.slice(0, 10)}...` : text})`;
}

export function arithmetic(operator: string, a: JsonValue, b: JsonValue): JsonValue {
  if (operator === '+') {
    if (a === null) return b;
    if (b === null) return a;
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (isList(a) && isList(b)) return [...a, ...b];
    if (isObject(a) && isObject(b)) return { ...a, ...b };
  } else if (typeof a === 'number' && typeof b === 'number') {
    if ((operator === '/' || operator === '%') && b === 0)
      throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`);
    if (operator === '-') return a - b;
    if (operator === '*') return a * b;
    return operator === '/' ? a / b : Math.trunc(a) % Math.trunc(b);
  } else if (operator === '-' && isList(a) && isList(b))
    return a.filter((item) => !b.some((other) => compare(item, other) === 0));
  else if (operator === '*' && isObject(a) && isObject(b)) return merge(a, b);
  else if (operator === '*' && typeof a === 'string' && typeof b === 'number')
    return b <= 0 ? null : a.repeat(Math.min(100_000, Math.ceil(b)));
  else if (operator === '/' && typeof a === 'string' && typeof b === 'string') return a === '' ? [] : a.split(b);
  const verb = { '+': 'added', '-': 'subtracted', '*': 'multiplied', '/': 'divided', '%': 'divided' }[operator];
  throw new JqError(`${shown(a)} and ${shown(b)} cannot be ${verb}`);
}

function merge(a: JsonValue, b: JsonValue): JsonValue {
  if (!isObject(a) || !isObject(b)) return b;
  const merged = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b))
    merged.set(key, merged.has(key) ? merge(merged.get(key) ?? null, value) : value);
  return Object.fromEntries(merged);
}
