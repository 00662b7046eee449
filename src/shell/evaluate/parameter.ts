// ${…}: defaults, lengths, removal and replacement of patterns, substrings, case, indirection.
import type { Parameter, Word } from '../syntax/ast.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import { arithmeticVariables, elementKey, type Found, keysOf, lookup } from './lookup.ts';
import { compilePattern, matchesPattern, matchPrefix, matchSuffix, type Pattern } from './pattern.ts';
import type { ShellState } from './shell-state.ts';
import { ExpansionError } from './unwind.ts';

/** What a parameter needs to expand its operands. */
export interface OperandExpander {
  text(word: Word): Promise<string>;
  pattern(word: Word): Promise<string>;
}

/** Values, or a word (a default) that takes the parameter's place and is expanded there. */
export type ParameterResult =
  | { readonly kind: 'values'; readonly values: readonly string[]; readonly list: '@' | '*' | undefined }
  | { readonly kind: 'word'; readonly word: Word };

const empty: Word = { parts: [] };

export async function expandParameter(
  shell: ShellState,
  part: Parameter,
  expand: OperandExpander,
): Promise<ParameterResult> {
  if (part.operator === 'bad') throw new ExpansionError(`\${${part.name}}: bad substitution`);
  const index = part.index === undefined ? undefined : await expand.text(part.index);
  if (part.prefix === '!') return indirect(shell, part, { index, expand });
  const found = lookup(shell, part.name, index);
  if (part.prefix === '#') {
    if (!found.isSet && !found.list) refuseUnset(shell, part.name);
    const length = found.list ? found.values.length : [...(found.values[0] ?? '')].length;
    return { kind: 'values', values: [String(length)], list: undefined };
  }
  return applyOperator(shell, { part, found, index, expand });
}

interface Operation {
  readonly part: Parameter;
  readonly found: Found;
  readonly index: string | undefined;
  readonly expand: OperandExpander;
}

async function applyOperator(shell: ShellState, operation: Operation): Promise<ParameterResult> {
  const { part, found, expand } = operation;
  const { operator } = part;
  const bare = operator.replace(':', '');
  if ('-=?+'.includes(bare) && bare !== '') return applyDefault(shell, operation, bare);
  if (!found.isSet && !found.list) refuseUnset(shell, part.name);
  const { values, list } = found;
  if (operator === '') return { kind: 'values', values, list };
  if (operator === ':') return { kind: 'values', values: await substring(shell, operation), list };
  if (operator === '@')
    return { kind: 'values', values: values.map(transformer(await expand.text(part.operands[0] ?? empty))), list };
  const pattern = compilePattern(await expand.pattern(part.operands[0] ?? empty));
  const replacement = part.operands[1] ? await expand.text(part.operands[1]) : '';
  shell.process.step(values.reduce((sum, value) => sum + value.length, 0));
  return { kind: 'values', values: values.map((value) => edit(value, operator, { pattern, replacement })), list };
}

async function applyDefault(shell: ShellState, operation: Operation, operator: string): Promise<ParameterResult> {
  const { part, found, index, expand } = operation;
  const word = part.operands[0] ?? empty;
  const hasValue = found.isSet && (!part.operator.startsWith(':') || found.values.join(' ') !== '');
  const kept: ParameterResult = { kind: 'values', values: found.values, list: found.list };
  if (operator === '+')
    return hasValue ? { kind: 'word', word } : { kind: 'values', values: found.list ? [] : [''], list: found.list };
  if (hasValue) return kept;
  if (operator === '-') return { kind: 'word', word };
  const text = await expand.text(word);
  if (operator === '?')
    throw new ExpansionError(
      `${part.name}: ${text || (part.operator === ':?' ? 'parameter null or not set' : 'parameter not set')}`,
      127,
    );
  if (!/^[A-Za-z_]/.test(part.name)) throw new ExpansionError(`$${part.name}: cannot assign in this way`);
  if (index === undefined) shell.variables.set(part.name, text);
  else shell.variables.setElement(part.name, elementKey(shell, part.name, index), text);
  return { kind: 'values', values: [text], list: undefined };
}

