// Commands in groups, as etcdctl and etcdutl have them: `get`, `member list`; their words may be shortened.
import { distance } from 'fastest-levenshtein';
import { quote } from '../../base/go/quote.ts';
import type { Flag } from './flags.ts';

export interface NamedCommand {
  /** E.g. `get`, `member list`. */
  readonly name: string;
  /** What follows its own words, e.g. `[options] <key> [range_end]`. */
  readonly use?: string;
  readonly about: string;
  /** Its description in full, where one line is not enough. */
  readonly details?: string;
  readonly options?: readonly Flag[];
}

/** Neither name nor command: the program itself. A name alone: a group. */
export interface Found<Command> {
  readonly name?: string;
  readonly command?: Command;
  /** What follows the command's own words. */
  readonly rest: readonly string[];
}

/** There is no such command. The message is cobra's, without how to get help. */
export class UnknownCommandError extends Error {
  override name = 'UnknownCommandError';
  constructor(word: string, program: string, words: readonly string[]) {
    const close = [...words, 'help'].sort().filter((each) => isClose(word.toLowerCase(), each));
    const hint = close.length > 0 ? `\n\nDid you mean this?\n${close.map((each) => `\t${each}\n`).join('')}` : '';
    super(`unknown command ${quote(word)} for ${quote(program)}${hint}`);
  }
}

/** Which command is meant. Throws UnknownCommandError. */
export function findCommand<Command extends NamedCommand>(
  commands: readonly Command[],
  [first, ...others]: readonly string[],
  program: string,
): Found<Command> {
  if (first === undefined) return { rest: [] };
  const firstWords = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];
  const word = completed(first, firstWords);
  if (word === undefined) throw new UnknownCommandError(first, program, firstWords);
  const single = commands.find(({ name }) => name === word);
  if (single) return { name: word, command: single, rest: others };
  const [second = '', ...rest] = others;
  const group = commands.filter(({ name }) => name.startsWith(`${word} `));
  const chosen = completed(
    second,
    group.map(({ name }) => name.slice(word.length + 1)),
  );
  const command = group.find(({ name }) => name === `${word} ${chosen}`);
  return command ? { name: command.name, command, rest } : { name: word, rest: [] };
}

/** Two letters more, fewer or other ones, or begun so. */
function isClose(given: string, word: string): boolean {
  return distance(given, word) <= 2 || word.startsWith(given);
}

/** A word may be shortened as long as no other begins so. */
function completed(given: string, words: readonly string[]): string | undefined {
  if (words.includes(given)) return given;
  const found = given === '' ? [] : words.filter((word) => word.startsWith(given));
  return found.length === 1 ? found[0] : undefined;
}
