// export, readonly, local, declare, unset, set, shopt, alias, unalias, umask.
import { evaluateArithmetic } from '../evaluate/arithmetic.ts';
import { arithmeticVariables, elementKey } from '../evaluate/lookup.ts';
import { quote } from '../evaluate/parameter.ts';
import type { ShellState } from '../evaluate/shell-state.ts';
import type { Variable } from '../evaluate/variables.ts';
import { type Builtin, type BuiltinCall, isName, print, refuse } from './builtin.ts';

/** `declare -x name="value"`, for export -p and its like. */
function describeVariable(name: string, { value, exported, readonly, integer }: Variable): string {
  const kind = value?.kind === 'list' ? 'a' : value?.kind === 'map' ? 'A' : '';
  const flags = `${kind}${integer ? 'i' : ''}${readonly ? 'r' : ''}${exported ? 'x' : ''}`;
  const quoted = (text: string) => `"${text.replace(/[\\"$`]/g, '\\$&')}"`;
  const shown =
    value === undefined
      ? ''
      : value.kind === 'text'
        ? `=${quoted(value.text)}`
        : `=(${[...value.entries].map(([key, text]) => `[${key}]=${quoted(text)}`).join(' ')})`;
  return `declare -${flags || '-'} ${name}${shown}\n`;
}

async function list(call: BuiltinCall, wanted: (variable: Variable) => boolean): Promise<number> {
  const { variables } = call.shell;
  for (const name of variables.names()) {
    const variable = variables.get(name);
    if (variable && wanted(variable)) await print(call, describeVariable(name, variable));
  }
  return 0;
}

/** Flags in front of the names, e.g. `-gx`; `+` ones take an attribute away. */
function splitFlags(args: readonly string[]): { readonly flags: string; readonly names: readonly string[] } {
  let first = 0;
  let flags = '';
  for (; /^[-+][a-zA-Z]+$/.test(args[first] ?? ''); first++)
    flags += (args[first] ?? '').startsWith('-') ? (args[first] ?? '').slice(1) : '';
  if (args[first] === '--') first++;
  return { flags, names: args.slice(first) };
}

