// `kubectl __complete`: what the word at the end of a command line can become, as cobra answers the scripts of shells.
//
//   kubectl __complete get po ""  ─▶  one candidate a line, with a tab and what it is, then `:4` (see directives)
import type { Process } from '../../api/program.ts';
import type { CommandEntry } from '../command.ts';
import { type Command, commandName } from '../command.ts';
import { Context, type KubectlOptions } from '../context.ts';
import { bareWords, descend, entryOf, type Found, inheritedFlags, withoutWord } from '../find-command.ts';
import { FlagError, HelpWanted, parseFlags } from '../flag-parse.ts';
import { flag as declareFlag, type Flag, type FlagValues } from '../flags.ts';
import { loadCommand } from '../load-command.ts';
import type { Output } from '../output.ts';
import { candidatesFor } from './candidates.ts';
import { type Candidate, type Completed, defaults, directiveNames, noFiles, noSpace } from './completed.ts';

interface Given {
  readonly process: Process;
  readonly options: KubectlOptions;
  readonly output: Output;
  readonly globals: readonly Flag[];
  readonly entries: readonly CommandEntry[];
}

/** `described`: with what each candidate is. */
export async function answerCompletion(given: Given, words: readonly string[], described: boolean): Promise<number> {
  const { output } = given;
  if (words.length === 0) {
    output.err('error: requires at least 1 arg(s), only received 0\n');
    return 1;
  }
  const { candidates, directive, problem } = await complete(given, words);
  if (problem !== undefined) output.err(`[Debug] [Error] ${problem}\n`);
  for (const { word, about } of candidates) {
    const [line = ''] = (about ?? '').split('\n');
    output.out(described && line !== '' ? `${word}\t${line}\n` : `${word}\n`);
  }
  output.out(`:${directive}\n`);
  output.err(`Completion ended with directive: ${directiveNames(directive)}\n`);
  return 0;
}

async function complete(given: Given, words: readonly string[]): Promise<Completed> {
  const { globals, entries } = given;
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? '';
  const [name] = bareWords(before, globals);
  const entry = name === undefined ? undefined : entryOf(name, entries);
  if (name !== undefined && name !== 'help' && !entry) {
    given.output.err('[Debug] Cleared global flags for plugin completion\n');
    return failed(`unable to find a command for arguments: [${before.join(' ')}]`);
  }
  const top = entry ? await loadCommand(entry, given.options.loadCode) : rootCommand(entries);
  const rest = name === undefined ? before : withoutWord(before, name, globals);
  const found = entry ? descend(top, `kubectl ${entry.name}`, rest, globals) : { command: top, path: 'kubectl', rest };
  return completeFound(given, found, last);
}

/** kubectl itself: its commands, and no flags but those of all commands. */
function rootCommand(entries: readonly CommandEntry[]): Command {
  const help = { name: 'help', short: 'Help about any command' };
  const shown = [...entries.filter(({ hidden, name }) => !hidden || name === 'options'), help];
  return { use: 'kubectl', subcommands: shown.map((entry) => ({ use: entry.name, short: entry.short })) };
}

async function completeFound(given: Given, found: Found, last: string): Promise<Completed> {
  const { command, path } = found;
  const help = declareFlag.bool('help', `help for ${commandName(command)}`, { shorthand: 'h' });
  const own = [...(command.flags ?? []), help];
  const inherited = inheritedFlags(command, given.globals);
  const all = [...own, ...inherited];
  const value = flagValueAsked(all, found.rest, last);
  const parsed = parse(all, value?.rest ?? found.rest);
  if ('problem' in parsed) return failed(parsed.problem);
  const dashed = parsed.argsBeforeDash >= 0;
  if (value && 'unknown' in value && !dashed)
    return failed(`Subcommand '${commandName(command)}' does not support flag '${value.unknown}'`);
  if (parsed.flags.bool('help')) return { candidates: [], directive: noFiles };
  const isName = last.startsWith('-') && !last.includes('=') && !dashed && !(value && 'flag' in value);
  if (isName) return flagNames({ own, inherited, flags: parsed.flags }, last);
  const context = contextOf(given, path, parsed);
  if (value && 'flag' in value && !dashed) {
    const { completes } = value.flag;
    const ofPod = completes?.kind === 'containers';
    return candidatesFor(context, completes, { args: ofPod ? parsed.args : [], last: value.last });
  }
  return completeArgument(context, command, { args: parsed.args, last, own, flags: parsed.flags });
}

