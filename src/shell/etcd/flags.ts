// The flags of etcdctl and etcdutl: how they are declared, and what Go says of values that are none of their type.
import { quote } from '../../base/go/quote.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { OptionError, type OptionSpec, type Options } from '../text/long-options.ts';

export interface Flag extends OptionSpec {
  /** What its value is; default: text, or for a switch true or false. */
  readonly type?: 'int' | 'uint' | 'duration' | 'strings';
  /** What it is when it is not given; default: empty, 0, false. */
  readonly initial?: string;
}

type More = Pick<Flag, 'short' | 'initial'>;

export function toggle(name: string, about: string, more: More = {}): Flag {
  return { name, kind: 'switch', about, ...more };
}

export function text(name: string, about: string, more: More = {}): Flag {
  return { name, kind: 'text', about, ...more };
}

export function number(name: string, about: string, more: More = {}): Flag {
  return { name, kind: 'text', type: 'int', about, ...more };
}

export function count(name: string, about: string, more: More = {}): Flag {
  return { name, kind: 'text', type: 'uint', about, ...more };
}

export function duration(name: string, about: string, initial: string): Flag {
  return { name, kind: 'text', type: 'duration', about, initial };
}

export const helpFlag = toggle('help', 'this text', { short: 'h' });

/** Throws OptionError for a value that is none of its flag's type, in pflag's words. */
export function checkValues(options: Options, flags: readonly Flag[]): void {
  for (const flag of flags) {
    const given = options.text(flag.name);
    const problem = given === undefined ? undefined : valueProblem(flag, given);
    if (problem === undefined) continue;
    const shown = flag.short ? `-${flag.short}, --${flag.name}` : `--${flag.name}`;
    throw new OptionError(`invalid argument ${quote(given ?? '')} for ${quote(shown)} flag: ${problem}`);
  }
}

/** What Go says of a value that is none of a flag's type; undefined: it is one. */
export function valueProblem({ kind, type }: Flag, given: string): string | undefined {
  if (type === 'int') return parseProblem(given, 10);
  if (type === 'uint') return parseProblem(given, 10, 'ParseUint');
  if (type === 'duration') return durationProblem(given);
  if (kind !== 'switch' || /^(1|0|t|f|true|false|T|F|TRUE|FALSE|True|False)$/.test(given)) return undefined;
  return `strconv.ParseBool: parsing ${quote(given)}: invalid syntax`;
}

function durationProblem(given: string): string | undefined {
  if (readGoDuration(given) !== undefined) return undefined;
  const [, unit] = /^[-+]?(?:[\d.]+(?:ns|us|µs|μs|ms|s|m|h))*[\d.]*\d\.?([^\d.]*)/.exec(given) ?? [];
  if (unit === undefined) return `time: invalid duration ${quote(given)}`;
  return unit === ''
    ? `time: missing unit in duration ${quote(given)}`
    : `time: unknown unit ${quote(unit)} in duration ${quote(given)}`;
}

/** What strconv says of a number that is none; undefined: it is one. */
export function parseProblem(given: string, base: 10 | 16, goName = base === 16 ? 'ParseUint' : 'ParseInt') {
  const signs = goName === 'ParseUint' ? '' : '[+-]?';
  const digits = base === 16 ? '[0-9a-fA-F]' : '\\d';
  const wrong = (why: string): string => `strconv.${goName}: parsing ${quote(given)}: ${why}`;
  if (!new RegExp(`^${signs}${digits}+$`).test(given)) return wrong('invalid syntax');
  const value = BigInt((base === 16 ? '0x' : '') + given.replace(/^[+-]/, ''));
  const bound = goName === 'ParseUint' ? 2n ** 64n : 2n ** 63n + (given.startsWith('-') ? 1n : 0n);
  return value >= bound ? wrong('value out of range') : undefined;
}
