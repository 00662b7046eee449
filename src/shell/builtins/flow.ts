// break, continue, return, exit, eval, source, shift, trap, command, builtin, getopts, let.
import { FileError, normalizePath } from '../../base/files.ts';
import { evaluateArithmetic } from '../evaluate/arithmetic.ts';
import { isStopped } from '../evaluate/jobs.ts';
import { arithmeticVariables } from '../evaluate/lookup.ts';
import { quote } from '../evaluate/parameter.ts';
import { writerOf } from '../evaluate/shell-state.ts';
import { setTrap } from '../evaluate/traps.ts';
import { Unwind } from '../evaluate/unwind.ts';
import { findExecutable } from '../process/resolve-program.ts';
import { signals } from '../process/signals.ts';
import { type Builtin, type BuiltinCall, print, refuse } from './builtin.ts';
import { describeName } from './describe-name.ts';

export const leaveLoop: Builtin = async (call) => {
  const { shell, name, args } = call;
  const count = Number(args[0] ?? 1);
  if (!Number.isInteger(count)) return refuse(call, `${args[0]}: numeric argument required`, 128);
  if (count < 1) return refuse(call, `${args[0]}: loop count out of range`);
  if (shell.loopDepth === 0) {
    if (shell.dialect === 'bash') await refuse(call, "only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  throw new Unwind(name === 'break' ? 'break' : 'continue', 0, count);
};

function statusArgument({ shell, args }: BuiltinCall): number | undefined {
  if (args[0] === undefined) return shell.status;
  return /^-?\d+$/.test(args[0]) ? Number(args[0]) & 0xff : undefined;
}

export const leaveFunction: Builtin = async (call) => {
  const { shell } = call;
  if (!shell.variables.inCall && shell.sourceDepth === 0 && shell.dialect === 'bash')
    return refuse(call, "can only `return' from a function or sourced script", 2);
  const status = statusArgument(call);
  if (status === undefined) return refuse(call, `${call.args[0]}: numeric argument required`, 2);
  throw new Unwind('return', status);
};

export const exit: Builtin = async (call) => {
  const { shell } = call;
  if (shell.interactive && shell.linesSinceWarning > 1 && shell.jobs.some(isStopped)) {
    shell.linesSinceWarning = 0;
    await writerOf(call.frame.io, 2).write('There are stopped jobs.\n');
    return 1;
  }
  const status = statusArgument(call);
  if (status !== undefined) throw new Unwind('exit', status);
  await refuse(call, `${call.args[0]}: numeric argument required`);
  throw new Unwind('exit', 2);
};

export const evaluateText: Builtin = async ({ shell, args, frame }) => {
  return shell.evaluator.text(shell, args.join(' '), { ...frame, last: false });
};

const sourceDepthMax = 100;

export const source: Builtin = async (call) => {
  const { shell, args, frame } = call;
  const [path, ...positional] = args;
  if (path === undefined) return refuse(call, 'filename argument required', 2);
  if (shell.sourceDepth >= sourceDepthMax) return refuse(call, 'maximum source nesting level exceeded');
  let text: string;
  try {
    text = shell.process.machine.files.readText(normalizePath(path, shell.process.cwd));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return refuse({ ...call, name: path }, error.message);
  }
  const saved = shell.positional;
  if (positional.length > 0) shell.positional = positional;
  shell.sourceDepth++;
  try {
    return await shell.evaluator.text(shell, text, { ...frame, last: false });
  } catch (error) {
    if (error instanceof Unwind && error.kind === 'return') return error.status;
    throw error;
  } finally {
    shell.sourceDepth--;
    if (positional.length > 0) shell.positional = saved;
  }
};

export const shift: Builtin = async (call) => {
  const { shell, args } = call;
  const count = Number(args[0] ?? 1);
  if (!Number.isInteger(count)) return refuse(call, `${args[0]}: numeric argument required`);
  if (count > shell.positional.length || count < 0) return 1;
  shell.positional = shell.positional.slice(count);
  return 0;
};

export const trap: Builtin = async (call) => {
  const { shell, args } = call;
  if (args[0] === '-l') {
    await print(call, `${signals.join(' ')}\n`);
    return 0;
  }
  const words = args[0] === '--' ? args.slice(1) : args;
  if (words.length === 0 || words[0] === '-p') {
    for (const [name, command] of shell.traps) await print(call, `trap -- ${quote(command)} ${name}\n`);
    return 0;
  }
  const isReset = words[0] === '-' || words.length === 1;
  const command = isReset ? undefined : words[0];
  let status = 0;
  for (const name of words.length === 1 ? words : words.slice(1))
    if (!setTrap(shell, name.toUpperCase(), command))
      status = await refuse(call, `${name}: invalid signal specification`);
  return status;
};

/** `command NAME`: passes functions by; `-v` and `-V` tell what it is. */
export const command: Builtin = async (call) => {
  const { shell, args, frame } = call;
  const [first = ''] = args;
  if (first === '-v' || first === '-V') {
    let status = 0;
    for (const name of args.slice(1)) {
      const described = describeName(shell, name);
      if (!described) status = first === '-V' ? await refuse(call, `${name}: not found`) : 1;
      else await print(call, `${first === '-v' ? described.short : described.long}\n`);
    }
    return status;
  }
  const words = first === '-p' || first === '--' ? args.slice(1) : args;
  return words.length === 0 ? 0 : shell.evaluator.words(shell, words, frame, true);
};

export const letArithmetic: Builtin = async (call) => {
  let value = 0n;
  for (const source of call.args) value = evaluateArithmetic(source, arithmeticVariables(call.shell));
  return value === 0n ? 1 : 0;
};

export const getopts: Builtin = async (call) => {
  const { shell, args } = call;
  const [spec = '', name = '', ...given] = args;
  if (name === '') return refuse(call, 'usage: getopts optstring name [arg ...]', 2);
  const words = given.length > 0 ? given : shell.positional;
  const { variables } = shell;
  let index = Number(variables.text('OPTIND') ?? 1);
  const offset = shell.optionOffset.index === index ? shell.optionOffset.offset : 1;
  const word = words[index - 1];
  const finish = (letter: string, next: number, within: number) => {
    variables.set(name, letter);
    variables.set('OPTIND', String(next));
    shell.optionOffset = { index: next, offset: within };
  };
  if (word === undefined || !/^-./.test(word) || word === '--') {
    if (word === '--') index++;
    finish('?', index, 1);
    return 1;
  }
  const letter = word.charAt(offset);
  const isLast = offset + 1 >= word.length;
  const at = letter === ':' ? -1 : spec.indexOf(letter);
  variables.unset('OPTARG');
  if (at === -1) {
    finish('?', isLast ? index + 1 : index, isLast ? 1 : offset + 1);
    if (spec.startsWith(':')) variables.set('OPTARG', letter);
    else await refuse({ ...call, name: shell.name }, `illegal option -- ${letter}`);
    return 0;
  }
  if (spec.charAt(at + 1) !== ':') finish(letter, isLast ? index + 1 : index, isLast ? 1 : offset + 1);
  else {
    const argument = isLast ? words[index] : word.slice(offset + 1);
    if (argument === undefined && !spec.startsWith(':'))
      await refuse({ ...call, name: shell.name }, `option requires an argument -- ${letter}`);
    variables.set('OPTARG', argument ?? letter);
    finish(argument !== undefined ? letter : spec.startsWith(':') ? ':' : '?', index + (isLast ? 2 : 1), 1);
  }
  return 0;
};

export const type: Builtin = async (call) => {
  const { shell, args } = call;
  let status = 0;
  const kindOnly = args[0] === '-t';
  for (const name of args.filter((arg) => !/^-[tapP]$/.test(arg))) {
    const described = describeName(shell, name);
    if (described) await print(call, `${kindOnly ? described.kind : described.long}\n`);
    else status = kindOnly ? 1 : await refuse(call, `${name}: not found`);
  }
  return status;
};

export const hash: Builtin = async (call) => {
  const { process, variables } = call.shell;
  for (const name of call.args.filter((arg) => !arg.startsWith('-')))
    findExecutable(name, { files: process.machine.files, env: variables.exported(), cwd: process.cwd });
  return 0;
};
