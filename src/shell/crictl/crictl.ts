// crictl: the container runtime of a cluster's machine, past Kubernetes. Models cri-tools 1.36.
import type { MachinesPort, RuntimeView } from '../../api/machines.ts';
import type { Process, Program } from '../../api/program.ts';
import { describeOptions, OptionError, type OptionSpec, readOptions } from '../text/long-options.ts';
import { CrictlError } from './command.ts';
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
  const endpoint = endpointOf(process, given.text('runtime-endpoint'));
  const isOurs = endpoint.replace(/^unix:\/\//, '') === socket;
  const view = isOurs ? await port.runtime(node) : undefined;
  if (!view) throw unreachable(process, endpoint);
  const look = async (): Promise<RuntimeView> => {
    const now = await port.runtime(node);
    if (!now) throw unreachable(process, endpoint);
    return now;
  };
  return command.run({ process, port, node, view, look, options, operands: options.operands });
}

const helpOption: OptionSpec = { name: 'help', short: 'h', kind: 'switch', about: 'show help' };

/** A flag, the environment, the configuration file, or where containerd is usually found. */
function endpointOf({ env, machine }: Process, flag: string | undefined): string {
  const path = '/etc/crictl.yaml';
  const text = machine.files.exists(path) ? machine.files.readText(path) : '';
  const configured = /^runtime-endpoint:\s*"?([^"\s]+)/m.exec(text)?.[1];
  return flag ?? env.get('CONTAINER_RUNTIME_ENDPOINT') ?? configured ?? `unix://${socket}`;
}

function unreachable(process: Process, endpoint: string): CrictlError {
  const path = endpoint.replace(/^unix:\/\//, '');
  const dial = `transport: Error while dialing: dial unix ${path}: connect: no such file or directory`;
  const why = `validate service connection: validate CRI v1 runtime API for endpoint "${endpoint}": rpc error: code = Unavailable desc = connection error: desc = "${dial}"`;
  return new CrictlError(
    `time="${new Date(process.clock.now()).toISOString().slice(0, 19)}Z" level=fatal msg="${why.replaceAll('"', '\\"')}"`,
  );
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
