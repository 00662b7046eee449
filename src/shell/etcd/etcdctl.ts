// etcdctl 3.6: finds the subcommand, the endpoints and the certificates, and prints what etcd answers.

import type { Process, Program } from '../../api/program.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { describeOptions, OptionError, type OptionSpec, type Options, readOptions } from '../text/long-options.ts';
import type { EtcdctlCommand, OutputForm } from './command.ts';
import { EtcdClient, EtcdctlError, Unreachable } from './etcd-client.ts';
import { keyCommands } from './key-commands.ts';
import { leaseCommands } from './lease-commands.ts';
import { maintenanceCommands } from './maintenance-commands.ts';
import { memberCommands } from './member-commands.ts';

const commands: readonly EtcdctlCommand[] = [
  ...keyCommands,
  ...leaseCommands,
  ...memberCommands,
  ...maintenanceCommands,
];

/** Commands of etcdctl that there is nothing behind. */
const notSimulated = new Set(['auth', 'check', 'downgrade', 'elect', 'lock', 'make-mirror', 'role', 'user']);

const globalOptions: readonly OptionSpec[] = [
  { name: 'endpoints', kind: 'text', about: 'where etcd is, separated by commas' },
  { name: 'cacert', kind: 'text', about: 'the authority that servers are checked with' },
  { name: 'cert', kind: 'text', about: 'the client certificate' },
  { name: 'key', kind: 'text', about: "the client certificate's key" },
  { name: 'insecure-skip-tls-verify', kind: 'switch', about: 'do not check servers' },
  { name: 'insecure-transport', kind: 'switch', about: 'without TLS unless an endpoint says https' },
  { name: 'write-out', short: 'w', kind: 'text', about: 'simple, json, table or fields' },
  { name: 'command-timeout', kind: 'text', about: 'how long a command may take (5s)' },
  { name: 'dial-timeout', kind: 'text', about: 'how long connecting may take (2s)' },
  { name: 'help', short: 'h', kind: 'switch', about: 'this text' },
];

export const etcdctl: Program = async (process) => {
  try {
    return await run(process);
  } catch (error) {
    const message = problemOf(error);
    if (message === undefined) throw error;
    await process.stderr.write(`Error: ${message}\n`);
    return error instanceof EtcdctlError ? error.status : 1;
  }
};

function problemOf(error: unknown): string | undefined {
  if (error instanceof FileError) return `open ${error.path}: ${error.message.toLowerCase()}`;
  if (error instanceof Unreachable) return 'context deadline exceeded';
  return error instanceof EtcdctlError || error instanceof OptionError ? error.message : undefined;
}

async function run(process: Process): Promise<number> {
  const words = process.argv.slice(1);
  const every = [...globalOptions, ...commands.flatMap(({ options = [] }) => options)];
  const given = readOptions(words, every);
  const command = commandOf(given.operands);
  if (!command) {
    const [first] = given.operands;
    if (first !== undefined && notSimulated.has(first))
      throw new EtcdctlError(`the simulator's etcdctl does not have ${JSON.stringify(first)}`);
    if (first !== undefined && !commands.some(({ name }) => name.startsWith(`${first} `)))
      throw new EtcdctlError(`unknown command ${JSON.stringify(first)} for "etcdctl"`);
    await process.stdout.write(help(first));
    return 0;
  }
  const own = [...globalOptions, ...(command.options ?? [])];
  const options = readOptions(words, own);
  if (options.has('help')) {
    const head = `NAME:\n\t${command.name} - ${command.about}\n\nUSAGE:\n\tetcdctl ${command.name} [flags]\n\nOPTIONS:\n`;
    await process.stdout.write(head + describeOptions(own));
    return 0;
  }
  return command.run({
    process,
    options,
    operands: options.operands.slice(command.name.split(' ').length),
    form: formOf(options),
    client: new EtcdClient(process, settingsOf(process, options)),
    out: (text) => process.stdout.write(text),
  });
}

function commandOf([first = '', second = '']: readonly string[]): EtcdctlCommand | undefined {
  return commands.find(({ name }) => name === first || name === `${first} ${second}`);
}

function help(group: string | undefined): string {
  const listed = commands.filter(({ name }) => group === undefined || name.startsWith(`${group} `));
  const width = Math.max(...listed.map(({ name }) => name.length)) + 2;
  const rows = listed.map(({ name, about }) => `\t${name.padEnd(width)}${about}\n`).join('');
  const name = group === undefined ? 'etcdctl - A simple command line client for etcd3.' : group;
  return `NAME:\n\t${name}\n\nUSAGE:\n\tetcdctl [flags]\n\nVERSION:\n\t3.6.6\n\nAPI VERSION:\n\t3.6\n\nCOMMANDS:\n${rows}\nOPTIONS:\n${describeOptions(globalOptions)}`;
}

const forms: readonly OutputForm[] = ['simple', 'json', 'table', 'fields'];

function formOf(options: Options): OutputForm {
  const asked = options.text('write-out') ?? 'simple';
  const form = forms.find((known) => known === asked);
  if (!form) throw new EtcdctlError(`unsupported output format ${asked}`, 4);
  return form;
}

/** Flags, or else the environment: ETCDCTL_ENDPOINTS, ETCDCTL_CACERT … */
function settingsOf(process: Process, options: Options) {
  const setting = (name: string): string | undefined =>
    options.text(name) ?? process.env.get(`ETCDCTL_${name.replaceAll('-', '_').toUpperCase()}`);
  const file = (name: string): string | undefined => {
    const path = setting(name);
    return path ? process.machine.files.readText(normalizePath(path, process.cwd)) : undefined;
  };
  if ((setting('cert') === undefined) !== (setting('key') === undefined)) {
    const missing = setting('cert') === undefined ? 'cert' : 'key';
    throw new EtcdctlError(`KeyFile and CertFile must both be present: --${missing} is missing`, 128);
  }
  file('key');
  return {
    endpoints: (setting('endpoints') ?? '127.0.0.1:2379').split(',').map((endpoint) => endpoint.trim()),
    authorities: file('cacert'),
    certificate: file('cert'),
    skipVerify: options.has('insecure-skip-tls-verify'),
    timeoutMs: durationMs(setting('command-timeout') ?? '5s'),
  };
}

function durationMs(text: string): number {
  const ms = readGoDuration(text);
  if (ms === undefined) throw new EtcdctlError(`invalid argument ${JSON.stringify(text)} for "--command-timeout" flag`);
  return ms;
}
