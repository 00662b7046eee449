// etcdctl 3.6: finds the subcommand, the endpoints and the certificates, and prints what etcd answers.

import { BrokenPipe, type Process, type Program } from '../../api/program.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { OptionError, Options, readOptions } from '../text/long-options.ts';
import type { EtcdctlCommand, OutputForm } from './command.ts';
import { type Found, findCommand, UnknownCommandError } from './commands.ts';
import { endpointCommands } from './endpoint-commands.ts';
import { EtcdClient, EtcdctlError, type EtcdSettings } from './etcd-client.ts';
import { flagLines, variableOf } from './flag-variables.ts';
import { checkValues, duration, type Flag, helpFlag, number, text, toggle } from './flags.ts';
import { GrpcLog } from './grpc-log.ts';
import { type HelpTopic, helpText } from './help.ts';
import { keyCommands } from './key-commands.ts';
import { leaseCommands } from './lease-commands.ts';
import { etcdctlVersion, logLine } from './log-line.ts';
import { maintenanceCommands } from './maintenance-commands.ts';
import { memberCommands } from './member-commands.ts';
import { makeMirror } from './mirror-command.ts';
import { sessionCommands } from './session-commands.ts';
import { txn } from './txn-command.ts';
import { watch } from './watch-command.ts';

const commands: readonly EtcdctlCommand[] = [
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
  downgrade: 'Downgrade related commands',
  endpoint: 'Endpoint related commands',
  lease: 'Lease related commands',
  member: 'Membership related commands',
  snapshot: 'Manages etcd node snapshots',
};

const globalOptions: readonly Flag[] = [
  { name: 'endpoints', kind: 'list', type: 'strings', initial: '127.0.0.1:2379', about: 'where etcd is' },
  toggle('debug', 'tell how the flags are set'),
  text('write-out', 'fields, json, protobuf, simple or table', { short: 'w', initial: 'simple' }),
  toggle('hex', 'bytes and ids in hexadecimal'),
  duration('dial-timeout', 'how long connecting may take', '2s'),
  duration('command-timeout', 'how long a command may take', '5s'),
  duration('keepalive-time', 'between signs of life', '2s'),
  duration('keepalive-timeout', 'without a sign of life', '6s'),
  number('max-request-bytes', 'the most that is sent (0: 2 MiB)'),
  number('max-recv-bytes', 'the most that is taken (0: 2 GiB)'),
  toggle('insecure-transport', 'without TLS unless there are certificates', { initial: 'true' }),
  toggle('insecure-discovery', 'take SRV records of endpoints without TLS', { initial: 'true' }),
  toggle('insecure-skip-tls-verify', 'do not check servers'),
  text('cert', 'the client certificate'),
  text('key', "the client certificate's key"),
  text('cacert', 'the authority that servers are checked with'),
  text('user', 'who asks, as name:password'),
  text('password', 'where --user has none'),
  text('discovery-srv', 'the domain whose SRV records name endpoints', { short: 'd' }),
  text('discovery-srv-name', 'the service in those records'),
];

/**
 * Flags that are none of the simulation's. Without them --insecure-discovery has nothing to choose, and --dial-timeout
 * nothing to end: etcd's client only connects before a command's time begins to get a user's token.
 */
const refusedOptions = [
  'user',
  'password',
  'discovery-srv',
  'discovery-srv-name',
  'keepalive-time',
  'keepalive-timeout',
];

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
  const every = [...globalOptions, helpFlag, ...commands.flatMap(({ options = [] }) => options)];
  const { rest, ...topic } = topicOf(operandsOf(words, every));
  const { command } = topic;
  const own = [...globalOptions, helpFlag, ...(command?.options ?? [])];
  let options: Options;
  try {
    options = readOptions(words, own);
    checkValues(options, own);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    await process.stderr.write(`Error: ${error.message}\n`);
    await process.stdout.write(help(topic));
    await process.stderr.write('\n');
    return 1;
  }
  if (!command || options.has('help')) {
    await process.stdout.write(help(topic));
    return 0;
  }
  const set = await withEnvironment(process, options);
  const file = (flag: string): string | undefined => {
    const path = set.text(flag);
    return path ? process.machine.files.readText(normalizePath(path, process.cwd)) : undefined;
  };
  const isDebug = set.has('debug');
  if (isDebug) await process.stderr.write(flagLines(set, globalOptions));
  return command.run({
    process,
    options: set,
    operands: rest,
    file,
    form: formOf(set),
    hex: set.has('hex'),
    client: new EtcdClient(process, settingsOf(set, file), isDebug ? new GrpcLog(process) : undefined),
    out: (text) => process.stdout.write(text),
  });
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