async function completeArgument(
  context: Context,
  command: Command,
  given: {
    readonly args: readonly string[];
    readonly last: string;
    readonly own: readonly Flag[];
    readonly flags: FlagValues;
  },
): Promise<Completed> {
  const { args, last, own, flags } = given;
  const anyOwn = own.some(({ name }) => flags.changed(name));
  const children = args.length === 0 && !anyOwn ? (command.subcommands ?? []) : [];
  const named = children.filter((child) => !child.hidden).sort((a, b) => (commandName(a) < commandName(b) ? -1 : 1));
  const candidates = [
    ...named.map((child): Candidate => ({ word: commandName(child), about: child.short })),
    ...requiredFlags(own, flags),
  ].filter(({ word }) => word.startsWith(last));
  const directive = named.length > 0 ? noFiles : defaults;
  if (!command.completes) return { candidates, directive };
  const more = await candidatesFor(context, command.completes, { args, last });
  return { candidates: [...candidates, ...more.candidates], directive: more.directive };
}

function failed(problem: string): Completed {
  return { candidates: [], directive: defaults, problem };
}

function parse(flags: readonly Flag[], argv: readonly string[]) {
  try {
    return parseFlags(flags, argv);
  } catch (error) {
    if (error instanceof HelpWanted || !(error instanceof FlagError)) throw error;
    return { problem: `Error while parsing flags from args [${argv.join(' ')}]: ${error.message}` };
  }
}

type ValueAsked =
  | { readonly flag: Flag; readonly rest: readonly string[]; readonly last: string }
  | { readonly unknown: string; readonly rest: readonly string[] };

/** The flag whose value the last word is or begins: `-n x`, `--namespace=x`. */
function flagValueAsked(flags: readonly Flag[], rest: readonly string[], last: string): ValueAsked | undefined {
  const named = (text: string) => {
    const [, name = text.slice(-1)] = /^--(.*)$/.exec(text) ?? [];
    return { name, flag: flags.find((one) => one.name === name || one.shorthand === name) };
  };
  const equals = last.startsWith('-') ? last.indexOf('=') : -1;
  if (equals >= 0) {
    const { name, flag } = named(last.slice(0, equals));
    return flag ? { flag, rest, last: last.slice(equals + 1) } : { unknown: name, rest };
  }
  const previous = rest.at(-1) ?? '';
  if (last.startsWith('-') || !/^(?:--[^=-][^=]*|-[^=-][^=]*)$/.test(previous)) return undefined;
  const { name, flag } = named(previous);
  if (!flag) return { unknown: name, rest };
  return flag.bare === undefined ? { flag, rest: rest.slice(0, -1), last } : undefined;
}

interface Flags {
  readonly own: readonly Flag[];
  readonly inherited: readonly Flag[];
  readonly flags: FlagValues;
}

function flagNames({ own, inherited, flags }: Flags, last: string): Completed {
  const fits = ({ word }: Candidate) => word.startsWith(last);
  const required = requiredFlags(own, flags).filter(fits);
  const listed = (some: readonly Flag[]) => [...some].sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(namesOf);
  const open = (one: Flag) => !flags.changed(one.name) || one.type === 'stringSlice' || one.type === 'stringArray';
  const all = [...listed(inherited.filter(open)), ...listed(own.filter(open))].filter(fits);
  const candidates = required.length > 0 ? required : all;
  const [only] = candidates;
  return { candidates, directive: candidates.length === 1 && only?.word.endsWith('=') ? noSpace : noFiles };
}

function requiredFlags(own: readonly Flag[], flags: FlagValues): readonly Candidate[] {
  return own.filter((flag) => flag.required && !flags.changed(flag.name)).flatMap(namesOf);
}

function namesOf({ name, shorthand, usage, hidden, deprecated }: Flag): readonly Candidate[] {
  if (hidden || deprecated) return [];
  return [
    { word: `--${name}`, about: usage },
    ...(shorthand === undefined ? [] : [{ word: `-${shorthand}`, about: usage }]),
  ];
}

function contextOf({ process, options, output }: Given, path: string, parsed: ReturnType<typeof parseFlags>): Context {
  const commandOf = (word: string): string | undefined => entryOf(word)?.name;
  return new Context({ options, process, path, output, commandOf, pluginPolicy: undefined, ...parsed });
}
