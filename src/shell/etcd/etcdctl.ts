// etcdctl 3.6: finds the subcommand, the endpoints and the certificates, and prints what etcd answers.

import { BrokenPipe, type Process, type Program } from '../../api/program.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { OptionError, type Options, readOptions } from '../text/long-options.ts';
import { authCommands } from './auth-commands.ts';
import { checkCommands } from './check-commands.ts';
import type { EtcdctlCall, EtcdctlCommand, OutputForm } from './command.ts';
import { type Found, findCommand, UnknownCommandError } from './commands.ts';
import { completionOf, completionProblem } from './completion.ts';
import { endpointCommands } from './endpoint-commands.ts';
import { EtcdClient } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { flagLines } from './flag-variables.ts';
import { checkValues, type Flag, helpFlag } from './flags.ts';
import { globalFlags, settingsOf, withEnvironment } from './global-flags.ts';
import { GrpcLog } from './grpc-log.ts';
import { type HelpTopic, helpText } from './help.ts';
import { keyCommands } from './key-commands.ts';
import { leaseCommands } from './lease-commands.ts';
import { etcdctlVersion } from './log-line.ts';
import { maintenanceCommands } from './maintenance-commands.ts';
import { memberCommands } from './member-commands.ts';
import { makeMirror } from './mirror-command.ts';
import { sessionCommands } from './session-commands.ts';
import { txn } from './txn-command.ts';
import { watch } from './watch-command.ts';

const completion: EtcdctlCommand = {
  name: 'completion',
  use: '[bash|zsh|fish|powershell]',
  about: 'Generate completion script',
  isLocal: true,
  async run({ operands, out }) {
    const problem = completionProblem(operands, 'etcdctl');
    if (problem) throw new OptionError(problem);
    await out(completionOf('etcdctl', operands[0] ?? '', commands));
    return 0;
  },
};

const commands: readonly EtcdctlCommand[] = [
  ...authCommands,
  ...checkCommands,
  completion,
  ...keyCommands,
  txn,
  watch,
  ...leaseCommands,
  ...memberCommands,
  ...endpointCommands,
  ...maintenanceCommands,
  ...sessionCommands,
  makeMirror,
];

const groups: Readonly<Record<string, string>> = {
  alarm: 'Alarm related commands',
  auth: 'Enable or disable authentication',
  check: 'commands for checking properties of the etcd cluster',
  downgrade: 'Downgrade related commands',
  endpoint: 'Endpoint related commands',
  lease: 'Lease related commands',
  member: 'Membership related commands',
  role: 'Role related commands',
  snapshot: 'Manages etcd node snapshots',
  user: 'User related commands',
};

export const etcdctl: Program = async (process) => {
  try {
    return await run(process);
  } catch (error) {
    const message = problemOf(error);
    if (message === undefined) throw error;
    if (message !== '') await process.stderr.write(`Error: ${message}\n`);
    return error instanceof EtcdctlError ? error.status : 1;
  }
};

function problemOf(error: unknown): string | undefined {
  if (error instanceof BrokenPipe) return undefined;
  if (error instanceof FileError) return `open ${error.path}: ${error.message.toLowerCase()}`;
  return error instanceof EtcdctlError ? error.message : undefined;
}

async function run(process: Process): Promise<number> {
  const words = process.argv.slice(1);
  const every = [...globalFlags, helpFlag, ...commands.flatMap(({ options = [] }) => options)];
  const { rest, problem, ...topic } = topicOf(operandsOf(words, every));
  if (problem !== undefined) {
    await process.stderr.write(problem + help(topic));
    return 0;
  }
  try {
    const { command } = topic;
    const own = [...globalFlags, helpFlag, ...(command?.options ?? [])];
    const options = readOptions(words, own);
    checkValues(options, own);
    if (!command || options.has('help')) return printHelp(process, topic);
    const set = command.isLocal ? options : await withEnvironment(process, options);
    const call = await callOf(process, set, rest);
    try {
      return await command.run(call);
    } finally {
      call.client.close();
    }
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    await process.stderr.write(`Error: ${error.message}\n`);
    await printHelp(process, topic);
    await process.stderr.write('\n');
    return 1;
  }
}

async function callOf(process: Process, options: Options, operands: readonly string[]): Promise<EtcdctlCall> {
  const file = (flag: string): string | undefined => {
    const path = options.text(flag);
    return path ? process.machine.files.readText(normalizePath(path, process.cwd)) : undefined;
  };
  const isDebug = options.has('debug');
  if (isDebug) await process.stderr.write(flagLines(options, globalFlags));
  const settings = await settingsOf(process, options, file);
  return {
    process,
    options,
    operands,
    file,
    form: formOf(options),
    hex: options.has('hex'),
    client: new EtcdClient(process, settings, isDebug ? new GrpcLog(process) : undefined),
    out: (text) => process.stdout.write(text),
  };
}

/** Operands alone; what is wrong with the flags is told later, with the command's help. */
function operandsOf(words: readonly string[], every: readonly Flag[]): readonly string[] {
  try {
    return readOptions(words, every).operands;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return words.filter((word) => !word.startsWith('-'));
  }
}

interface Topic extends Found<EtcdctlCommand> {
  /** What is told before the help. */
  readonly problem?: string;
}

/** Which command is meant. `help get`: the command's own help. Throws EtcdctlError. */
function topicOf(operands: readonly string[]): Topic {
  const [first, ...others] = operands;
  try {
    if (first !== 'help') return findCommand(commands, operands, 'etcdctl');
    const { name, command } = findCommand(commands, others, 'etcdctl');
    const topic = { ...(name !== undefined && { name }), ...(command && { command }) };
    return {
      ...topic,
      rest: [],
      ...(command && { command: { ...command, run: ({ process }) => printHelp(process, topic) } }),
    };
  } catch (error) {
    if (!(error instanceof UnknownCommandError)) throw error;
    if (first === 'help') return { rest: [], problem: `Unknown help topic ${'[`'}${others.join(' ')}${'`]'}\n` };
    throw new EtcdctlError(`${error.message}\nRun 'etcdctl --help' for usage.`);
  }
}

async function printHelp(process: Process, topic: HelpTopic): Promise<number> {
  await process.stdout.write(help(topic));
  return 0;
}

function help(topic: HelpTopic): string {
  return helpText(
    {
      program: 'etcdctl',
      about: 'A simple command line client for etcd3.',
      version: etcdctlVersion,
      commands: [...commands, { name: 'help', about: 'Help about any command' }],
      groups,
      groupUses: { auth: '<enable or disable>', downgrade: '<TARGET_VERSION>' },
      globals: globalFlags,
    },
    topic,
  );
}

const forms: readonly OutputForm[] = ['simple', 'json', 'table', 'fields', 'protobuf'];

function formOf(options: Options): OutputForm {
  const asked = options.text('write-out') ?? 'simple';
  const form = forms.find((known) => known === asked);
  if (!form) throw new EtcdctlError('unsupported output format', 4);
  return form;
}
