// printf's format strings, for the shell, the program and awk.
import { readEscape } from '../syntax/ansi-string.ts';

export interface PrintfResult {
  readonly text: string;
  /** `%d: invalid number` and its like, in order. */
  readonly problems: readonly string[];
}

const widthMax = 100_000;

/** Formats, using the format again while arguments are left. */
export function formatPrintf(format: string, args: readonly string[]): PrintfResult {
  const problems: string[] = [];
  let text = '';
  let next = 0;
  do {
    const before = next;
    const pass = formatOnce(format, { take: () => args[next++], problems });
    text += pass.text;
    if (pass.stopped || next === before) break;
  } while (next < args.length);
  return { text, problems };
}

interface Arguments {
  readonly take: () => string | undefined;
  readonly problems: string[];
}

function formatOnce(format: string, args: Arguments): { readonly text: string; readonly stopped: boolean } {
  let text = '';
  for (let i = 0; i < format.length; ) {
    const char = format.charAt(i);
    if (char === '\\') {
      const found = readEscape(format, i, { octalNeedsZero: false });
      if (format.charAt(i + 1) === 'c') return { text, stopped: true };
      text += found.text;
      i += found.length;
      continue;
    }
    const directive =
      char === '%'
        ? /^%([-+ 0#']*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|h|ll|l|L|q|j|z|t)?([a-zA-Z%])/.exec(format.slice(i, i + 40))
        : null;
    if (!directive) {
      text += char;
      i++;
      continue;
    }
    i += directive[0].length;
    const done = formatDirective(directive, args);
    text += done.text;
    if (done.stopped) return { text, stopped: true };
  }
  return { text, stopped: false };
}

function formatDirective(
  directive: RegExpExecArray,
  args: Arguments,
): { readonly text: string; readonly stopped: boolean } {
  const [, flags = '', widthText, precisionText, conversion = ''] = directive;
  if (conversion === '%') return { text: '%', stopped: false };
  const size = (text: string | undefined) =>
    text === '*' ? Number(args.take() ?? 0) : text === undefined ? undefined : Number(text);
  let width = size(widthText) ?? 0;
  const left = flags.includes('-') || width < 0;
  width = Math.min(Math.abs(width), widthMax);
  const precision = size(precisionText);
  const argument = args.take();
  if (conversion === 'b') {
    const { text, stopped } = expandEscapes(argument ?? '');
    return { text: pad(text, { width, left, fill: ' ' }), stopped };
  }
  const text = convert(conversion, argument, { flags, precision, problems: args.problems });
  const isNumber = 'dioxXuefgEG'.includes(conversion);
  const fill =
    flags.includes('0') && !left && isNumber && !(precision !== undefined && 'dioxXu'.includes(conversion)) ? '0' : ' ';
  return { text: pad(text, { width, left, fill }), stopped: false };
}

interface Conversion {
  readonly flags: string;
  readonly precision: number | undefined;
  readonly problems: string[];
}

function convert(conversion: string, argument: string | undefined, options: Conversion): string {
  const { flags, precision } = options;
  if (conversion === 's') return precision === undefined ? (argument ?? '') : (argument ?? '').slice(0, precision);
  if (conversion === 'c') return (argument ?? '').slice(0, 1);
  if (conversion === 'q')
    return argument && /^[\w@%+=:,./-]+$/.test(argument)
      ? argument
      : argument
        ? argument.replace(/[^\w@%+=:,./-]/g, '\\$&')
        : "''";
  if ('diouxX'.includes(conversion)) {
    const value = integerOf(argument ?? '', options.problems);
    const sign = value < 0n ? '-' : flags.includes('+') && conversion !== 'u' ? '+' : flags.includes(' ') ? ' ' : '';
    if (conversion === 'd' || conversion === 'i')
      return sign + String(value < 0n ? -value : value).padStart(precision ?? 1, '0');
    const unsigned = BigInt.asUintN(64, value);
    const radix = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16;
    const digits = unsigned.toString(radix).padStart(precision ?? 1, '0');
    const prefixed = flags.includes('#') ? `${radix === 16 ? '0x' : radix === 8 ? '0' : ''}${digits}` : digits;
    return conversion === 'X' ? prefixed.toUpperCase() : prefixed;
  }
  if ('eEfFgG'.includes(conversion)) return formatFloat(conversion, floatOf(argument ?? '', options.problems), options);
  options.problems.push(`\`%${conversion}': invalid format character`);
  return '';
}

function formatFloat(conversion: string, value: number, { flags, precision = 6 }: Conversion): string {
  const sign = value >= 0 && flags.includes('+') ? '+' : '';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? `${sign}inf` : '-inf';
  const lower = conversion.toLowerCase();
  const places = Math.min(100, precision);
  const exponential = (digits: number) => value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
  let text: string;
  if (lower === 'f') text = value.toFixed(places);
  else if (lower === 'e') text = exponential(places);
  else text = general(value, Math.max(1, places), exponential);
  return sign + (conversion === lower ? text : text.toUpperCase());
}

/** %g: the shorter of %e and %f without zeros at the end. */
function general(value: number, digits: number, exponential: (digits: number) => string): string {
  if (value === 0) return '0';
  const exponent = Number(/e([+-]\d+)$/.exec(value.toExponential(digits - 1))?.[1] ?? 0);
  if (exponent < -4 || exponent >= digits) return exponential(digits - 1).replace(/\.?0+e/, 'e');
  const text = value.toFixed(Math.max(0, digits - 1 - exponent));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A number without a format, as awk prints it (%.6g). */
export function formatGeneral(value: number, digits = 6): string {
  return formatFloat('g', value, { flags: '', precision: digits, problems: [] });
}

function integerOf(text: string, problems: string[]): bigint {
  if (text === '') return 0n;
  if (text.startsWith("'") || text.startsWith('"')) return BigInt(text.codePointAt(1) ?? 0);
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
  if (!match || match[0].length !== text.length) problems.push(`${text}: invalid number`);
  if (!match) return 0n;
  const digits = match[2] ?? '0';
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return BigInt.asIntN(64, match[1] === '-' ? -value : value);
}

function floatOf(text: string, problems: string[]): number {
  if (text === '') return 0;
  const value = Number.parseFloat(text);
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) problems.push(`${text}: invalid number`);
  return Number.isNaN(value) ? 0 : value;
}

function pad(
  text: string,
  { width, left, fill }: { readonly width: number; readonly left: boolean; readonly fill: string },
): string {
  if (left) return text.padEnd(width);
  if (fill === '0' && /^[+-]/.test(text)) return text.charAt(0) + text.slice(1).padStart(width - 1, '0');
  return text.padStart(width, fill);
}

/** The escapes of echo -e and %b; `\c` stops the output. */
export function expandEscapes(text: string): { readonly text: string; readonly stopped: boolean } {
  let result = '';
  for (let i = 0; i < text.length; ) {
    if (text.charAt(i) !== '\\') {
      result += text.charAt(i++);
      continue;
    }
    const found = readEscape(text, i, { octalNeedsZero: true });
    if (found.stop) return { text: result, stopped: true };
    result += found.text;
    i += found.length;
  }
  return { text: result, stopped: false };
}

/** echo's output for its arguments; -n, -e and -E may come in front. */
export function formatEcho(args: readonly string[]): string {
  let newline = true;
  let escapes = false;
  let first = 0;
  for (; /^-[neE]+$/.test(args[first] ?? ''); first++)
    for (const letter of (args[first] ?? '').slice(1)) {
      if (letter === 'n') newline = false;
      else escapes = letter === 'e';
    }
  const text = args.slice(first).join(' ');
  if (!escapes) return newline ? `${text}\n` : text;
  const expanded = expandEscapes(text);
  return newline && !expanded.stopped ? `${expanded.text}\n` : expanded.text;
}
