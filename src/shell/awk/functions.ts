// awk's functions: texts, numbers, split, sub, gsub, match.

import { formatPrintf } from '../text/printf.ts';
import type { Regex } from '../text/regex.ts';
import { AwkError, type Expression, type Place } from './ast.ts';
import { toNumber, toText, type Value } from './values.ts';

/** What a function needs of the program that calls it. */
export interface Caller {
  evaluate(expression: Expression): Promise<Value>;
  write(place: Place, value: Value): Promise<void>;
  regex(source: string): Regex;
  splitText(text: string, separator: string): string[];
  array(name: string): Map<string, Value>;
  getVariable(name: string): Value;
  setVariable(name: string, value: Value): void;
}

type Call = Extract<Expression, { kind: 'call' }>;
const record: Expression = { kind: 'field', index: { kind: 'number', value: 0 } };

const plain: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  index: ([text = '', part = '']) => toText(text).indexOf(toText(part)) + 1,
  substr: ([text = '', from = 1, length]) =>
    substring(toText(text), toNumber(from), length === undefined ? undefined : toNumber(length)),
  toupper: ([text = '']) => toText(text).toUpperCase(),
  tolower: ([text = '']) => toText(text).toLowerCase(),
  int: ([value = 0]) => Math.trunc(toNumber(value)),
  sqrt: ([value = 0]) => Math.sqrt(toNumber(value)),
  exp: ([value = 0]) => Math.exp(toNumber(value)),
  log: ([value = 0]) => Math.log(toNumber(value)),
  sin: ([value = 0]) => Math.sin(toNumber(value)),
  cos: ([value = 0]) => Math.cos(toNumber(value)),
  atan2: ([y = 0, x = 0]) => Math.atan2(toNumber(y), toNumber(x)),
  sprintf: ([format = '', ...rest]) => formatPrintf(toText(format).replaceAll('\\', '\\\\'), rest.map(toText)).text,
  srand: () => 0,
  rand: () => 0.237788, // gawk's first number: it, too, is the same in every run
  fflush: () => 0,
  close: () => 0,
};

export async function callFunction(caller: Caller, call: Call): Promise<Value> {
  const { name, values } = call;
  if (name === 'length') return length(caller, values[0]);
  if (name === 'split') return split(caller, values);
  if (name === 'sub' || name === 'gsub') return substitute(caller, call);
  if (name === 'match') return match(caller, values);
  const run = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (!run)
    throw new AwkError(name === 'system' ? 'system() is not supported here' : `calling undefined function ${name}`);
  const computed: Value[] = [];
  for (const value of values) computed.push(await caller.evaluate(value));
  return run(computed);
}

function substring(text: string, from: number, length: number | undefined): string {
  const start = Math.round(from);
  const end = length === undefined ? Number.POSITIVE_INFINITY : start + Math.round(length);
  return text.slice(Math.max(0, start - 1), Math.max(0, end - 1));
}

async function length(caller: Caller, value: Expression | undefined): Promise<Value> {
  if (value?.kind === 'variable') {
    const array = caller.getVariable(value.name);
    if (typeof array === 'object' && array.input === '') {
      const { size } = caller.array(value.name);
      if (size > 0) return size;
    }
  }
  return [...toText(await caller.evaluate(value ?? record))].length;
}

async function split(caller: Caller, [text, array, separator]: readonly Expression[]): Promise<Value> {
  if (!text || array?.kind !== 'variable') throw new AwkError('split: second argument must be an array');
  const by =
    separator?.kind === 'regex'
      ? separator.source
      : separator
        ? toText(await caller.evaluate(separator))
        : toText(caller.getVariable('FS'));
  const parts = caller.splitText(toText(await caller.evaluate(text)), by);
  const entries = caller.array(array.name);
  entries.clear();
  for (const [i, part] of parts.entries()) entries.set(String(i + 1), { input: part });
  return parts.length;
}

async function regexOf(caller: Caller, value: Expression | undefined): Promise<Regex> {
  if (!value) throw new AwkError('syntax error: missing regular expression');
  return caller.regex(value.kind === 'regex' ? value.source : toText(await caller.evaluate(value)));
}

async function match(caller: Caller, [text, pattern]: readonly Expression[]): Promise<Value> {
  const found = (await regexOf(caller, pattern)).match(toText(await caller.evaluate(text ?? record)));
  caller.setVariable('RSTART', found ? found.index + 1 : 0);
  caller.setVariable('RLENGTH', found ? (found.groups[0]?.length ?? 0) : -1);
  return found ? found.index + 1 : 0;
}

async function substitute(caller: Caller, { name, values }: Call): Promise<Value> {
  const [pattern, replacement, target = record] = values;
  const regex = await regexOf(caller, pattern);
  const by = replacement ? toText(await caller.evaluate(replacement)) : '';
  const text = toText(await caller.evaluate(target));
  let result = '';
  let copied = 0;
  let count = 0;
  for (let at = 0; at <= text.length; ) {
    const found = regex.match(text, at);
    if (!found) break;
    const whole = found.groups[0] ?? '';
    count++;
    result += text.slice(copied, found.index) + by.replace(/\\\\&|\\&|&/g, (mark) => (mark === '&' ? whole : '&'));
    copied = found.index + whole.length;
    if (name === 'sub') break;
    if (whole === '') result += text.slice(copied, ++copied);
    at = copied;
  }
  if (count === 0) return 0;
  if (target.kind === 'variable' || target.kind === 'field' || target.kind === 'element')
    await caller.write(target, result + text.slice(copied));
  return count;
}
