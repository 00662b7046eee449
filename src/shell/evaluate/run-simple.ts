// Runs a simple command: assignments, then a function, a builtin or a program.
import { CannotExecute } from '../../api/program.ts';
import { normalizePath } from '../../base/files.ts';
import { builtins, specialBuiltins } from '../builtins/builtins.ts';
import { execute, hostOf } from '../process/process-host.ts';
import type { Assignment, SimpleCommand, Word } from '../syntax/ast.ts';
import { literalOf } from '../syntax/scanner.ts';
import { expandText, expandWords } from './expand.ts';
import { streamsOf } from './fork-shell.ts';
import { waitForeground } from './jobs.ts';
import { elementKey } from './lookup.ts';
import { quote } from './parameter.ts';
import { redirect } from './redirect.ts';
import { complain, type Frame, type ShellState, writerOf, writeText } from './shell-state.ts';
import { ExpansionError, Unwind } from './unwind.ts';
import type { Variable } from './variables.ts';

const commandSteps = 100;
const callDepthMax = 1000;
const declarations = new Set(['export', 'local', 'readonly', 'declare', 'typeset', 'alias']);

export async function runSimple(shell: ShellState, command: SimpleCommand, frame: Frame): Promise<number> {
  shell.line = command.line;
  shell.process.step(commandSteps);
  const words = await expandCommandWords(shell, command.words, frame);
  if (words.length === 0) return assignOnly(shell, command, frame);
  const io = await redirect(shell, command.redirections, frame);
  await trace(shell, frame, words.map(shown).join(' '));
  const inner: Frame = { ...frame, io };
  if (words[0] === 'exec' && !shell.functions.has('exec'))
    return runExec(shell, words.slice(1), { inner, outer: frame });
  if (command.assignments.length === 0) return runWords(shell, words, inner);
  const values: [string, string][] = [];
  for (const assignment of command.assignments)
    if (!('list' in assignment.value)) values.push([assignment.name, await expandText(shell, assignment.value, frame)]);
  return withTemporary(shell, values, () => runWords(shell, words, inner));
}

/** Runs words that are expanded already. `skipFunctions`: `command` passes functions by. */
export async function runWords(
  shell: ShellState,
  words: readonly string[],
  frame: Frame,
  skipFunctions = false,
): Promise<number> {
  const [name = '', ...args] = words;
  if (!skipFunctions && shell.functions.has(name)) return callFunction(shell, name, args, frame);
  const builtin = builtins.get(name);
  if (!builtin) return runProgram(shell, words, frame);
  try {
    return await builtin({ shell, name, args, frame });
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    if (specialBuiltins.has(name)) throw error;
    await complain(shell, frame, `${error.message}`);
    return 1;
  }
}

/** A declaration's `name=value` is not split, as an assignment is not. */
async function expandCommandWords(shell: ShellState, words: readonly Word[], frame: Frame): Promise<readonly string[]> {
  const [first] = words;
  if (!first || !declarations.has(literalOf(first))) return expandWords(shell, words, frame);
  const expanded: string[] = [];
  for (const word of words) {
    const [part] = word.parts;
    const isAssignment = part?.kind === 'text' && /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(part.text);
    expanded.push(...(isAssignment ? [await expandText(shell, word, frame)] : await expandWords(shell, [word], frame)));
  }
  return expanded;
}

async function assignOnly(shell: ShellState, command: SimpleCommand, frame: Frame): Promise<number> {
  shell.status = 0;
  for (const assignment of command.assignments) await assign(shell, assignment, frame);
  await redirect(shell, command.redirections, frame);
  return shell.status;
}

export async function assign(shell: ShellState, assignment: Assignment, frame: Frame): Promise<void> {
  const { name, index, append, value } = assignment;
  const { variables } = shell;
  if ('list' in value) {
    await assignList(shell, { name, append, list: value.list }, frame);
    return;
  }
  const text = await expandText(shell, value, frame);
  await trace(shell, frame, `${name}${append ? '+' : ''}=${shown(text)}`);
  if (index !== undefined) {
    const key = elementKey(shell, name, await expandText(shell, index, frame));
    const old = variables.get(name)?.value;
    const before = append && old && old.kind !== 'text' ? (old.entries.get(key) ?? '') : '';
    variables.setElement(name, key, before + text);
  } else variables.set(name, (append ? (variables.text(name) ?? '') : '') + text);
  if (shell.options.has('allexport')) variables.mark(name, { exported: true });
}

interface ListAssignment {
  readonly name: string;
  readonly append: boolean;
  readonly list: readonly Word[];
}

async function assignList(shell: ShellState, { name, append, list }: ListAssignment, frame: Frame): Promise<void> {
  const old = shell.variables.get(name)?.value;
  const kind = old?.kind === 'map' ? 'map' : 'list';
  const entries = new Map(append && old && old.kind !== 'text' ? old.entries : []);
  if (append && old?.kind === 'text') entries.set('0', old.text);
  let next = Math.max(-1, ...[...entries.keys()].map(Number).filter((key) => !Number.isNaN(key))) + 1;
  for (const word of list) {
    const keyed = /^\[([^\]]*)\]=/.exec(literalOf(word));
    if (keyed) {
      const text = await expandText(shell, word, frame);
      const key = /^\[([^\]]*)\]=/.exec(text);
      entries.set(key?.[1] ?? '', text.slice(key?.[0].length ?? 0));
      next = Number(key?.[1] ?? next) + 1;
      continue;
    }
    for (const text of await expandWords(shell, [word], frame)) entries.set(String(next++), text);
  }
  shell.variables.assign(name, { kind, entries });
}

