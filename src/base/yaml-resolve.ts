// What go-yaml v2 takes a plain scalar for: null, bool, int, float, timestamp, merge, or text.

export type Resolved =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'merge' }
  | { readonly kind: 'text' };

const words: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, { kind: 'bool', value: true }] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, { kind: 'bool', value: false }] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, { kind: 'null' }] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { kind: 'float', value: Number.NaN }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, { kind: 'float', value: Number.POSITIVE_INFINITY }] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, { kind: 'float', value: Number.NEGATIVE_INFINITY }] as const),
  ['<<', { kind: 'merge' }],
]);

const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const timestamp =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?(?:Z|[-+][0-9]{2}(?::[0-9]{2})?| *)?)?$/;

export function resolvePlain(text: string): Resolved {
  const word = words.get(text);
  if (word) return word;
  if (!/^[-+.0-9]/.test(text)) return { kind: 'text' };
  if (isTimestamp(text)) return { kind: 'timestamp' };
  const int = integer(text.replaceAll('_', ''));
  if (int !== undefined) return { kind: 'int', value: int };
  const plain = text.replaceAll('_', '');
  if (float.test(plain)) return { kind: 'float', value: Number(plain) };
  return { kind: 'text' };
}

/** Whether a text may be written without quotes and is read as text again, by old readers too. */
export function resolvesToText(text: string): boolean {
  return (
    (text === '<<' || !words.has(text)) && !base60.test(text) && ['text', 'merge'].includes(resolvePlain(text).kind)
  );
}

function integer(text: string): bigint | undefined {
  const match = /^([-+]?)(?:(0x[0-9a-fA-F]+)|0o?([0-7]+)|(0b[01]+)|([1-9][0-9]*|0))$/i.exec(text);
  if (!match) return undefined;
  const [, sign, hex, octal, binary, decimal] = match;
  const size = BigInt(hex ?? (octal !== undefined ? `0o${octal}` : (binary ?? decimal ?? '0')));
  const value = sign === '-' ? -size : size;
  return value >= -(1n << 63n) && value < 1n << 64n ? value : undefined;
}

function isTimestamp(text: string): boolean {
  if (!/^[0-9]{4}-/.test(text) || !timestamp.test(text)) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (text.match(/[0-9]+/g) ?? []).map(Number);
  const lastDay =
    month === 2
      ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
        ? 29
        : 28
      : [4, 6, 9, 11].includes(month)
        ? 30
        : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay && hour < 24 && minute < 60 && second < 60;
}
