// docker start, stop, restart, kill, rm and rmi: what is done to containers and images one after the other.
import type { Signal } from '../../api/program.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, forEachOperand, option } from './command.ts';
import { follow } from './follow.ts';

const defaultStopSeconds = 10;
const signals: readonly Signal[] = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGKILL',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGPIPE',
];

export const start: DockerCommand = {
  name: 'start',
  operands: 'CONTAINER [CONTAINER...]',
  about: 'Start one or more stopped containers',
  min: 1,
  options: [
    option.flag('attach', 'Attach STDOUT/STDERR and forward signals', 'a'),
    option.flag('interactive', "Attach container's STDIN", 'i'),
  ],
  async run(call) {
    const { docker, options, process } = call;
    const [first = ''] = options.operands;
    if (!options.has('attach') && !options.has('interactive'))
      return forEachOperand(call, async (name) => {
        await docker.start(name, false);
        await call.out(`${name}\n`);
      });
    const attached = await docker.start(first, true);
    return attached ? follow(process, attached, { input: options.has('interactive'), onSignal: 'send' }) : 1;
  },
};

export const stop: DockerCommand = {
  name: 'stop',
  operands: 'CONTAINER [CONTAINER...]',
  about: 'Stop one or more running containers',
  min: 1,
  options: [
    option.text('time', 'Seconds to wait before killing the container', 't'),
    option.text('signal', 'Signal to send to the container', 's'),
  ],
  run: (call) =>
    forEachOperand(call, async (name) => {
      await call.docker.stop(name, signalOf(call), secondsOf(call) * 1000);
      await call.out(`${name}\n`);
    }),
};

export const restart: DockerCommand = {
  ...stop,
  name: 'restart',
  about: 'Restart one or more containers',
  run: (call) =>
    forEachOperand(call, async (name) => {
      await call.docker.stop(name, signalOf(call), secondsOf(call) * 1000);
      await call.docker.start(name, false);
      await call.out(`${name}\n`);
    }),
};

export const kill: DockerCommand = {
  name: 'kill',
  operands: 'CONTAINER [CONTAINER...]',
  about: 'Kill one or more running containers',
  min: 1,
  options: [],
  run: (call) =>
    forEachOperand(call, async (name) => {
      await call.docker.stop(name, 'SIGKILL', 0);
      await call.out(`${name}\n`);
    }),
};

export const rm: DockerCommand = {
  name: 'rm',
  operands: 'CONTAINER [CONTAINER...]',
  about: 'Remove one or more containers',
  min: 1,
  options: [
    option.flag('force', 'Force the removal of a running container (uses SIGKILL)', 'f'),
    option.flag('volumes', 'Remove anonymous volumes', 'v'),
  ],
  run: (call) =>
    forEachOperand(call, async (name) => {
      await call.docker.remove(name, call.options.has('force'));
      await call.out(`${name}\n`);
    }),
};

export const rmi: DockerCommand = {
  name: 'rmi',
  operands: 'IMAGE [IMAGE...]',
  about: 'Remove one or more images',
  min: 1,
  options: [option.flag('force', 'Force removal of the image', 'f')],
  run: (call) =>
    forEachOperand(call, async (name) => {
      for (const line of await call.docker.removeImage(name, call.options.has('force'))) await call.out(`${line}\n`);
    }),
};

function secondsOf({ options }: DockerCall): number {
  const text = options.text('time') ?? String(defaultStopSeconds);
  if (!/^-?\d+$/.test(text))
    throw new DockerCommandError(
      `invalid argument "${text}" for "-t, --time" flag: strconv.ParseInt: parsing "${text}": invalid syntax`,
      125,
    );
  return Number(text);
}

function signalOf({ options }: DockerCall): Signal | undefined {
  const text = options.text('signal');
  if (text === undefined) return undefined;
  const name = text.startsWith('SIG') ? text : `SIG${text}`;
  const signal = signals.find((each) => each === name);
  if (!signal) throw new DockerCommandError(`Error response from daemon: invalid signal: ${text}`);
  return signal;
}