function refuseUnset(shell: ShellState, name: string): void {
  if (!shell.options.has('nounset')) return;
  const unbound = shell.dialect === 'bash' ? 'unbound variable' : 'parameter not set';
  throw new ExpansionError(`${name}: ${unbound}`, shell.dialect === 'bash' ? 127 : 2);
}

async function indirect(
  shell: ShellState,
  part: Parameter,
  { index, expand }: { readonly index: string | undefined; readonly expand: OperandExpander },
): Promise<ParameterResult> {
  if (index === '@' || index === '*') return { kind: 'values', values: keysOf(shell, part.name), list: index };
  const target = lookup(shell, part.name, index).values[0] ?? '';
  const [, name = '', inner] = /^([A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!]+)(?:\[(.*)\])?$/.exec(target) ?? [];
  if (name === '') throw new ExpansionError(`${part.name}: invalid indirect expansion`);
  return applyOperator(shell, {
    part: { ...part, name, prefix: undefined },
    found: lookup(shell, name, inner),
    index: inner,
    expand,
  });
}

async function substring(shell: ShellState, { part, found, expand }: Operation): Promise<readonly string[]> {
  const variables = arithmeticVariables(shell);
  const from = Number(evaluateArithmetic(await expand.text(part.operands[0] ?? empty), variables));
  const second = part.operands[1];
  const length = second === undefined ? undefined : Number(evaluateArithmetic(await expand.text(second), variables));
  if (found.list) {
    const all = part.name === '@' || part.name === '*' ? [shell.name, ...found.values] : found.values;
    if (length !== undefined && length < 0) throw new ExpansionError(`${length}: substring expression < 0`);
    const start = from < 0 ? Math.max(0, all.length + from) : from;
    return all.slice(start, length === undefined ? undefined : start + length);
  }
  const characters = [...(found.values[0] ?? '')];
  const start = from < 0 ? characters.length + from : from;
  if (start < 0) return [''];
  const end = length === undefined ? characters.length : length < 0 ? characters.length + length : start + length;
  if (end < start) throw new ExpansionError(`${length}: substring expression < 0`);
  return [characters.slice(start, end).join('')];
}

function edit(
  value: string,
  operator: string,
  by: { readonly pattern: Pattern; readonly replacement: string },
): string {
  const { pattern } = by;
  if (operator === '#' || operator === '##') {
    const match = matchPrefix(pattern, value);
    return match ? value.slice(operator === '#' ? match.shortest : match.longest) : value;
  }
  if (operator === '%' || operator === '%%') {
    const from = matchSuffix(pattern, value, operator === '%' ? 'shortest' : 'longest');
    return from === undefined ? value : value.slice(0, from);
  }
  if (operator.startsWith('/')) return replace(value, operator, by);
  return changeCase(value, operator, pattern);
}

function replace(
  value: string,
  operator: string,
  { pattern, replacement }: { pattern: Pattern; replacement: string },
): string {
  if (pattern.length === 0) return value;
  if (operator === '/%') {
    const from = matchSuffix(pattern, value, 'longest');
    return from === undefined ? value : value.slice(0, from) + replacement;
  }
  let result = '';
  for (let at = 0; at <= value.length; ) {
    const match = matchPrefix(pattern, value, at);
    if (match && match.longest > at) {
      result += replacement;
      at = match.longest;
      if (operator !== '//') return result + value.slice(at);
    } else result += value.charAt(at++);
    if (operator === '/#') return result + value.slice(at);
  }
  return result;
}

function changeCase(value: string, operator: string, pattern: Pattern): string {
  const change = (char: string) => {
    if (pattern.length > 0 && !matchesPattern(pattern, char)) return char;
    return operator.startsWith('^') ? char.toUpperCase() : char.toLowerCase();
  };
  if (operator.length === 2) return [...value].map(change).join('');
  return change(value.charAt(0)) + value.slice(1);
}

/** `${x@Q}` and its like. */
function transformer(letter: string): (value: string) => string {
  if (letter === 'Q') return quote;
  if (letter === 'U') return (value) => value.toUpperCase();
  if (letter === 'L') return (value) => value.toLowerCase();
  if (letter === 'u') return (value) => value.charAt(0).toUpperCase() + value.slice(1);
  throw new ExpansionError(`@${letter}: bad substitution`);
}

/** Text in quotes so that a shell reads it back. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
