// Runs one kubectl command line: finds the command, parses flags, runs it, prints what went wrong.

import { BrokenPipe, type LoadCode, type Process } from '../api/program.ts';
import { assert } from '../base/assert.ts';
import { checkError } from './check-error.ts';
import { matchServerVersion } from './client-version.ts';
import type { Command } from './command.ts';
import { commandEntries, commandGroups } from './commands.ts';
import { Context, type KubectlOptions } from './context.ts';
import { asError, CommandError, ExitError, ManyErrors, StatusError } from './errors.ts';
import {
  bareWords,
  descend,
  entryOf,
  type Found,
  findSubcommand,
  inheritedFlags,
  unknownCommand,
  withoutWord,
} from './find-command.ts';
import { FlagError, HelpWanted, parseFlags } from './flag-parse.ts';
import type { Flag } from './flags.ts';
import { globalFlags } from './global-flags.ts';
import { commandHelp, optionsHelp, rootHelp } from './help.ts';
import { klogLine } from './klog.ts';
import { knowsKuberc } from './kuberc/file.ts';
import type { PluginPolicy } from './kuberc/plugin-policy.ts';
import { aliasCommand, type Locate, type Located, Preferences } from './kuberc/preferences.ts';
import { loadCommand } from './load-command.ts';
import { Output } from './output.ts';
import { findPlugin, runPlugin } from './plugin.ts';

export async function runKubectl(process: Process, options: KubectlOptions): Promise<number> {
  const output = new Output(process);
  try {
    const exitCode = await dispatch(process, options, output);
    await output.flush();
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof BrokenPipe) return 141;
    const verdict = checkError(asError(thrown));
    output.err(verdict.text);
    await output.flush();
    return verdict.exitCode;
  }
}

async function dispatch(process: Process, options: KubectlOptions, output: Output): Promise<number> {
  const known = knowsKuberc(process);
  const globals = globalFlags(process.env.get('HOME') ?? '').filter(({ name }) => known || name !== 'kuberc');
  const entries = commandEntries.filter(({ name }) => known || name !== 'kuberc');
  const written = process.argv.slice(1);
  const [first] = bareWords(written, globals);
  const preferences = Preferences.load({ process, output, globals }, written);
  const locate: Locate = (words) => locateCommand(words, globals, options.loadCode);
  const isKnown = first === undefined || first === 'help' || entryOf(first, entries) !== undefined;
  const expanded = isKnown ? undefined : await preferences?.expand(process, written, locate);
  const argv = expanded?.argv ?? written;
  const words = expanded ? [expanded.alias.name] : bareWords(argv, globals);
  const [word] = words;
  if (word === undefined) return runRoot(argv, globals, output);
  if (argv[0] === '__complete' || argv[0] === '__completeNoDesc') {
    const { answerCompletion } = await options.loadCode(() => import('./complete/answer.ts'));
    return answerCompletion({ process, options, output, globals, entries }, argv.slice(1), word === '__complete');
  }
  if (word === 'help') return runHelp({ process, loadCode: options.loadCode }, words.slice(1), output);
  const entry = entryOf(word, entries);
  if (!entry && !expanded) {
    const plugin = argv[0] === word ? findPlugin(process, argv) : undefined;
    if (plugin) return runPlugin(process, plugin);
    if (argv[0] !== word) {
      output.err(`Error: flags cannot be placed before plugin name: ${argv[0]}\n`);
      return 1;
    }
    throw unknownCommand(word, entries);
  }
  const top = entry ? await loadCommand(entry, options.loadCode) : undefined;
  const subPlugin = top && entry?.name === 'create' ? createPlugin(process, top, argv) : undefined;
  if (subPlugin) return runPlugin(process, subPlugin);
  const start = expanded ? aliasCommand(expanded.alias) : top;
  assert(start !== undefined, 'a command line without a command');
  const found = descend(start, `kubectl ${entry?.name ?? word}`, withoutWord(argv, word, globals), globals);
  const defaulted = await preferences?.defaults(found, argv, locate);
  const line: Line = {
    presets: [...(expanded?.alias.presets ?? []), ...(defaulted?.presets ?? [])],
    original: defaulted?.original ?? expanded?.alias.original,
    pluginPolicy: preferences?.pluginPolicy,
  };
  const { errorCode } = found.command;
  const short = entry?.short ?? expanded?.alias.command.short ?? '';
  return execute({ process, options, output, globals, short, line }, found).catch((thrown: unknown) => {
    const error = asError(thrown);
    if (errorCode === undefined || error instanceof ExitError || error instanceof BrokenPipe) throw error;
    output.err(checkError(error).text);
    return errorCode;
  });
}

