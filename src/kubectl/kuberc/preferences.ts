// Preferences at work: aliases become commands, and flags that a command line does not have get their defaults.
import type { Process } from '../../api/program.ts';
import { type Command, commandName } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { FlagValueError, parseFlagValue } from '../flag-values.ts';
import type { Flag } from '../flags.ts';
import type { Output } from '../output.ts';
import { knowsKuberc, loadPreference } from './file.ts';
import { type PluginPolicy, policyProblem } from './plugin-policy.ts';
import type { Alias, OptionDefault, Preference } from './preference.ts';

/** A command and where it stands: `kubectl rollout undo`. */
export interface Located {
  readonly command: Command;
  readonly path: string;
}

/** The command that words name; undefined when the first of them names none. */
export type Locate = (words: readonly string[]) => Promise<Located | undefined>;

/** A command line once an alias in it is expanded: what is run, and the arguments with the alias' name among them. */
export interface Expanded {
  readonly argv: readonly string[];
  readonly alias: Located & { readonly name: string; readonly original: string; readonly presets: readonly string[] };
}

/** What the defaults of a command add to its arguments, and the whole line for the log. */
export interface Defaulted {
  readonly presets: readonly string[];
  readonly original: string;
}

export class Preferences {
  readonly pluginPolicy: PluginPolicy;

  private constructor(
    private readonly preference: Preference,
    private readonly output: Output,
    private readonly globals: readonly Flag[],
  ) {
    const { policy, allowlist } = preference;
    this.pluginPolicy = { policy, allowlist: allowlist?.map(({ name, command }) => command || name) };
  }

  /** The preferences of a command line, undefined without any. Throws when they cannot be read. */
  static load(
    {
      process,
      output,
      globals,
    }: { readonly process: Process; readonly output: Output; readonly globals: readonly Flag[] },
    argv: readonly string[],
  ): Preferences | undefined {
    if (!knowsKuberc(process) || argv.length === 0) return undefined;
    const flag = failing('', () => kubercFlag(argv));
    const given = { process, output, verbosity: verbosityOf(argv) };
    const preference = failing('kuberc error ', () => loadPreference(given, flag));
    if (!preference) return undefined;
    const made = new Preferences(preference, output, globals);
    failing('', () => made.check());
    return made;
  }

  /** The alias of a command line whose first word is no command. */
  async expand(process: Process, argv: readonly string[], locate: Locate): Promise<Expanded | undefined> {
    const at = argv.findIndex((arg) => !arg.startsWith('-') && !arg.startsWith('__complete'));
    const alias = this.aliasNamed(argv[at]);
    if (!alias) return undefined;
    if (await locate([alias.name])) {
      this.output.err(`Warning: Setting alias ${JSON.stringify(alias.name)} to a built-in command is not supported\n`);
      return undefined;
    }
    const words = alias.command.split(/\s+/).filter(Boolean);
    const located = await locate(words);
    if (!located) {
      const command = JSON.stringify(alias.command);
      throw failed(`command ${command} not found to set alias ${JSON.stringify(alias.name)}: [${words.join(' ')}]`);
    }
    const program = process.argv[0] ?? 'kubectl';
    const presets = this.presets(located.command, alias.options, {
      argv,
      unknown: (name) => `invalid alias flag ${name} in alias ${program}`,
      wrong: ({ name, default: value }) => `could not apply value ${value} to flag ${name} in alias ${program}`,
    });
    const expanded = [...argv.slice(0, at + 1), ...alias.prependArgs, ...argv.slice(at + 1), ...alias.appendArgs];
    const rest = expanded.join(' ').replaceAll(alias.name, '');
    const original = `${[alias.command, ...presets].join(' ')}${rest ? ` ${rest}` : ''}`;
    return { argv: expanded, alias: { ...located, name: alias.name, original, presets } };
  }

  /** Defaults of the command that is run, of all entries whose command has the same last name. */
  async defaults(located: Located, argv: readonly string[], locate: Locate): Promise<Defaulted | undefined> {
    let found: Defaulted | undefined;
    const presets: string[] = [];
    const name = lastWord(located.path);
    for (const { command, options } of this.preference.defaults ?? []) {
      const meant = await locate(command.split(/\s+/).filter(Boolean));
      if (!meant) {
        this.output.err(`Warning: command ${JSON.stringify(command)} not found to set kuberc override\n`);
        continue;
      }
      if (lastWord(meant.path) !== name) continue;
      if (this.aliasNamed(name)) throw failed(`alias ${name} can not be overridden`);
      const added = this.presets(located.command, options, {
        argv,
        unknown: (flag) => `invalid flag ${flag} for command ${command}`,
        wrong: (option) =>
          `could not apply override value ${option.default} to flag ${option.name} in command ${command}`,
      });
      presets.push(...added);
      found = { presets, original: [...argv, ...added].join(' ') };
    }
    return found;
  }

