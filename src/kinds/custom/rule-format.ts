// `'%s has %d'.format([name, count])` of CEL, and the functions of sets of lists.
import type { Environment } from '@marcbachmann/cel-js';

/** Registers them. */
export function registerFormat(environment: Environment): void {
  environment.registerFunction('string.format(list): string', (text: string, values: readonly unknown[]) =>
    formatted(text, values),
  );
}

/** `sets.contains(list, list)` and its like. */
export function registerSets(environment: Environment): void {
  environment.registerType('kubernetes.Sets', { ctor: Sets, fields: {} });
  environment.registerConstant('sets', 'kubernetes.Sets', new Sets());
  const on = (name: string, holds: (a: readonly unknown[], b: readonly unknown[]) => boolean): void =>
    void environment.registerFunction(
      `kubernetes.Sets.${name}(list, list): bool`,
      (_: Sets, a: readonly unknown[], b: readonly unknown[]) => holds(a, b),
    );
  const within = (list: readonly unknown[], items: readonly unknown[]): boolean => {
    const known = new Set(list.map(keyOf));
    return items.every((item) => known.has(keyOf(item)));
  };
  on('contains', within);
  on('equivalent', (a, b) => within(a, b) && within(b, a));
  on('intersects', (a, b) => b.some((item) => within(a, [item])));
}

class Sets {}

/** A text that is the same for equal values, and for no others. */
export function keyOf(value: unknown): string {
  return typeof value === 'bigint' || typeof value === 'number' ? `n${value}` : `${typeof value}${plain(value)}`;
}

function formatted(text: string, values: readonly unknown[]): string {
  let next = 0;
  const made = text.replace(/%(?:%|(?:\.(\d+))?([a-zA-Z]))/g, (clause, digits: string | undefined, verb?: string) => {
    if (clause === '%%') return '%';
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    return clauseText(values[next++], verb ?? '', digits === undefined ? 6 : Number(digits));
  });
  return made;
}

function clauseText(value: unknown, verb: string, digits: number): string {
  const whole = typeof value === 'bigint';
  switch (verb) {
    case 's':
      return plain(value);
    case 'd':
      if (whole || typeof value === 'number') return String(value);
      throw new Error('decimal clause can only be used on integers');
    case 'f':
      return Number(value).toFixed(Math.min(digits, 100));
    case 'e':
      return Number(value)
        .toExponential(Math.min(digits, 100))
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : BigInt(Number(value)).toString(2);
    case 'o':
      return BigInt(Number(value)).toString(8);
    case 'x':
    case 'X': {
      const hex = typeof value === 'string' ? hexOf(value) : BigInt(Number(value)).toString(16);
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      throw new Error(`unrecognized formatting clause ${JSON.stringify(verb)}`);
  }
}

function hexOf(text: string): string {
  return [...text].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join('');
}

/** As `%s` shows a value: texts in lists and maps stand without quotes too. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  const entries = value instanceof Map ? [...value] : typeof value === 'object' ? Object.entries(value) : undefined;
  if (!entries) return String(value);
  const shown = entries.map(([key, item]) => [plain(key), plain(item)] as const);
  return `{${shown
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}: ${item}`)
    .join(', ')}}`;
}