/** Assignments in front of a command hold while it runs. */
async function withTemporary(
  shell: ShellState,
  values: readonly (readonly [string, string])[],
  run: () => Promise<number>,
): Promise<number> {
  const saved: [string, Variable | undefined][] = [];
  for (const [name, text] of values) {
    saved.push([name, shell.variables.get(name)]);
    shell.variables.set(name, text);
    shell.variables.mark(name, { exported: true });
  }
  try {
    return await run();
  } finally {
    for (const [name, old] of saved.reverse()) {
      shell.variables.unset(name);
      if (old?.value) shell.variables.assign(name, old.value);
      if (old) shell.variables.mark(name, old);
    }
  }
}

async function callFunction(shell: ShellState, name: string, args: readonly string[], frame: Frame): Promise<number> {
  const called = shell.functions.get(name);
  if (!called) return 127;
  if (shell.callDepth >= callDepthMax)
    throw new ExpansionError(`${name}: maximum function nesting level exceeded (${callDepthMax})`);
  const { positional, loopDepth } = shell;
  shell.positional = args;
  shell.loopDepth = 0;
  shell.callDepth++;
  shell.variables.enterCall();
  try {
    return await shell.evaluator.command(shell, called.body, { ...frame, last: false });
  } catch (error) {
    if (error instanceof Unwind && error.kind === 'return') return error.status;
    throw error;
  } finally {
    shell.variables.leaveCall();
    shell.callDepth--;
    shell.positional = positional;
    shell.loopDepth = loopDepth;
  }
}

async function runProgram(shell: ShellState, argv: readonly string[], frame: Frame): Promise<number> {
  const host = hostOf(shell.process);
  const env = shell.variables.exported();
  const spec = { argv, env, cwd: shell.process.cwd, ...streamsOf(shell, frame.io) };
  try {
    if (frame.last && shell.traps.size === 0 && !shell.interactive) {
      const status = await execute(shell.process, spec);
      throw new Unwind('exit', status);
    }
    const { pid: parentPid, user } = shell.process;
    const group = shell.interactive ? ({ group: 'new' } as const) : {};
    const child = await host?.start({ ...spec, parentPid, user, ...group });
    if (!child) throw new CannotExecute('notExecutable', argv[0] ?? '');
    const [status = 0] = await waitForeground(shell, { children: [child] }, frame);
    return status;
  } catch (error) {
    if (!(error instanceof CannotExecute)) throw error;
    await complain(shell, frame, explainFailure(shell, argv[0] ?? '', error));
    return error.reason === 'notFound' ? 127 : 126;
  }
}

function explainFailure(shell: ShellState, name: string, error: CannotExecute): string {
  if (!name.includes('/')) {
    if (error.reason === 'notExecutable') return `${error.path}: Permission denied`;
    return shell.dialect === 'bash' ? `${name}: command not found` : `${name}: not found`;
  }
  if (error.reason === 'notFound')
    return `${name}: ${shell.dialect === 'bash' ? 'No such file or directory' : 'not found'}`;
  const { files } = shell.process.machine;
  const path = normalizePath(name, shell.process.cwd);
  const isDirectory = files.exists(path) && files.stat(path).kind === 'directory';
  return `${name}: ${isDirectory && shell.dialect === 'bash' ? 'Is a directory' : 'Permission denied'}`;
}

/** `exec`: with a command, it takes the shell's place; without, its redirections stay. */
async function runExec(
  shell: ShellState,
  words: readonly string[],
  { inner, outer }: { readonly inner: Frame; readonly outer: Frame },
): Promise<number> {
  if (words.length === 0) {
    for (const [number, descriptor] of inner.io) outer.io.set(number, descriptor);
    for (const number of [...outer.io.keys()]) if (!inner.io.has(number)) outer.io.delete(number);
    return 0;
  }
  const spec = { argv: words, env: shell.variables.exported(), cwd: shell.process.cwd, ...streamsOf(shell, inner.io) };
  try {
    shell.traps.clear();
    throw new Unwind('exit', await execute(shell.process, spec));
  } catch (error) {
    if (!(error instanceof CannotExecute)) throw error;
    const why =
      error.reason === 'notFound'
        ? words[0]?.includes('/')
          ? 'No such file or directory'
          : 'not found'
        : 'Permission denied';
    await complain(shell, inner, `exec: ${words[0]}: ${why}`);
    throw new Unwind('exit', error.reason === 'notFound' ? 127 : 126);
  }
}

async function trace(shell: ShellState, frame: Frame, text: string): Promise<void> {
  if (!shell.options.has('xtrace')) return;
  await writeText(writerOf(frame.io, 2), `${shell.variables.text('PS4') ?? '+ '}${text}\n`);
}

function shown(word: string): string {
  return word !== '' && /^[\w@%+=:,./^~-]*$/.test(word) ? word : quote(word);
}