interface Topic extends Found<EtcdctlCommand> {}

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
      globals: globalOptions,
    },
    topic,
  );
}

/** The flags with those that the environment sets: ETCDCTL_ENDPOINTS, ETCDCTL_CACERT … Throws EtcdctlError. */
async function withEnvironment(process: Process, options: Options): Promise<Options> {
  const { clock, env, stderr } = process;
  const flags = new Map(globalOptions.map(({ name }) => [variableOf(name), name]));
  const given = new Map<string, readonly string[]>();
  for (const [variable, value] of env) {
    if (!variable.startsWith('ETCDCTL_') || variable.startsWith('ETCDCTL_WATCH_')) continue;
    const flag = flags.get(variable);
    const log = (level: 'warn' | 'fatal', line: number, msg: string, environment: string) =>
      stderr.write(
        logLine({
          level,
          atMs: clock.now(),
          caller: `flags/flag.go:${line}`,
          msg,
          fields: { 'environment-variable': environment },
        }),
      );
    if (flag !== undefined && options.isSet(flag)) {
      await log('fatal', 86, shadowed, variable);
      throw new EtcdctlError('');
    }
    if (flag === undefined || value === '')
      await log('warn', 94, 'unrecognized environment variable', `${variable}=${value}`);
    else given.set(flag, [value]);
  }
  const set = new Map(globalOptions.map(({ name }) => [name, given.get(name) ?? options.list(name)] as const));
  return new Options(
    options.operands,
    new Map([...options.all, ...[...set].filter(([, values]) => values.length > 0)]),
  );
}

const shadowed =
  'conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))';

const forms: readonly OutputForm[] = ['simple', 'json', 'table', 'fields', 'protobuf'];

function formOf(options: Options): OutputForm {
  const asked = options.text('write-out') ?? 'simple';
  const form = forms.find((known) => known === asked);
  if (!form) throw new EtcdctlError('unsupported output format', 4);
  return form;
}

function settingsOf(options: Options, file: (flag: string) => string | undefined): EtcdSettings {
  for (const name of refusedOptions)
    if (options.isSet(name)) throw new EtcdctlError(`the simulator's etcdctl does not have --${name}`);
  for (const name of ['cert', 'key', 'cacert'])
    if (options.isSet(name) && options.text(name) === '')
      throw new EtcdctlError(`empty string is passed to --${name} option`, 128);
  if ((options.text('cert') === undefined) !== (options.text('key') === undefined)) {
    const [cert = '', key = ''] = [options.text('cert'), options.text('key')];
    throw new EtcdctlError(`KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`, 128);
  }
  file('key');
  const [sendBytes, takeBytes] = [bytesOf(options, 'max-request-bytes'), bytesOf(options, 'max-recv-bytes')];
  if (takeBytes > 0 && sendBytes > takeBytes) {
    const limits = `recv limit (${takeBytes} bytes) must be greater than send limit (${sendBytes} bytes)`;
    throw new EtcdctlError(`gRPC message ${limits}`, 2);
  }
  const endpoints = options.list('endpoints').flatMap((list) => list.split(','));
  return {
    endpoints: endpoints.length > 0 ? endpoints.map((endpoint) => endpoint.trim()) : ['127.0.0.1:2379'],
    authorities: file('cacert'),
    certificate: file('cert'),
    skipVerify: options.has('insecure-skip-tls-verify'),
    alwaysSecure: options.text('insecure-transport') === 'false',
    sendBytesMax: sendBytes > 0 ? sendBytes : 2 * 1024 ** 2,
    takeBytesMax: takeBytes > 0 ? takeBytes : 2 ** 31 - 1,
    timeoutMs: readGoDuration(options.text('command-timeout') ?? '5s') ?? 0,
  };
}

function bytesOf(options: Options, name: string): number {
  return Number(options.text(name) ?? 0);
}
