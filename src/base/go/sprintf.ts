// Go's fmt.Sprintf for decoded JSON values.
import { isList, isObject } from '../json.ts';
import { goSyntax, goText } from './format.ts';
import { quote } from './quote.ts';

/** `sprintf('%-5s|%03d', ['a', 7])` → `a    |007` */
export function sprintf(format: string, args: readonly unknown[], types: readonly string[] = []): string {
  let next = 0;
  const text = format.replace(
    /%([-+# 0]*)(\*|\d+)?(?:\.(\d*))?([\s\S]|$)/gu,
    (_, flags: string, width = '', precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (verb === '') return '%!(NOVERB)';
      if (next >= args.length) return `%!${verb}(MISSING)`;
      const type = types[next];
      const value = args[next++];
      const digits = precision === undefined ? undefined : Number(precision || '0');
      return pad(one(verb, flags, digits, value).replace(/^(%!.\()int64=/, `$1${type ?? 'int64'}=`), {
        flags,
        width: Number(width) || 0,
        numeric: typeof value === 'number',
      });
    },
  );
  const extra = args.slice(next).map((value, i) => `${types[next + i] ?? typeOf(value)}=${goText(value)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

function one(verb: string, flags: string, precision: number | undefined, value: unknown): string {
  const sign = flags.includes('+') && typeof value === 'number' && value >= 0 ? '+' : '';
  switch (verb) {
    case 'v':
      return flags.includes('#') ? goSyntax(value) : sign + goText(value);
    case 'T':
      return typeOf(value);
    case 's':
      return typeof value === 'string' ? [...value].slice(0, precision).join('') : strange(verb, value);
    case 'q':
      return typeof value === 'string' ? quote(value) : strange(verb, value);
    case 't':
      return typeof value === 'boolean' ? String(value) : strange(verb, value);
    case 'x':
    case 'X':
      return hex(verb, value);
    default:
      return number(verb, sign, precision, value);
  }
}

function number(verb: string, sign: string, precision: number | undefined, value: unknown): string {
  if (typeof value !== 'number') return strange(verb, value);
  const whole = Number.isInteger(value);
  switch (verb) {
    case 'd':
      return whole ? sign + String(value) : strange(verb, value);
    case 'o':
      return whole ? sign + value.toString(8) : strange(verb, value);
    case 'b':
      return whole ? sign + value.toString(2) : strange(verb, value);
    case 'c':
      return whole ? String.fromCodePoint(value) : strange(verb, value);
    case 'f':
    case 'F':
      return whole ? strange(verb, value) : sign + value.toFixed(precision ?? 6);
    case 'e':
      return whole
        ? strange(verb, value)
        : sign + value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
    case 'g':
      return whole ? strange(verb, value) : sign + goText(value);
    default:
      return strange(verb, value);
  }
}

function hex(verb: string, value: unknown): string {
  const text =
    typeof value === 'number' && Number.isInteger(value)
      ? value.toString(16)
      : typeof value === 'string'
        ? [...value].map((rune) => (rune.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join('')
        : undefined;
  if (text === undefined) return strange(verb, value);
  return verb === 'X' ? text.toUpperCase() : text;
}

/** A verb that does not fit: `%!d(string=hi)`. Lists and maps print each element so. */
function strange(verb: string, value: unknown): string {
  if (isList(value)) return `[${value.map((item) => one(verb, '', undefined, item)).join(' ')}]`;
  if (isObject(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${one(verb, '', undefined, key)}:${one(verb, '', undefined, value[key])}`)
      .join(' ')}]`;
  if (value === null || value === undefined) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeOf(value)}=${goText(value)})`;
}

function typeOf(value: unknown): string {
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'string' ? 'string' : '<nil>';
}

function pad(text: string, how: { readonly flags: string; readonly width: number; readonly numeric: boolean }): string {
  const missing = Math.min(how.width, 10_000) - [...text].length;
  if (missing <= 0) return text;
  if (how.flags.includes('-')) return text + ' '.repeat(missing);
  if (!how.flags.includes('0') || !how.numeric) return ' '.repeat(missing) + text;
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
