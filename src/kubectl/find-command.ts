// Which command a command line means, as cobra finds it: names are what is left once flags and their values are out.
import { distance } from 'fastest-levenshtein';
import { type Command, type CommandEntry, commandName } from './command.ts';
import { commandEntries } from './commands.ts';
import { CommandError } from './errors.ts';
import type { Flag } from './flags.ts';

/** The words of a command line that are no flags and no flags' values. */
export function bareWords(argv: readonly string[], flags: readonly Flag[]): readonly string[] {
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') break;
    if (!arg.startsWith('-')) {
      if (arg !== '') words.push(arg);
      continue;
    }
    if (arg.includes('=')) continue;
    const flag = arg.startsWith('--')
      ? flags.find(({ name }) => name === arg.slice(2))
      : arg.length === 2
        ? flags.find(({ shorthand }) => shorthand === arg.slice(1))
        : undefined;
    const alone = flag
      ? flag.bare !== undefined
      : arg === '-h' || arg === '--help' || (!arg.startsWith('--') && arg.length > 2);
    if (!alone) i++;
  }
  return words;
}

/** argv without the first appearance of a command's name (not of a flag's value that reads the same). */
export function withoutWord(argv: readonly string[], word: string, flags: readonly Flag[]): readonly string[] {
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') break;
    if (arg === word) return [...argv.slice(0, i), ...argv.slice(i + 1)];
    if (!arg.startsWith('-') || arg.includes('=')) continue;
    const flag = arg.startsWith('--')
      ? flags.find(({ name }) => name === arg.slice(2))
      : arg.length === 2
        ? flags.find(({ shorthand }) => shorthand === arg.slice(1))
        : undefined;
    if (flag && flag.bare === undefined) i++;
  }
  return argv;
}

export function findSubcommand(command: Command, word: string): Command | undefined {
  return command.subcommands?.find((child) => commandName(child) === word || child.aliases?.includes(word));
}

/** `error: unknown command "foo" for "kubectl"` with what was perhaps meant. */
export function unknownCommand(word: string, entries: readonly CommandEntry[]): CommandError {
  const lower = word.toLowerCase();
  const close = entries.filter(
    ({ name, hidden, suggestFor }) =>
      !hidden && (distance(lower, name) <= 2 || name.startsWith(lower) || suggestFor?.includes(lower)),
  );
  const hint = close.length > 0 ? `\n\nDid you mean this?\n${close.map(({ name }) => `\t${name}\n`).join('')}` : '';
  return new CommandError(`unknown command ${JSON.stringify(word)} for "kubectl"${hint}`);
}

/** A command of a command line. */
export interface Found {
  readonly command: Command;
  readonly path: string;
  readonly rest: readonly string[];
}

/** Follows subcommands as far as words name them. */
export function descend(top: Command, topPath: string, argv: readonly string[], globals: readonly Flag[]): Found {
  let command = top;
  let path = topPath;
  let rest = argv;
  for (;;) {
    const flags = [...globals, ...(command.flags ?? [])];
    const [word] = command.subcommands ? bareWords(rest, flags) : [];
    const child = word === undefined ? undefined : findSubcommand(command, word);
    if (!child || word === undefined) return { command, path, rest };
    rest = withoutWord(rest, word, flags);
    command = child;
    path += ` ${commandName(child)}`;
  }
}

/** The top-level command that a word means. */
export function entryOf(word: string, entries: readonly CommandEntry[] = commandEntries): CommandEntry | undefined {
  return entries.find(({ name, aliases }) => name === word || aliases?.includes(word));
}

/** The flags that a command takes over from all commands: those that it has none of its own for. */
export function inheritedFlags(command: Command, globals: readonly Flag[]): readonly Flag[] {
  const own = command.flags ?? [];
  const taken = new Set(own.map((flag) => flag.name));
  const letters = new Set(own.map((flag) => flag.shorthand));
  return globals
    .filter((flag) => !taken.has(flag.name))
    .map(({ shorthand, ...flag }) => (shorthand && !letters.has(shorthand) ? { ...flag, shorthand } : flag));
}
