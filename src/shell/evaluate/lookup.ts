// Reads parameters: variables, arrays, positional and special ones.

import { type ArithmeticVariables, evaluateArithmetic } from './arithmetic.ts';
import type { ShellState } from './shell-state.ts';

export interface Found {
  readonly values: readonly string[];
  readonly isSet: boolean;
  /** `@` or `*`: a list, joined or not by quotes; undefined for a single value. */
  readonly list: '@' | '*' | undefined;
}

const missing: Found = { values: [''], isSet: false, list: undefined };

function single(text: string | undefined): Found {
  return text === undefined ? missing : { values: [text], isSet: true, list: undefined };
}

export function lookup(shell: ShellState, name: string, index: string | undefined): Found {
  if (name === '@' || name === '*') {
    return { values: shell.positional, isSet: shell.positional.length > 0, list: name };
  }
  if (/^\d+$/.test(name)) return single(name === '0' ? shell.name : shell.positional[Number(name) - 1]);
  const special = specialParameter(shell, name);
  if (special !== undefined) return special;
  if (name === 'PIPESTATUS') return pipeStatus(shell, index);
  if (index === undefined) return single(shell.variables.text(name));
  const value = shell.variables.get(name)?.value;
  const entries = value?.kind === 'text' ? new Map([['0', value.text]]) : (value?.entries ?? new Map<string, string>());
  if (index === '@' || index === '*') return { values: [...entries.values()], isSet: entries.size > 0, list: index };
  return single(entries.get(elementKey(shell, name, index)));
}

function pipeStatus({ pipeStatus: statuses }: ShellState, index: string | undefined): Found {
  const values = statuses.map(String);
  if (index === '@' || index === '*') return { values, isSet: true, list: index };
  return single(values[Number(index ?? 0)]);
}

/** The keys of an array. */
export function keysOf(shell: ShellState, name: string): readonly string[] {
  const value = shell.variables.get(name)?.value;
  if (!value) return [];
  return value.kind === 'text' ? ['0'] : [...value.entries.keys()];
}

/** The key that an index stands for: text in a map, an arithmetic value in a list (negative counts from the end). */
export function elementKey(shell: ShellState, name: string, index: string): string {
  const value = shell.variables.get(name)?.value;
  if (value?.kind === 'map') return index;
  const number = Number(evaluateArithmetic(index, arithmeticVariables(shell)));
  if (number >= 0) return String(number);
  const last = value?.kind === 'list' ? Math.max(-1, ...[...value.entries.keys()].map(Number)) : 0;
  return String(last + 1 + number);
}

export function arithmeticVariables(shell: ShellState): ArithmeticVariables {
  const split = (name: string) => /^([^[]+)(?:\[(.*)\])?$/.exec(name) ?? [name, name];
  return {
    read(name) {
      const [, base = name, index] = split(name);
      return lookup(shell, base, index).values[0];
    },
    write(name, value) {
      const [, base = name, index] = split(name);
      if (index === undefined) shell.variables.set(base, value);
      else shell.variables.setElement(base, elementKey(shell, base, index), value);
    },
  };
}

function specialParameter(shell: ShellState, name: string): Found | undefined {
  if (name === '#') return single(String(shell.positional.length));
  if (name === '?') return single(String(shell.status));
  if (name === '$') return single(String(shell.shellPid));
  if (name === '!') return single(shell.lastBackground === undefined ? undefined : String(shell.lastBackground));
  if (name === '-') return single(optionLetters(shell));
  return undefined;
}

const letters: readonly (readonly [string, string])[] = [
  ['errexit', 'e'],
  ['noglob', 'f'],
  ['nounset', 'u'],
  ['xtrace', 'x'],
];

function optionLetters(shell: ShellState): string {
  const set = letters.filter(([name]) => shell.options.has(name)).map(([, letter]) => letter);
  return `${set.join('')}${shell.interactive ? 'i' : ''}hB`;
}

/** IFS as it counts now. */
export function separatorsOf(shell: ShellState): string {
  return shell.variables.text('IFS') ?? ' \t\n';
}
