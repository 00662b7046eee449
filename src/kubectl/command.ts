// What a command of kubectl is. One file in commands/ exports one; one line in commands.ts lists it.
import type { Context } from './context.ts';
import type { Completion, Flag } from './flags.ts';

export interface Command {
  /** The usage line after `kubectl` and the parents' names, e.g. `get (TYPE [NAME]) [flags]`; its first word is the name. */
  readonly use: string;
  /** One line. A top-level command has it in commands.ts instead. */
  readonly short?: string;
  /** Help's first paragraphs; `short` where absent. */
  readonly long?: string;
  /** Lines as they stand below `Examples:`, without indentation. */
  readonly example?: string;
  readonly aliases?: readonly string[];
  readonly flags?: readonly Flag[];
  readonly hidden?: boolean;
  /** What its arguments can be; absent: files. */
  readonly completes?: Completion;
  readonly subcommands?: readonly Command[];
  /** Ends the command when the number of arguments is wrong. Default: whatever the command says itself. */
  readonly checkArgs?: (args: readonly string[], path: string) => void;
  /** The exit code of errors, of flags too (`kubectl diff`: 2, because 1 means that something differs). Default: 1. */
  readonly errorCode?: number;
  /** How a command without `run` shows its help. Default: on standard error, with exit code 1. */
  readonly helpAlone?: 'on standard output' | 'succeeds';
  /** Throws what is in errors.ts. Without it the command shows its help (`kubectl rollout`). */
  readonly run?: (context: Context) => Promise<void>;
}

/** A top-level command: what help and suggestions need without loading it. */
export interface CommandEntry {
  readonly name: string;
  readonly short: string;
  readonly aliases?: readonly string[];
  /** Words that people try who mean this command. */
  readonly suggestFor?: readonly string[];
  /** Not in help. */
  readonly hidden?: boolean;
  readonly load: () => Promise<Command>;
}

/** A heading of kubectl's help with its commands. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandEntry[];
}

/** The name of a command: the first word of its usage line. */
export function commandName(command: Pick<Command, 'use'>): string {
  return command.use.split(' ')[0] ?? '';
}
