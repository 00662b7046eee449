// complete, compgen, compopt: how the words of a command are completed. The terminal asks for what was said here.
import { type Builtin, type BuiltinCall, print, refuse } from './builtin.ts';
import type { CompletionRule } from './completion-rule.ts';

const optionNames = ['bashdefault', 'default', 'dirnames', 'filenames', 'noquote', 'nosort', 'nospace', 'plusdirs'];

export const complete: Builtin = async (call) => {
  const { args, shell } = call;
  const read = readArguments(args);
  if ('problem' in read) return refuse(call, read.problem, 2);
  const { rule, names, print: printed, remove } = read;
  if (printed || args.length === 0) return show(call, names);
  if (remove && names.length === 0) shell.completions.clear();
  if (names.length === 0 && !remove) {
    await print(call, '');
    return refuse(call, 'usage: complete [-pr] [-o option] [-W wordlist] [-F function] [name ...]', 2);
  }
  let status = 0;
  for (const name of names) {
    if (!remove) shell.completions.set(name, rule);
    else if (!shell.completions.delete(name)) status = await refuse(call, `${name}: no completion specification`);
  }
  return status;
};

/** The words of a list, files or directories that begin with a text. */
export const compgen: Builtin = async (call) => {
  const { args, shell } = call;
  const [kind = '', ...rest] = args;
  const typed = rest.filter((arg) => arg !== '--').at(kind === '-W' ? 1 : 0) ?? '';
  const { files } = shell.process.machine;
  const listed = (wanted: (name: string) => boolean) => files.list(shell.process.cwd).filter(wanted);
  const isFolder = (name: string) => files.stat(`${shell.process.cwd}/${name}`).kind === 'directory';
  if (kind !== '-W' && kind !== '-f' && kind !== '-d') return refuse(call, `${kind}: not supported in this shell`, 2);
  const words =
    kind === '-W' ? (rest[0] ?? '').split(/\s+/).filter(Boolean) : listed(kind === '-f' ? () => true : isFolder);
  const found = words.filter((word) => word.startsWith(typed));
  await print(call, found.map((word) => `${word}\n`).join(''));
  return found.length > 0 ? 0 : 1;
};

/** Only has a meaning while a word is completed, which no function of the shell does here. */
export const compopt: Builtin = (call) => refuse(call, 'not currently executing completion function');

interface Arguments {
  readonly rule: CompletionRule;
  readonly names: readonly string[];
  readonly print: boolean;
  readonly remove: boolean;
}

function readArguments(args: readonly string[]): Arguments | { readonly problem: string } {
  const options: string[] = [];
  const names: string[] = [];
  let rule: Omit<CompletionRule, 'options'> = {};
  let [printed, remove] = [false, false];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const value = args[i + 1];
    if (arg === '-p') printed = true;
    else if (arg === '-r') remove = true;
    else if (!arg.startsWith('-')) names.push(arg);
    else if (!['-o', '-F', '-W'].includes(arg)) return { problem: `${arg}: not supported in this shell` };
    else if (value === undefined) return { problem: `${arg}: option requires an argument` };
    else {
      i++;
      if (arg === '-F') rule = { ...rule, function: value };
      else if (arg === '-W') rule = { ...rule, words: value };
      else if (optionNames.includes(value)) options.push(value);
      else return { problem: `${value}: invalid option name` };
    }
  }
  return { rule: { options, ...rule }, names, print: printed, remove };
}

async function show(call: BuiltinCall, names: readonly string[]): Promise<number> {
  const { completions } = call.shell;
  let status = 0;
  for (const name of names.length > 0 ? names : [...completions.keys()].sort()) {
    const rule = completions.get(name);
    if (rule) await print(call, `${ruleText(name, rule)}\n`);
    else status = await refuse(call, `${name}: no completion specification`);
  }
  return status;
}

function ruleText(name: string, rule: CompletionRule): string {
  const parts = [
    ...optionNames.filter((option) => rule.options.includes(option)).map((option) => `-o ${option}`),
    ...(rule.words === undefined ? [] : [`-W '${rule.words.replaceAll("'", "'\\''")}'`]),
    ...(rule.function === undefined ? [] : [`-F ${rule.function}`]),
  ];
  return ['complete', ...parts, name].join(' ');
}