/** What preferences do to a command line. */
interface Line {
  /** Arguments for flags that the line does not have. */
  readonly presets: readonly string[];
  /** For the log: the line without preferences. */
  readonly original: string | undefined;
  readonly pluginPolicy: PluginPolicy | undefined;
}

/** The command that words name, with its one-line help where commands.ts has it. */
async function locateCommand(
  words: readonly string[],
  globals: readonly Flag[],
  loadCode: LoadCode,
): Promise<Located | undefined> {
  const [word] = bareWords(words, globals);
  const entry = word === undefined ? undefined : entryOf(word);
  if (!entry || word === undefined) return undefined;
  const top = await loadCommand(entry, loadCode);
  const named = top.short ? top : { ...top, short: entry.short };
  return descend(named, `kubectl ${entry.name}`, withoutWord(words, word, globals), globals);
}

/** `kubectl create foo` may be a plugin: create alone takes further subcommands. */
function createPlugin(process: Process, create: Command, argv: readonly string[]): ReturnType<typeof findPlugin> {
  const [first, second] = argv;
  if (first !== 'create' || second === undefined || second.startsWith('-')) return undefined;
  return findSubcommand(create, second) ? undefined : findPlugin(process, argv, 2);
}

async function execute(
  given: {
    readonly process: Process;
    readonly options: KubectlOptions;
    readonly output: Output;
    readonly globals: ReturnType<typeof globalFlags>;
    readonly short: string;
    readonly line: Line;
  },
  { command, path, rest }: Found,
): Promise<number> {
  const { process, options, output, globals, short, line } = given;
  const shown = command.short || path.split(' ').length > 2 ? command : { ...command, short };
  try {
    const own = command.flags ?? [];
    const inherited = inheritedFlags(command, globals);
    const parsed = parseFlags([...own, ...inherited], [...line.presets, ...rest]);
    for (const warning of parsed.warnings) output.err(warning);
    command.checkArgs?.(parsed.args, path);
    const missing = own
      .filter((flag) => flag.required && !parsed.flags.changed(flag.name))
      .map(({ name }) => `"${name}"`);
    if (missing.length > 0) throw new CommandError(`required flag(s) ${missing.join(', ')} not set`);
    const commandOf = (word: string): string | undefined => entryOf(word)?.name;
    const context = new Context({
      options,
      process,
      path,
      output,
      commandOf,
      pluginPolicy: line.pluginPolicy,
      ...parsed,
    });
    if (line.original !== undefined && parsed.flags.number('v') >= 1) logOriginal(context, line.original);
    if (!own.some(({ name }) => name === 'profile')) checkProfile(parsed.flags.string('profile'));
    if (command.run) await logged(context, command.run);
    else helpOnly(shown, context);
    return finish(context);
  } catch (error) {
    if (error instanceof HelpWanted) {
      const help = path === 'kubectl options' ? optionsHelp(globals, process.terminal) : undefined;
      output.out(help ?? commandHelp(shown, path, process.terminal));
      return 0;
    }
    if (error instanceof FlagError) throw new CommandError(`${error.message}\nSee '${path} --help' for usage.`);
    throw error;
  }
}