/** Declares one `name`, `name=value`, `name+=value` or `name=(…)`. */
async function declareOne(
  call: BuiltinCall,
  text: string,
  attributes: Partial<Omit<Variable, 'value'>>,
  flags = '',
): Promise<number> {
  const { shell, frame } = call;
  const { variables } = shell;
  const [, name = '', append = '', value] = /^([^=+[]*)(\+?)(?:=([\s\S]*))?$/.exec(text) ?? [];
  if (!isName(name)) return refuse(call, `\`${text}': not a valid identifier`);
  if (/[aA]/.test(flags) && !variables.get(name)?.value)
    variables.assign(name, { kind: flags.includes('A') ? 'map' : 'list', entries: new Map() });
  if (value !== undefined && /^\([\s\S]*\)$/.test(value) && shell.dialect === 'bash')
    await shell.evaluator.text(shell, text, { ...frame, last: false });
  else if (value !== undefined) {
    const isInteger = attributes.integer ?? variables.get(name)?.integer;
    const computed = isInteger ? String(evaluateArithmetic(value, arithmeticVariables(shell))) : value;
    variables.set(name, (append ? (variables.text(name) ?? '') : '') + computed);
  }
  variables.mark(name, attributes);
  return 0;
}

async function declareAll(
  call: BuiltinCall,
  names: readonly string[],
  attributes: Partial<Omit<Variable, 'value'>>,
  flags = '',
): Promise<number> {
  let status = 0;
  for (const name of names) status = (await declareOne(call, name, attributes, flags)) || status;
  return status;
}

export const exportVariables: Builtin = async (call) => {
  const { flags, names } = splitFlags(call.args);
  if (names.length === 0) return list(call, ({ exported }) => exported);
  if (flags.includes('f')) return 0;
  return declareAll(call, names, { exported: !flags.includes('n') });
};

export const makeReadonly: Builtin = async (call) => {
  const { flags, names } = splitFlags(call.args);
  if (names.length === 0) return list(call, ({ readonly }) => readonly);
  return declareAll(call, names, { readonly: true }, flags);
};

export const local: Builtin = async (call) => {
  const { flags, names } = splitFlags(call.args);
  const { variables } = call.shell;
  if (!variables.inCall) return refuse(call, 'can only be used in a function');
  for (const name of names) variables.makeLocal(/^\w*/.exec(name)?.[0] ?? '');
  return declareAll(call, names, attributesOf(flags), flags);
};

export const declare: Builtin = async (call) => {
  const { flags, names } = splitFlags(call.args);
  const { shell } = call;
  if (flags.includes('f') || flags.includes('F')) return printFunctions(call, names, flags.includes('F'));
  if (flags.includes('p') || names.length === 0) {
    if (names.length === 0) return list(call, ({ exported }) => exported || !flags.includes('x'));
    let status = 0;
    for (const name of names) {
      const variable = shell.variables.get(name);
      if (variable) await print(call, describeVariable(name, variable));
      else status = await refuse(call, `${name}: not found`);
    }
    return status;
  }
  if (!flags.includes('g')) for (const name of names) shell.variables.makeLocal(/^\w*/.exec(name)?.[0] ?? '');
  return declareAll(call, names, attributesOf(flags), flags);
};

function attributesOf(flags: string): Partial<Omit<Variable, 'value'>> {
  return {
    ...(flags.includes('x') ? { exported: true } : {}),
    ...(flags.includes('r') ? { readonly: true } : {}),
    ...(flags.includes('i') ? { integer: true } : {}),
  };
}

async function printFunctions(call: BuiltinCall, names: readonly string[], namesOnly: boolean): Promise<number> {
  const { functions } = call.shell;
  let status = 0;
  for (const name of names.length > 0 ? names : functions.keys()) {
    const found = functions.get(name);
    if (!found) status = 1;
    else await print(call, namesOnly ? `declare -f ${name}\n` : `${found.text}\n`);
  }
  return status;
}

export const unset: Builtin = async (call) => {
  const { shell } = call;
  const { flags, names } = splitFlags(call.args);
  for (const name of names) {
    const [, base = name, index] = /^(\w+)\[(.*)\]$/.exec(name) ?? [];
    if (index !== undefined) shell.variables.unset(base, elementKey(shell, base, index));
    else if (flags.includes('f') || (!shell.variables.get(name) && !flags.includes('v'))) shell.functions.delete(name);
    else shell.variables.unset(name);
  }
  return 0;
};

const optionLetters: Readonly<Record<string, string>> = {
  a: 'allexport',
  e: 'errexit',
  f: 'noglob',
  m: 'monitor',
  n: 'noexec',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
};
const optionNames = [...Object.values(optionLetters), 'pipefail', 'posix', 'noclobber', 'history', 'vi', 'emacs'];

/** Applies `-eux`, `+e`, `-o name` at the front; returns the arguments left, or what is wrong. */
export function applyOptions(
  shell: ShellState,
  args: readonly string[],
): readonly string[] | { readonly invalid: string } {
  let i = 0;
  for (; /^[-+]./.test(args[i] ?? ''); i++) {
    const word = args[i] ?? '';
    if (word === '--') return args.slice(i + 1);
    const change = (name: string) => (word.startsWith('-') ? shell.options.add(name) : shell.options.delete(name));
    for (const letter of word.slice(1)) {
      if (letter === 'o') {
        const name = args[++i];
        if (name === undefined || !optionNames.includes(name))
          return { invalid: `${name ?? '-o'}: invalid option name` };
        change(name);
      } else if (Object.hasOwn(optionLetters, letter)) change(optionLetters[letter] ?? '');
      else return { invalid: `${word.charAt(0)}${letter}: invalid option` };
    }
  }
  return args.slice(i);
}

export const set: Builtin = async (call) => {
  const { shell, args } = call;
  if (args.length === 0) {
    for (const name of shell.variables.names()) {
      const text = shell.variables.text(name);
      if (text !== undefined) await print(call, `${name}=${/^[\w./:-]*$/.test(text) ? text : quote(text)}\n`);
    }
    return 0;
  }
  if (args.length === 1 && (args[0] === '-o' || args[0] === '+o')) {
    for (const name of [...optionNames].sort())
      await print(call, `${name.padEnd(15)}\t${shell.options.has(name) ? 'on' : 'off'}\n`);
    return 0;
  }
  const rest = applyOptions(shell, args);
  if ('invalid' in rest) return refuse(call, rest.invalid, 2);
  const hasOperands = rest.length > 0 || args.includes('--');
  if (hasOperands) shell.positional = rest;
  return 0;
};

/** Accepts the names that change nothing here; bash's other options are named as unsupported. */
export const shopt: Builtin = async (call) => {
  const known = ['expand_aliases', 'checkwinsize', 'histappend', 'cmdhist', 'interactive_comments'];
  const unknown = call.args.find((arg) => !arg.startsWith('-') && !known.includes(arg));
  return unknown === undefined ? 0 : refuse(call, `${unknown}: not supported in this shell`);
};

export const alias: Builtin = async (call) => {
  const { shell, args } = call;
  const show = (name: string, value: string) => print(call, `alias ${name}=${quote(value)}\n`);
  if (args.length === 0) for (const [name, value] of [...shell.aliases].sort()) await show(name, value);
  let status = 0;
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at > 0) shell.aliases.set(arg.slice(0, at), arg.slice(at + 1));
    else if (shell.aliases.has(arg)) await show(arg, shell.aliases.get(arg) ?? '');
    else status = await refuse(call, `${arg}: not found`);
  }
  return status;
};

export const unalias: Builtin = async (call) => {
  const { shell, args } = call;
  if (args[0] === '-a') shell.aliases.clear();
  let status = 0;
  for (const name of args.filter((arg) => arg !== '-a'))
    if (!shell.aliases.delete(name)) status = await refuse(call, `${name}: not found`);
  return status;
};

export const umask: Builtin = async (call) => {
  if (call.args.length === 0) await print(call, '0022\n');
  return 0;
};
