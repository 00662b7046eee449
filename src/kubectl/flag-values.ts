// Texts to flag values with the words of Go's strconv, time and encoding/csv for what does not parse.
import { quote } from '../base/go/quote.ts';
import type { Flag, FlagValue } from './flags.ts';

/** What pflag's Set says; the caller adds `invalid argument "x" for "--y" flag: `. */
export class FlagValueError extends Error {
  override name = 'FlagValueError';
}

export function parseFlagValue(flag: Flag, text: string): FlagValue {
  switch (flag.type) {
    case 'bool':
      return parseBool(text);
    case 'string':
      return text;
    case 'int':
    case 'int64':
      return parseInteger(text, 64);
    case 'int32':
      return parseInteger(text, 32);
    case 'duration':
      return parseDuration(text);
    case 'logDuration':
      return parseLogDuration(text);
    case 'logLevels':
      return parseLogLevels(text);
    case 'stringSlice':
      return splitCsv(text);
    case 'stringArray':
      return [text];
  }
}

function parseLogDuration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof FlagValueError) throw new FlagValueError('parse error');
    throw error;
  }
}

/** The log has one level for all files. */
function parseLogLevels(text: string): string {
  if (text === '') return text;
  const fits = text.split(',').every((part) => /^[^=]+=\d+$/.test(part));
  throw new FlagValueError(
    fits ? 'levels by file are not supported' : 'syntax error: expect comma-separated list of filename=N',
  );
}

/** The value of an absent flag. */
export function defaultFlagValue(flag: Flag): FlagValue {
  if (flag.type !== 'stringSlice' && flag.type !== 'stringArray') return parseFlagValue(flag, flag.default);
  const inner = flag.default.slice(1, -1);
  return inner === '' ? [] : inner.split(',');
}

export function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw new FlagValueError(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

/** Go's strconv.ParseInt with base 0. */
export function parseInteger(text: string, bits: 32 | 64): number {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9][0-9]*|0)$/.exec(
    text.replace(/(?<=\w)_(?=\w)/g, ''),
  );
  if (!match) throw new FlagValueError(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  const [, sign = '', digits = '0'] = match;
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = BigInt(octal) * (sign === '-' ? -1n : 1n);
  const limit = 1n << BigInt(bits - 1);
  if (value >= limit || value < -limit)
    throw new FlagValueError(`strconv.ParseInt: parsing ${quote(text)}: value out of range`);
  return Number(value);
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's time.ParseDuration, in milliseconds. */
export function parseDuration(text: string): number {
  const rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  const bare = /^(?:\d+\.?\d*|\.\d+)+$/.exec(rest);
  if (bare) throw new FlagValueError(`time: missing unit in duration ${quote(text)}`);
  let totalMs = 0;
  let at = 0;
  for (const part of rest.matchAll(/(\d+\.?\d*|\.\d+)([^\d.]+)/g)) {
    const [whole, count = '', unit = ''] = part;
    if (part.index !== at) break;
    const size = Object.hasOwn(unitMs, unit) ? unitMs[unit] : undefined;
    if (size === undefined) throw new FlagValueError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    totalMs += Number(count) * size;
    at += whole.length;
  }
  if (at === 0 || at !== rest.length) throw new FlagValueError(`time: invalid duration ${quote(text)}`);
  return text.startsWith('-') ? -totalMs : totalMs;
}

/** One line of CSV: `a,"b,c"` → a · b,c */
function splitCsv(text: string): readonly string[] {
  if (text === '') return [];
  const fields: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const quoted = text[at] === '"' ? /^"((?:[^"]|"")*)"(?=,|$)/.exec(text.slice(at)) : null;
    if (quoted) {
      fields.push((quoted[1] ?? '').replaceAll('""', '"'));
      at += quoted[0].length + 1;
      continue;
    }
    const comma = text.indexOf(',', at);
    const end = comma < 0 ? text.length : comma;
    const field = text.slice(at, end);
    const stray = field.indexOf('"');
    if (text[at] === '"')
      throw new FlagValueError(
        `parse error on line 1, column ${text.length + 1}: extraneous or missing " in quoted-field`,
      );
    if (stray >= 0)
      throw new FlagValueError(`parse error on line 1, column ${at + stray + 1}: bare " in non-quoted-field`);
    fields.push(field);
    at = end + 1;
  }
  return fields;
}
