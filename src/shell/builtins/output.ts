// echo, printf, test and [, true, false, :, pwd, cd.
import { FileError, normalizePath } from '../../base/files.ts';
import { complain } from '../evaluate/shell-state.ts';
import { testPlace } from '../evaluate/test-command.ts';
import { evaluateTestWords, TestError } from '../text/file-tests.ts';
import { formatEcho, formatPrintf } from '../text/printf.ts';
import { type Builtin, isName, print, refuse } from './builtin.ts';

export const echo: Builtin = async (call) => {
  await print(call, formatEcho(call.args));
  return 0;
};

export const printf: Builtin = async (call) => {
  const { shell, args } = call;
  const into = args[0] === '-v' ? args[1] : undefined;
  const rest = into === undefined ? args : args.slice(2);
  const [format, ...values] = rest[0] === '--' ? rest.slice(1) : rest;
  if (format === undefined) return refuse(call, 'usage: printf [-v var] format [arguments]', 2);
  const { text, problems } = formatPrintf(format, values);
  if (into !== undefined && isName(into)) shell.variables.set(into, text);
  else await print(call, text);
  for (const problem of problems) await complain(shell, call.frame, `printf: ${problem}`);
  return problems.length > 0 ? 1 : 0;
};

export const test: Builtin = async (call) => {
  const { shell, name, args } = call;
  if (name === '[' && args.at(-1) !== ']') return refuse(call, "missing `]'", 2);
  try {
    return evaluateTestWords(name === '[' ? args.slice(0, -1) : args, testPlace(shell)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    return refuse(call, error.message, 2);
  }
};

export const succeed: Builtin = async () => 0;
export const fail: Builtin = async () => 1;

export const pwd: Builtin = async (call) => {
  await print(call, `${call.shell.process.cwd}\n`);
  return 0;
};

export const cd: Builtin = async (call) => {
  const { shell, args } = call;
  const { process, variables } = shell;
  const target = args.find((arg) => arg !== '-L' && arg !== '-P' && arg !== '--');
  const place = target === undefined ? variables.text('HOME') : target === '-' ? variables.text('OLDPWD') : target;
  if (place === undefined) return refuse(call, target === '-' ? 'OLDPWD not set' : 'HOME not set');
  if (args.length > 2) return refuse(call, 'too many arguments');
  const path = normalizePath(place, process.cwd);
  try {
    if (process.machine.files.stat(path).kind !== 'directory') throw new FileError('ENOTDIR', place);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (shell.dialect === 'bash') return refuse(call, `${place}: ${error.message}`);
    return refuse(call, `can't cd to ${place}${shell.dialect === 'ash' ? `: ${error.message}` : ''}`, 2);
  }
  variables.set('OLDPWD', process.cwd);
  process.cwd = path;
  variables.set('PWD', path);
  if (target === '-') await print(call, `${path}\n`);
  return 0;
};
