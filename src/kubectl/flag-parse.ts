// Command lines to flag values and arguments, as pflag parses them.
import { defaultFlagValue, FlagValueError, parseFlagValue } from './flag-values.ts';
import { type Flag, FlagValues } from './flags.ts';

export interface ParsedFlags {
  readonly flags: FlagValues;
  readonly args: readonly string[];
  /** How many arguments stood before `--`; -1 without it. */
  readonly argsBeforeDash: number;
  /** Warnings about deprecated flags, each a line. */
  readonly warnings: readonly string[];
}

/** pflag's words for a command line that does not parse; the caller adds where help is. */
export class FlagError extends Error {
  override name = 'FlagError';
}

/** `--help`/`-h` was met: pflag stops at it and help is shown. */
export class HelpWanted extends Error {
  override name = 'HelpWanted';
}

export function parseFlags(declared: readonly Flag[], argv: readonly string[]): ParsedFlags {
  const parser = new Parser(declared);
  return parser.parse(argv);
}

class Parser {
  private readonly flags = new FlagValues();
  private readonly warnings: string[] = [];
  private readonly byName: ReadonlyMap<string, Flag>;
  private readonly byShorthand: ReadonlyMap<string, Flag>;
  private help = false;

  constructor(declared: readonly Flag[]) {
    this.byName = new Map(declared.map((flag) => [flag.name, flag]));
    this.byShorthand = new Map(declared.flatMap((flag) => (flag.shorthand ? [[flag.shorthand, flag] as const] : [])));
    for (const flag of declared) this.flags.setDefault(flag.name, defaultFlagValue(flag));
  }

  parse(argv: readonly string[]): ParsedFlags {
    const args: string[] = [];
    let argsBeforeDash = -1;
    for (let i = 0; i < argv.length; i++) {
      const arg = argv[i] ?? '';
      if (arg === '--') {
        argsBeforeDash = args.length;
        args.push(...argv.slice(i + 1));
        break;
      }
      if (arg.length < 2 || !arg.startsWith('-')) args.push(arg);
      else i += arg.startsWith('--') ? this.long(arg, argv[i + 1]) : this.short(arg, argv[i + 1]);
    }
    if (this.help) throw new HelpWanted();
    return { flags: this.flags, args, argsBeforeDash, warnings: this.warnings };
  }

  /** Returns how many of the following arguments it took: 0 or 1. */
  private long(arg: string, next: string | undefined): number {
    const equals = arg.indexOf('=');
    const written = arg.slice(2, equals < 0 ? undefined : equals);
    if (written === '' || written.startsWith('-')) throw new FlagError(`bad flag syntax: ${arg}`);
    const name = written.replaceAll('_', '-');
    const flag = this.byName.get(name);
    if (!flag) {
      if (name !== 'help') throw new FlagError(`unknown flag: --${name}`);
      this.help = true;
      return 0;
    }
    if (equals >= 0) this.assign(flag, arg.slice(equals + 1));
    else if (flag.bare !== undefined) this.assign(flag, flag.bare);
    else if (next === undefined) throw new FlagError(`flag needs an argument: --${written}`);
    else {
      this.assign(flag, next);
      return 1;
    }
    return 0;
  }

  private short(arg: string, next: string | undefined): number {
    let letters = arg.slice(1);
    while (letters.length > 0) {
      const letter = letters.charAt(0);
      const flag = this.byShorthand.get(letter);
      if (!flag && letter === 'h') {
        this.help = true;
        letters = letters.slice(1);
        continue;
      }
      if (!flag) throw new FlagError(`unknown shorthand flag: '${letter}' in -${letters}`);
      if (letters.length > 2 && letters[1] === '=') {
        this.assign(flag, letters.slice(2));
        return 0;
      }
      if (flag.bare !== undefined) {
        this.assign(flag, flag.bare);
        letters = letters.slice(1);
      } else if (letters.length > 1) {
        this.assign(flag, letters.slice(1));
        return 0;
      } else if (next !== undefined) {
        this.assign(flag, next);
        return 1;
      } else throw new FlagError(`flag needs an argument: '${letter}' in -${letters}`);
    }
    return 0;
  }

  private assign(flag: Flag, text: string): void {
    const title = flag.shorthand ? `-${flag.shorthand}, --${flag.name}` : `--${flag.name}`;
    try {
      const value = parseFlagValue(flag, text);
      const more = Array.isArray(value) && this.flags.changed(flag.name);
      this.flags.set(flag.name, more ? [...this.flags.strings(flag.name), ...value] : value, text);
    } catch (error) {
      if (!(error instanceof FlagValueError)) throw error;
      throw new FlagError(`invalid argument ${JSON.stringify(text)} for "${title}" flag: ${error.message}`);
    }
    if (flag.deprecated) this.warnings.push(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`);
  }
}
