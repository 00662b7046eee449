// What a command name means to the shell: alias, keyword, function, builtin or file.
import { CannotExecute } from '../../api/program.ts';
import type { ShellState } from '../evaluate/shell-state.ts';
import { findExecutable } from '../process/resolve-program.ts';
import { builtinNames } from './builtin-names.ts';

const keywords = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'in',
  'function',
  '{',
  '}',
  '!',
  '[[',
  ']]',
  'time',
]);

export interface Description {
  readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file';
  /** What `command -v` prints. */
  readonly short: string;
  /** What `type` prints. */
  readonly long: string;
}

export function describeName(shell: ShellState, name: string): Description | undefined {
  const alias = shell.aliases.get(name);
  if (alias !== undefined)
    return { kind: 'alias', short: `alias ${name}='${alias}'`, long: `${name} is aliased to \`${alias}'` };
  if (keywords.has(name)) return { kind: 'keyword', short: name, long: `${name} is a shell keyword` };
  const called = shell.functions.get(name);
  if (called) return { kind: 'function', short: name, long: `${name} is a function\n${called.text}` };
  if (builtinNames.has(name)) return { kind: 'builtin', short: name, long: `${name} is a shell builtin` };
  const { process, variables } = shell;
  try {
    const path = findExecutable(name, { files: process.machine.files, env: variables.exported(), cwd: process.cwd });
    return { kind: 'file', short: path, long: `${name} is ${path}` };
  } catch (error) {
    if (error instanceof CannotExecute) return undefined;
    throw error;
  }
}