const profiles = ['cpu', 'heap', 'allocs', 'goroutine', 'threadcreate', 'block', 'mutex', 'trace'];

/** Profiles are of a Go program's inner life, which there is none of here. */
function checkProfile(profile: string): void {
  if (profile === 'none') return;
  if (!profiles.includes(profile)) throw new CommandError(`unknown profile '${profile}'`);
  throw new CommandError(`--profile=${profile} is not supported: this kubectl has no such profile to write`);
}

/** Runs a command; at `-v=4` and above what the server refused is logged whole. */
async function logged(context: Context, run: (context: Context) => Promise<void>): Promise<void> {
  try {
    await matchServerVersion(context);
    await run(context);
  } catch (error) {
    if (context.flags.number('v') >= 4) for (const refusal of refusals(error)) logRefusal(context, refusal);
    throw error;
  }
}

function logOriginal(context: Context, original: string): void {
  const command = JSON.stringify(`kubectl ${original}`);
  context.err(klogLine(context.process, 'I', 'cmd.go:371', `original command: ${command}`));
}

function refusals(error: unknown): readonly StatusError[] {
  if (error instanceof ManyErrors) return error.errors.flatMap(refusals);
  return error instanceof StatusError ? [error] : [];
}

function logRefusal(context: Context, { status }: StatusError): void {
  const { message, reason, details, code } = status;
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
  const filled = (_: string, held: unknown) =>
    held === '' || (Array.isArray(held) && held.length === 0) ? undefined : held;
  const text = `server response object: %s[${JSON.stringify(object, filled, 2)}]`;
  context.err(klogLine(context.process, 'I', 'helpers.go:246', text));
}

function finish(context: Context): number {
  const warnings = context.flags.bool('warnings-as-errors') ? context.warningCount : 0;
  if (warnings === 0) return 0;
  throw new CommandError(`${warnings} ${warnings === 1 ? 'warning' : 'warnings'} received`);
}

/** A command that only holds others: its help, mostly on standard error and with exit code 1. */
function helpOnly(command: Command, context: Context): void {
  const help = commandHelp(command, context.path, context.process.terminal);
  if (command.helpAlone === 'succeeds') {
    context.out(help);
    return;
  }
  if (context.args.length > 0) throw context.usageError(`unknown command ${JSON.stringify(context.args.join(' '))}`);
  if (command.helpAlone === 'on standard output') context.out(help);
  else context.err(help);
  throw new ExitError(1);
}

function runRoot(argv: readonly string[], globals: ReturnType<typeof globalFlags>, output: Output): number {
  try {
    parseFlags(globals, argv);
  } catch (error) {
    if (error instanceof FlagError) throw new CommandError(`${error.message}\nSee 'kubectl --help' for usage.`);
    if (!(error instanceof HelpWanted)) throw error;
  }
  output.out(rootHelp(commandGroups));
  return 0;
}

async function runHelp(
  { process, loadCode }: { readonly process: Process; readonly loadCode: LoadCode },
  words: readonly string[],
  output: Output,
): Promise<number> {
  const [word, ...more] = words;
  const entry = commandEntries.find(
    ({ name, aliases }) => name === word || (word !== undefined && aliases?.includes(word)),
  );
  if (word === 'options') output.out(optionsHelp(globalFlags(process.env.get('HOME') ?? ''), process.terminal));
  else if (entry) {
    const { command, path } = descend(await loadCommand(entry, loadCode), `kubectl ${entry.name}`, more, []);
    output.out(commandHelp(command.short ? command : { ...command, short: entry.short }, path, process.terminal));
  } else {
    const help = rootHelp(commandGroups);
    if (word === undefined) output.out(help);
    else output.err(`Unknown help topic [\`${words.join('` `')}\`]\n\n\n${help.slice(help.indexOf('Basic Commands'))}`);
  }
  return 0;
}
