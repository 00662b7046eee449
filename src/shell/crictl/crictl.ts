// crictl: the container runtime of a cluster's machine, past Kubernetes. Models cri-tools 1.36.
import type { MachinesPort, RuntimeView } from '../../api/machines.ts';
import type { Process, Program } from '../../api/program.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { describeOptions, OptionError, type OptionSpec, type Options, readOptions } from '../text/long-options.ts';
import { CrictlError, fatal, logLine } from './command.ts';
import { commands } from './commands.ts';

const globalOptions: readonly OptionSpec[] = [
  { name: 'runtime-endpoint', short: 'r', kind: 'text', about: 'Endpoint of CRI container runtime service' },
  { name: 'image-endpoint', short: 'i', kind: 'text', about: 'Endpoint of CRI image manager service' },
  {
    name: 'config',
    short: 'c',
    kind: 'text',
    about: 'Location of the client config file (default: "/etc/crictl.yaml")',
  },
  { name: 'timeout', short: 't', kind: 'text', about: 'Timeout of connecting to the server in seconds' },
  { name: 'debug', short: 'D', kind: 'switch', about: 'Enable debug mode' },
  { name: 'version', short: 'v', kind: 'switch', about: 'print the version' },
  { name: 'help', short: 'h', kind: 'switch', about: 'show help' },
];

const clientVersion = 'v1.36.0';
const socket = '/run/containerd/containerd.sock';

export function crictl(machines: () => MachinesPort): Program {
  return async (process) => {
    try {
      return await run(process, machines());
    } catch (error) {
      if (error instanceof CrictlError) await process.stderr.write(`${error.message}\n`);
      else if (error instanceof OptionError)
        await process.stderr.write(
          `E${stamp(process)} ${String(process.pid).padStart(7)} log.go:57] ${error.message}\n`,
        );
      else throw error;
      return 1;
    }
  };
}

async function run(process: Process, port: MachinesPort): Promise<number> {
  const given = readOptions(process.argv.slice(1), globalOptions, { operandsEnd: true });
  const [name = '', ...words] = given.operands;
  if (given.has('version')) {
    await process.stdout.write(`crictl version ${clientVersion}\n`);
    return 0;
  }
  const command = commands.find((each) => each.names.includes(name));
  if (!command || given.has('help')) {
    if (command || name === '' || name === 'help') return help(process);
    await process.stderr.write(`No help topic for '${name}'\n`);
    return 3;
  }
  const options = readOptions(words, [...command.options, helpOption], { operandsEnd: command.operandsEnd ?? false });
  if (options.has('help')) {
    await process.stdout.write(
      `NAME:\n   crictl ${name} - ${command.about}\n\nOPTIONS:\n${describeOptions(command.options)}`,
    );
    return 0;
  }
  const node = /^node\/(.+)$/.exec(process.machine.id)?.[1] ?? '';
  const settings = readSettings(process, given);
  const debug = async (text: string): Promise<void> => {
    if (settings.debug) await process.stderr.write(`${logLine(process, 'debug', text)}\n`);
  };
  await debug('Get runtime connection');
  await debug(`Using runtime connection timeout: ${settings.timeout}`);
  const look = async (): Promise<RuntimeView> => {
    const now = isOurs(settings.runtime) ? await port.runtime(node) : undefined;
    if (!now) throw unreachable(process, settings.runtime, 'runtime');
    return now;
  };
  const view = await look();
  if (command.needsImages) {
    await debug('Get image connection');
    if (!isOurs(settings.image)) throw unreachable(process, settings.image, 'image');
  }
  return command.run({ process, port, node, view, look, options, debug, operands: options.operands });
}

function isOurs(endpoint: string): boolean {
  return endpoint.replace(/^unix:\/\//, '') === socket;
}

const helpOption: OptionSpec = { name: 'help', short: 'h', kind: 'switch', about: 'show help' };

interface Settings {
  readonly runtime: string;
  readonly image: string;
  readonly debug: boolean;
  /** As Go writes it. A socket of this machine answers at once or not at all: nothing here takes so long. */
  readonly timeout: string;
}

/** A flag, the environment, the configuration file, or where containerd is usually found. */
function readSettings(process: Process, given: Options): Settings {
  const { env, machine } = process;
  const path = given.text('config') ?? env.get('CRI_CONFIG_FILE') ?? '/etc/crictl.yaml';
  const isThere = machine.files.exists(path);
  if (!isThere && given.isSet('config'))
    throw fatal({ process }, `get server config: load config file: stat ${path}: no such file or directory`);
  const text = isThere ? machine.files.readText(path) : '';
  const configured = (name: string) => new RegExp(`^${name}:\\s*"?([^"\\s]+)`, 'm').exec(text)?.[1];
  const runtime =
    given.text('runtime-endpoint') ??
    env.get('CONTAINER_RUNTIME_ENDPOINT') ??
    configured('runtime-endpoint') ??
    `unix://${socket}`;
  const image = given.text('image-endpoint') ?? env.get('IMAGE_SERVICE_ENDPOINT') ?? configured('image-endpoint');
  const timeout = given.text('timeout');
  if (timeout !== undefined && readGoDuration(timeout) === undefined)
    throw fatal({ process }, `invalid value ${JSON.stringify(timeout)} for flag -timeout: parse error`);
  return {
    runtime,
    image: image ?? runtime,
    debug: given.isSet('debug') ? given.has('debug') : configured('debug') === 'true',
    timeout: timeout ?? `${Number(configured('timeout') ?? 0) || 2}s`,
  };
}

function unreachable(process: Process, endpoint: string, service: 'runtime' | 'image'): CrictlError {
  const path = endpoint.replace(/^unix:\/\//, '');
  const dial = `transport: Error while dialing: dial unix ${path}: connect: no such file or directory`;
  const why = `validate service connection: validate CRI v1 ${service} API for endpoint "${endpoint}": rpc error: code = Unavailable desc = connection error: desc = "${dial}"`;
  return fatal({ process }, why);
}

function stamp({ clock }: Process): string {
  const [, month = '', day = '', time = ''] =
    /-(\d\d)-(\d\d)T([\d:.]+)Z/.exec(new Date(clock.now()).toISOString()) ?? [];
  return `${month}${day} ${time}000`;
}

async function help(process: Process): Promise<number> {
  const rows = commands.map(({ names, about }) => `   ${names.join(', ').padEnd(20)}${about}\n`).join('');
  await process.stdout.write(
    `NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options]\n\nVERSION:\n   ${clientVersion}\n\nCOMMANDS:\n${rows}\nGLOBAL OPTIONS:\n${describeOptions(globalOptions)}`,
  );
  return 0;
}