  private aliasNamed(name: string | undefined): Alias | undefined {
    return this.preference.aliases?.find((alias) => alias.name === name);
  }

  /** Options as arguments, without those that the command line has itself. */
  private presets(
    command: Command,
    options: readonly OptionDefault[],
    given: {
      readonly argv: readonly string[];
      readonly unknown: (name: string) => string;
      readonly wrong: (option: OptionDefault) => string;
    },
  ): readonly string[] {
    const flags = [...(command.flags ?? []), ...this.globals];
    return options.flatMap((option) => {
      const flag = flags.find(({ name }) => name === option.name);
      if (!flag) throw failed(given.unknown(option.name));
      if (isGiven(flag, given.argv)) return [];
      try {
        parseFlagValue(flag, option.default);
      } catch (error) {
        if (!(error instanceof FlagValueError)) throw error;
        const title = flag.shorthand ? `-${flag.shorthand}, --${flag.name}` : `--${flag.name}`;
        const why = `invalid argument ${JSON.stringify(option.default)} for "${title}" flag: ${error.message}`;
        throw failed(`${given.wrong(option)} err: ${why}`);
      }
      return [`--${option.name}=${option.default}`];
    });
  }

  private check(): void {
    const { aliases = [], defaults = [] } = this.preference;
    const seen = new Set<string>();
    for (const { name, options } of aliases) {
      if (!/^[a-zA-Z]+$/.test(name))
        throw new CommandError('invalid alias name, can only include alphabetical characters');
      checkFlagNames(options);
      if (seen.has(name)) throw new CommandError(`duplicate alias name ${name}`);
      seen.add(name);
    }
    for (const { options } of defaults) checkFlagNames(options);
    const problem = policyProblem(this.pluginPolicy);
    if (problem) throw new CommandError(problem);
  }
}

/** An alias as the command that its help shows. */
export function aliasCommand({ command, name }: Expanded['alias']): Command {
  const { aliases: _, ...rest } = command;
  return { ...rest, use: `${name}${command.use.slice(commandName(command).length)}` };
}

function checkFlagNames(options: readonly OptionDefault[]): void {
  const dashed = options.find(({ name }) => name.startsWith('-'));
  if (dashed) throw new CommandError(`flag name ${dashed.name} should be in long form without dashes`);
}

function failed(why: string): PlainError {
  return new PlainError(`error occurred while applying preferences ${why}`);
}

function failing<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof CommandError ? failed(`${prefix}${error.message}`) : error;
  }
}

function kubercFlag(argv: readonly string[]): string {
  for (const [index, arg] of argv.entries()) {
    if (arg === '--') break;
    const [name, value] = arg === '--kuberc' ? [arg, argv[index + 1]] : arg.split('=');
    if (!arg.includes('--kuberc=') && arg !== '--kuberc') continue;
    if (name !== undefined && value) return value;
    throw new CommandError('kuberc file is not found');
  }
  return '';
}

/** `-v=5`, `-v 5`, `--v=5`, `--v 5`: read before flags are parsed. */
function verbosityOf(argv: readonly string[]): number {
  for (const [index, arg] of argv.entries()) {
    if (arg === '--') break;
    const [name, value = argv[index + 1]] = arg.split('=');
    if (name === '-v' || name === '--v') return Number(value) || 0;
  }
  return 0;
}

/** Whether a flag stands in arguments, read as loosely as upstream does: `-oyaml`, or its letter in `-abc`. */
function isGiven({ name, shorthand }: Flag, argv: readonly string[]): boolean {
  return argv.some((arg) => {
    if (arg === `--${name}` || arg.startsWith(`--${name}=`)) return true;
    if (!shorthand) return false;
    return arg.startsWith(`-${shorthand}`) || (/^-[a-zA-Z]+$/.test(arg) && arg.includes(shorthand));
  });
}

function lastWord(path: string): string {
  return path.slice(path.lastIndexOf(' ') + 1);
}
