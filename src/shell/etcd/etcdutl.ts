// etcdutl 3.6: looks at a snapshot, makes a data directory of it, and puts one in order that no etcd uses.
import type { Process, Program } from '../../api/program.ts';
import { FileError } from '../../base/files.ts';
import { OptionError, type Options, readOptions } from '../text/long-options.ts';
import { cobraUsage } from './cobra-usage.ts';
import { type Found, findCommand, UnknownCommandError } from './commands.ts';
import { completionOf, completionProblem } from './completion.ts';
import { defrag, hashKv, migrate, snapshotStatus } from './database-commands.ts';
import { checkForm, type EtcdutlCommand, EtcdutlError } from './etcdutl-command.ts';
import { checkValues, helpFlag, text } from './flags.ts';
import { etcdctlVersion } from './log-line.ts';
import { snapshotRestore } from './snapshot-restore.ts';

const version: EtcdutlCommand = {
  name: 'version',
  about: 'Prints the version of etcdutl',
  async run({ process }) {
    await process.stdout.write(`etcdutl version: ${etcdctlVersion}\nAPI version: 3.6\n`);
  },
};

const completion: EtcdutlCommand = {
  name: 'completion',
  use: '[bash|zsh|fish|powershell]',
  about: 'Generate completion script',
  async run({ process, operands }) {
    const problem = completionProblem(operands, 'etcdutl');
    if (problem) throw new OptionError(problem);
    await process.stdout.write(completionOf('etcdutl', operands[0] ?? '', commands));
  },
};

const commands: readonly EtcdutlCommand[] = [
  completion,
  defrag,
  hashKv,
  migrate,
  snapshotRestore,
  snapshotStatus,
  version,
];

const globalOptions = [text('write-out', 'fields, json, protobuf, simple or table', { short: 'w', initial: 'simple' })];

export const etcdutl: Program = async (process) => {
  const words = process.argv.slice(1);
  let found: Found<EtcdutlCommand> = { rest: [] };
  try {
    const every = [...globalOptions, helpFlag, ...commands.flatMap(({ options = [] }) => options)];
    found = findIn(operandsOf(words, every));
    await run(process, found, words);
    return 0;
  } catch (error) {
    const message = problemOf(error);
    if (message === undefined) throw error;
    const told = message === '' ? '' : `Error: ${message}\n`;
    // Cobra tells what is wrong with the command line, and etcdutl tells it once more.
    const before = error instanceof OptionError ? `${told}${usage(found)}\n` : '';
    const unknown = error instanceof UnknownCommandError ? `${told}Run 'etcdutl --help' for usage.\n` : '';
    await process.stderr.write(before + unknown + told);
    return error instanceof EtcdutlError ? error.status : 1;
  }
};

function operandsOf(words: readonly string[], every: Parameters<typeof readOptions>[1]): readonly string[] {
  try {
    return readOptions(words, every).operands;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return words.filter((word) => !word.startsWith('-')); // what is wrong with the flags is told later
  }
}

function findIn(operands: readonly string[]): Found<EtcdutlCommand> {
  const [first, ...others] = operands;
  if (first !== 'help') return findCommand(commands, operands, 'etcdutl');
  const { command, ...topic } = findCommand(commands, others, 'etcdutl');
  const about = {
    run: async ({ process }: { readonly process: Process }) => help(process, { ...topic, ...(command && { command }) }),
  };
  return { ...topic, command: { name: 'help', about: '', ...about } };
}

async function run(process: Process, found: Found<EtcdutlCommand>, words: readonly string[]): Promise<void> {
  const { command, rest } = found;
  const flags = [...globalOptions, helpFlag, ...(command?.options ?? [])];
  const options: Options = readOptions(words, flags);
  checkValues(options, flags);
  if (!command || options.has('help')) return help(process, found);
  if (command.takes !== undefined && rest.length !== command.takes)
    throw new OptionError(`accepts ${command.takes} arg(s), received ${rest.length}`);
  const missing = (command.required ?? []).filter((name) => !options.isSet(name));
  if (missing.length > 0)
    throw new OptionError(`required flag(s) ${missing.map((name) => `"${name}"`).join(', ')} not set`);
  if (command === snapshotStatus || command === hashKv) checkForm(options);
  await command.run({ process, options, operands: rest });
}

async function help(process: Process, found: Found<EtcdutlCommand>): Promise<void> {
  await process.stdout.write(usage(found));
}

function usage(found: Found<EtcdutlCommand>): string {
  return cobraUsage(
    {
      program: 'etcdutl',
      commands: [...commands, { name: 'help', about: 'Help about any command' }],
      groups: { snapshot: 'Manages etcd node snapshots' },
      globals: globalOptions,
    },
    found,
  );
}

function problemOf(error: unknown): string | undefined {
  if (error instanceof FileError) return `open ${error.path}: ${error.message.toLowerCase()}`;
  return error instanceof EtcdutlError || error instanceof OptionError || error instanceof UnknownCommandError
    ? error.message
    : undefined;
}
